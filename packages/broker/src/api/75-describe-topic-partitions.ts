import type { TopicImage } from "@millrace/metadata";
import {
  DescribeTopicPartitions,
  errorCodes,
  type RequestOf,
  type ResponseInput,
  ZERO_UUID,
} from "@millrace/protocol";

import { eachMay, mightDo } from "./access.ts";
import { authorizedOperations } from "./authorized-operations.ts";
import { viewPartition } from "./cluster-view.ts";
import { type Handler, longAnswerMemory } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";
import { isInternalTopic, isValidTopicName } from "./topic-names.ts";

/**
 * DescribeTopicPartitions (key 75), version 0: topics page by page, with eligible leader replicas
 * (KIP-966).
 * - Topics in the order of their names; none asked is all of them.
 * - A page ends at the smaller of the client's limit and `max.request.partition.size.limit`; the
 *   cursor names the first partition of the next page.
 */
export const describeTopicPartitions: Handler<typeof DescribeTopicPartitions> = {
  api: DescribeTopicPartitions,
  versions: "0",
  memory: longAnswerMemory,
  handle,
};

type Request = RequestOf<typeof DescribeTopicPartitions>;
type Response = ResponseInput<typeof DescribeTopicPartitions>;
type TopicAnswer = Response["topics"][number];

function handle(request: Request, context: RequestContext): Response {
  const { byName } = context.image.topics;
  const { cursor } = request;
  const isAll = request.topics.length === 0;
  const asked = isAll ? [...byName.keys()] : request.topics.map((topic) => topic.name);
  const from = cursor?.topicName ?? "";
  const mayDescribe = isAll
    ? (name: string) => mightDo(context, "DESCRIBE", "TOPIC", name)
    : eachMay(context, "DESCRIBE", "TOPIC");
  const names = [...new Set(asked)].filter((name) => name >= from).sort();
  const topics: TopicAnswer[] = [];
  let left = pageSize(request, context);
  for (const name of names) {
    // What may not be described is not told to exist.
    if (!mayDescribe(name)) {
      if (!isAll) topics.push(forbidden(name));
      continue;
    }
    const topic = byName.get(name);
    if (topic === undefined) {
      topics.push(unknown(name, context));
      continue;
    }
    const first = cursor?.topicName === name ? Math.max(0, cursor.partitionIndex) : 0;
    if (left === 0) return page(topics, { topicName: name, partitionIndex: first });
    const end = Math.min(first + left, topic.partitions.length);
    topics.push(known(topic, { first, end }, context));
    left -= Math.max(0, end - first);
    if (end < topic.partitions.length)
      return page(topics, { topicName: name, partitionIndex: end });
  }
  return page(topics, null);
}

function pageSize(request: Request, context: RequestContext): number {
  const limit = context.services.config().maxRequestPartitionSizeLimit;
  return Math.max(1, Math.min(limit, request.responsePartitionLimit));
}

function page(topics: readonly TopicAnswer[], nextCursor: Response["nextCursor"]): Response {
  return { throttleTimeMs: 0, topics, nextCursor };
}

function known(
  topic: TopicImage,
  range: { readonly first: number; readonly end: number },
  context: RequestContext,
): TopicAnswer {
  const partitions = topic.partitions.slice(range.first, range.end).map((partition, position) => ({
    ...viewPartition(context.image, context.client.listenerName, {
      ...partition,
      index: range.first + position,
    }),
    eligibleLeaderReplicas: partition.elr,
    lastKnownElr: partition.lastKnownElr,
  }));
  return {
    errorCode: errorCodes.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternalTopic(topic.name),
    partitions,
    topicAuthorizedOperations: authorizedOperations(context, "TOPIC", topic.name),
  };
}

function forbidden(name: string): TopicAnswer {
  return {
    errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED,
    name,
    topicId: ZERO_UUID,
    isInternal: false,
    partitions: [],
  };
}

function unknown(name: string, context: RequestContext): TopicAnswer {
  const error = isValidTopicName(name) ? "UNKNOWN_TOPIC_OR_PARTITION" : "INVALID_TOPIC_EXCEPTION";
  return {
    errorCode: errorCodes[error],
    name,
    topicId: ZERO_UUID,
    isInternal: isInternalTopic(name),
    partitions: [],
    topicAuthorizedOperations: authorizedOperations(context, "TOPIC", name),
  };
}
