import type { Outcome } from "../../runtime/index.ts";
import type { ConsumerEnvironment } from "../consumer/consumer-draft.ts";
import type { Refusal } from "../consumer/consumer-requests.ts";
import { notFound } from "../consumer/open-group.ts";
import type { Group } from "../group-state.ts";
import type { GroupReply, GroupTypes } from "../group-types.ts";
import type { ShareGroup } from "./share-group.ts";

/** What can come of a decision about share groups. */
export type ShareOutcome = Outcome<GroupTypes>;

/** An outcome that is an answer alone. */
export function shareAnswer({ context }: ConsumerEnvironment, reply: GroupReply): ShareOutcome {
  return { replies: [{ to: context.replyTo, reply }] };
}

/** The share group of an id, or why there is none. */
export function knownShareGroup(groupId: string, group: Group | undefined): ShareGroup | Refusal {
  if (group === undefined) return notFound(`Group ${groupId} not found.`);
  return group.kind === "share" ? group : notFound(`Group ${groupId} is not a share group.`);
}

/** The share group of an id if it has no members. */
export function emptyShareGroup(groupId: string, group: Group | undefined): ShareGroup | Refusal {
  const known = knownShareGroup(groupId, group);
  if ("error" in known || known.members.size === 0) return known;
  return { error: "NON_EMPTY_GROUP", message: "The group is not empty." };
}

/** Timers of share groups, by what they wait for. */
export const shareTimerKeys = {
  session: (groupId: string, memberId: string) => `share-session/${groupId}/${memberId}`,
};
