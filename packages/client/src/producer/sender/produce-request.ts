import {
  type Produce,
  type RequestInput,
  type ResponseOf,
  type Uuid,
  ZERO_UUID,
} from "@millrace/protocol";
import type { PartitionQueue } from "../accumulator/partition-queue.ts";
import type { TopicQueues } from "../accumulator/topic-queues.ts";
import type { ProducerBatch } from "../batch/producer-batch.ts";

/** A batch in a request. */
export interface SentBatch {
  readonly batch: ProducerBatch;
  readonly queue: PartitionQueue;
  readonly topic: TopicQueues;
  /** The topic's id when it was sent; ZERO_UUID when it is not known. */
  readonly topicId: Uuid;
}

/** What the answer says of one batch. */
export type PartitionAnswer = ResponseOf<
  typeof Produce
>["responses"][number]["partitionResponses"][number];

/** Topics are named by their ids from this version on. */
const TOPIC_ID_VERSION_MIN = 13;

/** The newest version in which a request can be written: without topic ids, an older one. */
export function produceVersionMax(batches: readonly SentBatch[]): number | undefined {
  return batches.every(({ topicId }) => topicId !== ZERO_UUID)
    ? undefined
    : TOPIC_ID_VERSION_MIN - 1;
}

/** Gives a Produce request with batches, of which each partition has one at most. */
export function produceRequest(
  version: number,
  batches: readonly SentBatch[],
  options: {
    readonly transactionalId: string | undefined;
    readonly acks: number;
    readonly timeoutMs: number;
  },
): RequestInput<typeof Produce> {
  const byTopic = new Map<string, { index: number; records: Buffer }[]>();
  const topicData: RequestInput<typeof Produce>["topicData"][number][] = [];
  for (const { topic, topicId, queue, batch } of batches) {
    let partitionData = byTopic.get(topic.name);
    if (partitionData === undefined) {
      partitionData = [];
      byTopic.set(topic.name, partitionData);
      const key = version >= TOPIC_ID_VERSION_MIN ? { topicId } : { name: topic.name };
      topicData.push({ ...key, partitionData });
    }
    partitionData.push({ index: queue.partition, records: batch.encoded() });
  }
  const { transactionalId, acks, timeoutMs } = options;
  return { transactionalId: transactionalId ?? null, acks, timeoutMs, topicData };
}

/** Finds what an answer says of each batch; undefined where it says nothing. */
export function answersOf(
  body: ResponseOf<typeof Produce>,
  version: number,
  batches: readonly SentBatch[],
): readonly (PartitionAnswer | undefined)[] {
  const byPlace = new Map<string, PartitionAnswer>();
  const usesIds = version >= TOPIC_ID_VERSION_MIN;
  for (const { name, topicId, partitionResponses } of body.responses) {
    const topic = usesIds ? topicId : name;
    for (const answer of partitionResponses) byPlace.set(`${topic} ${answer.index}`, answer);
  }
  return batches.map(({ topic, topicId, queue }) =>
    byPlace.get(`${usesIds ? topicId : topic.name} ${queue.partition}`),
  );
}
