import {
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  ShareGroupHeartbeat,
} from "@millrace/protocol";

import { clientIdentity } from "./client-identity.ts";
import { eachMay, may } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ShareGroupHeartbeat (key 76), version 1: joins, stays in and leaves a share group, and tells the
 * member what to read (KIP-932).
 * - UNSUPPORTED_VERSION where share.version does not allow such groups.
 */
export const shareGroupHeartbeat: Handler<typeof ShareGroupHeartbeat> = {
  api: ShareGroupHeartbeat,
  versions: "1",
  handle,
};

type Response = ResponseInput<typeof ShareGroupHeartbeat>;

async function handle(
  request: RequestOf<typeof ShareGroupHeartbeat>,
  context: RequestContext,
): Promise<Response> {
  const { groups, shares } = context.services;
  if (!shares.servesShareGroups) return refused("UNSUPPORTED_VERSION");
  if (!may(context, "READ", "GROUP", request.groupId)) {
    return refused("GROUP_AUTHORIZATION_FAILED");
  }
  const mayDescribe = eachMay(context, "DESCRIBE", "TOPIC");
  if (!(request.subscribedTopicNames ?? []).every(mayDescribe)) {
    return refused("TOPIC_AUTHORIZATION_FAILED");
  }
  const reply = await groups.submit(request.groupId, {
    ...request,
    kind: "share-heartbeat",
    ...clientIdentity(context),
  });
  const { memberId, memberEpoch, heartbeatIntervalMs, assignment } = reply;
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes[reply.error],
    errorMessage: reply.message,
    memberId,
    memberEpoch,
    heartbeatIntervalMs,
    assignment:
      assignment === null
        ? null
        : {
            topicPartitions: assignment.map(({ topicId, partitions }) => ({
              topicId,
              partitions: [...partitions],
            })),
          },
  };
}

function refused(error: ErrorName): Response {
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes[error],
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
  };
}
