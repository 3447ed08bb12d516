import { errorCodes, LeaveGroup, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { may } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * LeaveGroup (key 13), versions 0-5: members leave a classic group at once.
 * - v0-2: one member; its error is the answer's. v3: many, each with its error; a static member may
 *   be named by its identity alone. v5: why (KIP-800).
 */
export const leaveGroup: Handler<typeof LeaveGroup> = { api: LeaveGroup, versions: "0-5", handle };

async function handle(
  request: RequestOf<typeof LeaveGroup>,
  context: RequestContext,
): Promise<ResponseInput<typeof LeaveGroup>> {
  if (!may(context, "READ", "GROUP", request.groupId)) {
    return { throttleTimeMs: 0, errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED, members: [] };
  }
  const { groupId, memberId } = request;
  const isSingle = context.apiVersion < 3;
  const alone = { memberId, groupInstanceId: null, reason: null };
  const reply = await context.services.groups.submit(groupId, {
    kind: "leave-group",
    groupId,
    members: isSingle ? [alone] : request.members,
  });
  if (isSingle) {
    const error = reply.error === "NONE" ? reply.members[0]?.error : reply.error;
    return { throttleTimeMs: 0, errorCode: errorCodes[error ?? "NONE"] };
  }
  const members = reply.members.map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    errorCode: errorCodes[member.error],
  }));
  return { throttleTimeMs: 0, errorCode: errorCodes[reply.error], members };
}
