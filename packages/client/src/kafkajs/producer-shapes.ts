import type { PartitionMetadata as ClientPartition } from "../metadata/metadata-cache.ts";
import type {
  ProducerRecord as SentRecord,
  RecordMetadata as Stored,
} from "../producer/producer-record.ts";
import { KafkaJSNonRetriableError } from "./errors.ts";
import type {
  Headers,
  Message,
  PartitionMetadata,
  RecordMetadata,
  TopicMessages,
} from "./types.ts";

/** A record as the client takes it. */
export type ClientRecord = SentRecord<Uint8Array | null, Uint8Array | null>;

/** Refuses what kafkajs refuses, in its words. @throws KafkaJSNonRetriableError */
export function checkTopicMessages(topicMessages: readonly TopicMessages[]): void {
  for (const { topic, messages } of topicMessages) {
    const isList: boolean = Array.isArray(messages);
    if (!topic) throw new KafkaJSNonRetriableError(`Invalid topic "${topic}"`);
    if (!isList) {
      const what = `Invalid messages array [${JSON.stringify(messages)}] for topic "${topic}"`;
      throw new KafkaJSNonRetriableError(what);
    }
    for (const message of messages) {
      if (message.value !== undefined) continue;
      const said = JSON.stringify(message);
      const what = `Invalid message without value for topic "${topic}": ${said}`;
      throw new KafkaJSNonRetriableError(what);
    }
  }
}

/** Gives a message as the client sends it. @param given nowMs: the time of one that tells none */
export function recordOf(given: {
  readonly topic: string;
  readonly message: Message;
  readonly partition: number | undefined;
  readonly nowMs: number;
}): ClientRecord {
  const { topic, message, nowMs } = given;
  const { key, value, headers, timestamp } = message;
  return {
    topic,
    key: key === undefined || key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    partition: given.partition ?? message.partition,
    timestamp: timestamp === undefined ? nowMs : Number(timestamp),
    headers: headers && headerList(headers),
  };
}

/** Gives what kafkajs tells of a call: the first offset of each partition, once. */
export function summaryOf(
  records: readonly ClientRecord[],
  stored: readonly Stored[],
): RecordMetadata[] {
  const first = new Map<string, RecordMetadata>();
  for (const [index, { topic, partition, offset, timestamp }] of stored.entries()) {
    const key = `${topic}-${partition}`;
    const known = first.get(key);
    if (known !== undefined && BigInt(known.baseOffset ?? "0") <= offset) continue;
    // The broker's own time is told only where it replaced the record's.
    const isOwn = records[index]?.timestamp === timestamp;
    first.set(key, {
      topicName: topic,
      partition,
      errorCode: 0,
      baseOffset: String(offset),
      logAppendTime: isOwn ? "-1" : String(timestamp),
    });
  }
  return [...first.values()];
}

/** Gives partitions as a partitioner of kafkajs sees them. */
export function partitionMetadataOf(partitions: readonly ClientPartition[]): PartitionMetadata[] {
  return partitions.map(({ partition, leader, replicas, inSyncReplicas }) => ({
    partitionErrorCode: 0,
    partitionId: partition,
    leader,
    replicas: [...replicas],
    isr: [...inSyncReplicas],
  }));
}

function headerList(headers: Headers): { key: string; value: Buffer | string | null }[] {
  return Object.entries(headers).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => ({ key, value: one ?? null })),
  );
}
