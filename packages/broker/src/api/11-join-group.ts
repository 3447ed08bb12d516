import { errorCodes, JoinGroup, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { clientIdentity } from "./client-identity.ts";
import { may, mightDo } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * JoinGroup (key 11), versions 0-9: enters a member into the rebalance of a classic group; answered
 * when the generation begins.
 * - v1: a rebalance time-out of its own. v4: a member must join with the id it was given (KIP-394).
 * - v5: static members (KIP-345). v7: the protocol type. v8: why (KIP-800).
 * - v9: a leader may be told to skip the assignment (KIP-814).
 */
export const joinGroup: Handler<typeof JoinGroup> = { api: JoinGroup, versions: "0-9", handle };

async function handle(
  request: RequestOf<typeof JoinGroup>,
  context: RequestContext,
): Promise<ResponseInput<typeof JoinGroup>> {
  const { apiVersion, services } = context;
  if (!may(context, "READ", "GROUP", request.groupId)) {
    return {
      throttleTimeMs: 0,
      errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED,
      generationId: -1,
      protocolName: apiVersion >= 7 ? null : "",
      leader: "",
      memberId: "",
      members: [],
    };
  }

  const reply = await services.groups.submit(request.groupId, {
    kind: "join-group",
    ...clientIdentity(context),
    groupId: request.groupId,
    memberId: request.memberId,
    groupInstanceId: request.groupInstanceId,
    protocolType: request.protocolType,
    protocols: request.protocols,
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs: apiVersion === 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs,
    requiresKnownMemberId: apiVersion >= 4,
    canSkipAssignment: apiVersion >= 9,
    reason: request.reason,
    mayDescribe: (topic) => mightDo(context, "DESCRIBE", "TOPIC", topic),
  });
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes[reply.error],
    generationId: reply.generationId,
    protocolType: reply.protocolType,
    protocolName: apiVersion >= 7 ? reply.protocolName : (reply.protocolName ?? ""),
    leader: reply.leaderId,
    skipAssignment: reply.skipAssignment,
    memberId: reply.memberId,
    members: [...reply.members],
  };
}
