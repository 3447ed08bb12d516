import type { OffsetToCommit } from "@millrace/coordinators";
import {
  errorCodes,
  type ErrorName,
  OffsetCommit,
  type RequestOf,
  type ResponseInput,
  ZERO_UUID,
} from "@millrace/protocol";

import { eachMay, may } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * OffsetCommit (key 8), versions 2-10: remembers how far a group has read.
 * - v2-4: a retention time of its own. v6: leader epochs. v7: static members.
 * - v9: member epochs (KIP-848). v10: topic ids.
 * - Answers per partition; one refusal does not stop the others.
 */
export const offsetCommit: Handler<typeof OffsetCommit> = {
  api: OffsetCommit,
  versions: "2-10",
  handle,
};

type Request = RequestOf<typeof OffsetCommit>;
type Response = ResponseInput<typeof OffsetCommit>;
type AskedTopic = Request["topics"][number];

async function handle(request: Request, context: RequestContext): Promise<Response> {
  if (!may(context, "READ", "GROUP", request.groupId)) {
    return refuseAll(request, "GROUP_AUTHORIZATION_FAILED");
  }
  const mayRead = eachMay(context, "READ", "TOPIC");
  const mayCommit = (topic: AskedTopic): boolean => {
    const name = find(topic, context)?.name ?? topic.name;
    return name === "" || mayRead(name);
  };
  const offsets = request.topics.filter(mayCommit).flatMap((topic) => offsetsOf(topic, context));
  if (offsets.length === 0 && !request.topics.every(mayCommit)) {
    return {
      throttleTimeMs: 0,
      topics: request.topics.map((topic) => shape(topic, new Map(), { context, mayCommit })),
    };
  }
  const reply = await context.services.groups.submit(request.groupId, {
    kind: "offset-commit",
    groupId: request.groupId,
    generationIdOrMemberEpoch: request.generationIdOrMemberEpoch,
    memberId: request.memberId,
    groupInstanceId: request.groupInstanceId,
    retentionTimeMs: request.retentionTimeMs === -1 ? undefined : request.retentionTimeMs,
    producer: undefined,
    knowsMemberEpochs: context.apiVersion >= 9,
    offsets,
  });
  const errors = new Map<string, ErrorName>();
  for (const [index, { topic, partition }] of offsets.entries()) {
    const error = reply.error === "NONE" ? reply.errors[index] : reply.error;
    errors.set(`${topic}/${partition}`, error ?? "NONE");
  }
  return {
    throttleTimeMs: 0,
    topics: request.topics.map((topic) => shape(topic, errors, { context, mayCommit })),
  };
}

/** The offsets of a topic's partitions that exist. */
function offsetsOf(asked: AskedTopic, context: RequestContext): readonly OffsetToCommit[] {
  const topic = find(asked, context);
  if (topic === undefined) return [];
  return asked.partitions
    .filter(({ partitionIndex }) => topic.partitions[partitionIndex] !== undefined)
    .map((partition) => ({
      topic: topic.name,
      topicId: topic.id,
      partition: partition.partitionIndex,
      offset: partition.committedOffset,
      leaderEpoch: partition.committedLeaderEpoch,
      metadata: partition.committedMetadata,
    }));
}

function shape(
  asked: AskedTopic,
  errors: ReadonlyMap<string, ErrorName>,
  { context, mayCommit }: { context: RequestContext; mayCommit: (topic: AskedTopic) => boolean },
): Response["topics"][number] {
  if (!mayCommit(asked)) return refuseTopic(asked, "TOPIC_AUTHORIZATION_FAILED");
  const topic = find(asked, context);
  const unknown = context.apiVersion >= 10 ? "UNKNOWN_TOPIC_ID" : "UNKNOWN_TOPIC_OR_PARTITION";
  return {
    name: topic?.name ?? asked.name,
    topicId: topic?.id ?? asked.topicId,
    partitions: asked.partitions.map(({ partitionIndex }) => {
      const missing = topic === undefined ? unknown : "UNKNOWN_TOPIC_OR_PARTITION";
      const error = errors.get(`${topic?.name}/${partitionIndex}`) ?? missing;
      return { partitionIndex, errorCode: errorCodes[error] };
    }),
  };
}

function refuseAll(request: Request, error: ErrorName): Response {
  return { throttleTimeMs: 0, topics: request.topics.map((topic) => refuseTopic(topic, error)) };
}

function refuseTopic(asked: AskedTopic, error: ErrorName): Response["topics"][number] {
  const { name, topicId, partitions } = asked;
  return {
    name,
    topicId,
    partitions: partitions.map(({ partitionIndex }) => ({
      partitionIndex,
      errorCode: errorCodes[error],
    })),
  };
}

function find(asked: AskedTopic, { image }: RequestContext) {
  const { byId, byName } = image.topics;
  return asked.topicId === ZERO_UUID ? byName.get(asked.name) : byId.get(asked.topicId);
}
