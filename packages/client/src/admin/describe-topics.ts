import {
  type BrokerId,
  DescribeTopicPartitions,
  errorCodes,
  isUuid,
  Metadata,
  type ResponseOf,
  type Uuid,
  ZERO_UUID,
} from "@millrace/protocol";

import type { Answer, Cluster } from "../cluster.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import { type AclOperation, operationsOf, outcomeOf } from "./answer.ts";
import type { AdminCallOptions } from "./call-options.ts";
import { type Outcomes, settleEach, settleOne } from "./settle-each.ts";
import type { TopicNames } from "./topics.ts";

/** A topic in a list. */
export interface TopicListing {
  readonly name: string;
  readonly id: Uuid;
  readonly isInternal: boolean;
}

/** A topic with its partitions. */
export interface TopicDescription extends TopicListing {
  readonly partitions: readonly PartitionDescription[];
  /** Undefined unless they were asked for. */
  readonly authorizedOperations: ReadonlySet<AclOperation> | undefined;
}

/** A partition and where it is. */
export interface PartitionDescription {
  readonly partition: number;
  /** -1 while there is none. */
  readonly leader: BrokerId;
  readonly leaderEpoch: number;
  readonly replicas: readonly BrokerId[];
  readonly inSyncReplicas: readonly BrokerId[];
  readonly offlineReplicas: readonly BrokerId[];
  /** KIP-966; undefined from brokers that do not tell. */
  readonly eligibleLeaderReplicas: readonly BrokerId[] | undefined;
  readonly lastKnownEligibleLeaderReplicas: readonly BrokerId[] | undefined;
}

/** How topics are listed. */
export interface ListTopicsOptions extends AdminCallOptions {
  /** Also those of the brokers themselves; false. */
  readonly listInternal?: boolean | undefined;
}

/** How topics are described. */
export interface DescribeTopicsOptions extends AdminCallOptions {
  readonly includeAuthorizedOperations?: boolean | undefined;
  /** How many partitions an answer may have, as one page; 2,000. */
  readonly partitionSizeLimitPerResponse?: number | undefined;
}

/** Lists topics that the principal may see. */
export function listTopics(
  cluster: Cluster,
  options: ListTopicsOptions,
): Promise<Map<string, TopicListing>> {
  return settleOne(cluster, {
    what: "listing topics",
    call: options,
    attempt: async ({ signal }) => {
      const request = { topics: null };
      const { body } = await cluster.sendToAny(Metadata, request, { signal, minVersion: 1 });
      const listed = body.topics.filter(
        (topic) => topic.errorCode === 0 && (options.listInternal === true || !topic.isInternal),
      );
      return new Map(listed.map((topic) => [topic.name ?? "", listing(topic)]));
    },
  });
}

function listing(topic: {
  readonly name: string | null;
  readonly topicId: Uuid;
  readonly isInternal: boolean;
}): TopicListing {
  return { name: topic.name ?? "", id: topic.topicId, isInternal: topic.isInternal };
}

/** Describes topics by name, or by id. */
export async function describeTopics(
  cluster: Cluster,
  topics: TopicNames,
  options: DescribeTopicsOptions,
): Promise<Outcomes<string, TopicDescription>> {
  if ("ids" in topics) return describeByMetadata(cluster, topics, options);
  const outcomes = await describeByPages(cluster, topics, options);
  const isOlder = [...outcomes.values()].some(
    (one) => one instanceof KafkaError && one.code === "UNSUPPORTED_VERSION",
  );
  return isOlder ? describeByMetadata(cluster, topics, options) : outcomes;
}

