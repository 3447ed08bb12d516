import { LeaveGroup } from "@millrace/protocol";
import type { CoordinatorLink } from "../coordinator-link.ts";
import type { ClassicIdentity } from "./classic-identity.ts";

/**
 * Tells the coordinator that a member goes. That it cannot be told is no error: the group notices
 * when the session time-out is over.
 */
export async function leaveClassicGroup(
  parts: {
    readonly link: CoordinatorLink;
    readonly identity: ClassicIdentity;
    readonly groupInstanceId: string | undefined;
  },
  reason: string,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
): Promise<void> {
  const { link, identity, groupInstanceId } = parts;
  const { memberId } = identity;
  if (memberId === "") return;
  const member = { memberId, groupInstanceId: groupInstanceId ?? null, reason };
  try {
    await link.ask(
      LeaveGroup,
      (version) => {
        const { groupId } = link;
        return version < 3 ? { groupId, memberId } : { groupId, members: [member] };
      },
      { lane: "heartbeat", ...options },
    );
  } catch {
    // See above: who leaves does not wait for a broker that cannot be reached.
  }
}
