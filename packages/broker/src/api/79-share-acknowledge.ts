import {
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  ShareAcknowledge,
} from "@millrace/protocol";

import { type AcknowledgedPartition, acknowledgePartitions } from "../share/acknowledge-batches.ts";
import { isShareMemberId, shareEpochs } from "../share/share-sessions.ts";
import { CurrentLeaders } from "./current-leader.ts";
import { may } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ShareAcknowledge (key 79), versions 1-2: what became of records that a member of a share group
 * acquired (KIP-932).
 * - Answers per partition, each when its change is kept. Session epoch -1 ends the session.
 * - v2: renews locks (KIP-1222), and tells how long a lock holds.
 */
export const shareAcknowledge: Handler<typeof ShareAcknowledge> = {
  api: ShareAcknowledge,
  versions: "1-2",
  handle,
};

type Request = RequestOf<typeof ShareAcknowledge>;
type Response = ResponseInput<typeof ShareAcknowledge>;
type TopicAnswer = Response["responses"][number];
type PartitionAnswer = TopicAnswer["partitions"][number];

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const { shares, sharePartitions } = context.services;
  const { groupId, memberId, shareSessionEpoch } = request;
  if (!shares.servesShareGroups) return refused("UNSUPPORTED_VERSION");
  if (groupId === null) return refused("INVALID_REQUEST");
  if (!may(context, "READ", "GROUP", groupId)) return refused("GROUP_AUTHORIZATION_FAILED");
  if (!isShareMemberId(memberId)) return refused("INVALID_REQUEST");
  const session = sharePartitions.sessions.acknowledge(groupId, memberId, shareSessionEpoch);
  if (typeof session === "string") return refused(session);
  const acknowledged = await acknowledgePartitions(session, request.topics, request, context);
  if (shareSessionEpoch === shareEpochs.final) await sharePartitions.endSession(session);
  const leaders = new CurrentLeaders(context, { leaderSince: 1, nodesSince: 1 });
  const responses = answerTopics(acknowledged, leaders, context);
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    acquisitionLockTimeoutMs: sharePartitions.settings(groupId).recordLockDurationMs,
    responses,
    nodeEndpoints: leaders.nodes(),
  };
}

function answerTopics(
  acknowledged: readonly AcknowledgedPartition[],
  leaders: CurrentLeaders,
  context: RequestContext,
): TopicAnswer[] {
  const topics = new Map<string, TopicAnswer & { readonly partitions: PartitionAnswer[] }>();
  for (const { asked, error, message } of acknowledged) {
    const topic = context.image.topics.byId.get(asked.topicId)?.name;
    let answer = topics.get(asked.topicId);
    if (answer === undefined) {
      answer = { topicId: asked.topicId, partitions: [] };
      topics.set(asked.topicId, answer);
    }
    const leader = leaders.of({ topic, index: asked.partition, error });
    answer.partitions.push({
      partitionIndex: asked.partition,
      errorCode: errorCodes[error],
      errorMessage: message ?? null,
      currentLeader: leader ?? noLeader,
    });
  }
  return [...topics.values()];
}

/** What Apache Kafka writes where it has no leader to tell. */
const noLeader = { leaderId: 0, leaderEpoch: 0 };

function refused(error: ErrorName): Response {
  return { throttleTimeMs: 0, errorCode: errorCodes[error], responses: [], nodeEndpoints: [] };
}
