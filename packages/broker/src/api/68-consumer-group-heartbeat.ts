import {
  ConsumerGroupHeartbeat,
  errorCodes,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { clientIdentity } from "./client-identity.ts";
import { eachMay, may, mightDo } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ConsumerGroupHeartbeat (key 68), versions 0-1: joins, stays in and leaves a consumer group, and
 * tells the member what to read (KIP-848).
 * - v1: a pattern of topics; the client makes its member id itself (KIP-1082).
 * - UNSUPPORTED_VERSION where group.version or the configuration does not allow such groups.
 */
export const consumerGroupHeartbeat: Handler<typeof ConsumerGroupHeartbeat> = {
  api: ConsumerGroupHeartbeat,
  versions: "0-1",
  handle,
};

type Response = ResponseInput<typeof ConsumerGroupHeartbeat>;

async function handle(
  request: RequestOf<typeof ConsumerGroupHeartbeat>,
  context: RequestContext,
): Promise<Response> {
  const { groups } = context.services;
  if (!groups.servesConsumerGroups) return refused("UNSUPPORTED_VERSION");
  if (!may(context, "READ", "GROUP", request.groupId)) {
    return refused("GROUP_AUTHORIZATION_FAILED");
  }
  const mayDescribe = eachMay(context, "DESCRIBE", "TOPIC");
  if (!(request.subscribedTopicNames ?? []).every(mayDescribe)) {
    return refused("TOPIC_AUTHORIZATION_FAILED");
  }
  const reply = await groups.submit(request.groupId, {
    ...request,
    kind: "consumer-heartbeat",
    ...clientIdentity(context),
    bringsMemberId: context.apiVersion >= 1,
    mayDescribe: (topic) => mightDo(context, "DESCRIBE", "TOPIC", topic),
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

function refused(error: keyof typeof errorCodes): Response {
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes[error],
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
  };
}