function describeByMetadata(
  cluster: Cluster,
  topics: TopicNames,
  options: DescribeTopicsOptions,
): Promise<Outcomes<string, TopicDescription>> {
  const areIds = "ids" in topics;
  return settleEach<string, TopicDescription>(cluster, {
    what: "describing topics",
    items: areIds ? topics.ids : topics,
    call: options,
    attempt: async (open, { signal }) => {
      const { body } = await cluster.sendToAny(
        Metadata,
        (version) => ({
          topics: open.map((one) =>
            areIds
              ? { name: null, topicId: isUuid(one) ? one : ZERO_UUID }
              : { name: one, ...(version >= 10 ? { topicId: ZERO_UUID } : {}) },
          ),
          ...(version >= 4 ? { allowAutoTopicCreation: false } : {}),
          ...(version >= 8
            ? { includeTopicAuthorizedOperations: options.includeAuthorizedOperations ?? false }
            : {}),
        }),
        { signal, minVersion: areIds ? 12 : 4 },
      );
      return new Map(
        body.topics.map((topic) => {
          const key = areIds ? topic.topicId : (topic.name ?? "");
          return [key, outcomeOf(topic, placeOf(key), () => describedByMetadata(topic))];
        }),
      );
    },
  });
}

function placeOf(key: string): { readonly what: string; readonly topic: string } {
  return { what: "the topic cannot be described", topic: key };
}

type MetadataTopic = ResponseOf<typeof Metadata>["topics"][number];

function describedByMetadata(topic: MetadataTopic): TopicDescription {
  return {
    ...listing(topic),
    authorizedOperations: operationsOf(topic.topicAuthorizedOperations),
    partitions: topic.partitions
      .map((one) => ({
        partition: one.partitionIndex,
        leader: one.leaderId,
        leaderEpoch: one.leaderEpoch,
        replicas: one.replicaNodes,
        inSyncReplicas: one.isrNodes,
        offlineReplicas: one.offlineReplicas,
        eligibleLeaderReplicas: undefined,
        lastKnownEligibleLeaderReplicas: undefined,
      }))
      .toSorted((left, right) => left.partition - right.partition),
  };
}

type PagedTopic = ResponseOf<typeof DescribeTopicPartitions>["topics"][number];

/** DescribeTopicPartitions (KIP-966) tells a page at a time, and where the next begins. */
function describeByPages(
  cluster: Cluster,
  topics: readonly string[],
  options: DescribeTopicsOptions,
): Promise<Outcomes<string, TopicDescription>> {
  return settleEach<string, TopicDescription>(cluster, {
    what: "describing topics",
    items: topics,
    call: options,
    attempt: async (open, { signal }) => {
      const pages = new Map<string, { topic: PagedTopic; partitions: PartitionDescription[] }>();
      let cursor: { topicName: string; partitionIndex: number } | null = null;
      do {
        const answer: Answer<typeof DescribeTopicPartitions> = await cluster.sendToAny(
          DescribeTopicPartitions,
          {
            topics: open.toSorted().map((name) => ({ name })),
            responsePartitionLimit: options.partitionSizeLimitPerResponse ?? 2000,
            cursor,
          },
          { signal },
        );
        for (const topic of answer.body.topics) takePage(pages, topic);
        cursor = answer.body.nextCursor;
      } while (cursor !== null);
      return new Map([...pages].map(([name, page]) => [name, described(page, options)]));
    },
  });
}

function takePage(
  pages: Map<string, { topic: PagedTopic; partitions: PartitionDescription[] }>,
  topic: PagedTopic,
): void {
  const name = topic.name ?? "";
  const page = pages.get(name) ?? { topic, partitions: [] };
  pages.set(name, page);
  for (const one of topic.partitions) {
    page.partitions.push({
      partition: one.partitionIndex,
      leader: one.leaderId,
      leaderEpoch: one.leaderEpoch,
      replicas: one.replicaNodes,
      inSyncReplicas: one.isrNodes,
      offlineReplicas: one.offlineReplicas,
      eligibleLeaderReplicas: one.eligibleLeaderReplicas ?? undefined,
      lastKnownEligibleLeaderReplicas: one.lastKnownElr ?? undefined,
    });
  }
}

function described(
  {
    topic,
    partitions,
  }: { readonly topic: PagedTopic; readonly partitions: PartitionDescription[] },
  options: DescribeTopicsOptions,
): TopicDescription | KafkaError {
  const answer = topic.errorCode === errorCodes.NONE ? { errorCode: 0 } : topic;
  return outcomeOf(answer, placeOf(topic.name ?? ""), () => ({
    ...listing(topic),
    partitions,
    authorizedOperations:
      options.includeAuthorizedOperations === true
        ? operationsOf(topic.topicAuthorizedOperations)
        : undefined,
  }));
}
