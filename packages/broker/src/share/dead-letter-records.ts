import type { DeadLetterCause, DeadLetterRange } from "@millrace/coordinators";
import {
  batchHeader,
  type KafkaRecord,
  RecordBatchBuilder,
  type RecordHeaderInput,
  readRecords,
} from "@millrace/protocol";

import type { Partition } from "../replication/partition.ts";
import { batchesOf } from "./fetched-batches.ts";

/** The headers of a dead letter (KIP-1191). */
export const deadLetterHeaders = {
  topic: "__dlq.errors.topic",
  partition: "__dlq.errors.partition",
  offset: "__dlq.errors.offset",
  group: "__dlq.errors.group",
  deliveryCount: "__dlq.errors.delivery.count",
  message: "__dlq.errors.message",
} as const;

/** What Apache Kafka 4.4 writes of the cause. */
const messages: Readonly<Record<DeadLetterCause, string>> = {
  rejected: "Offset rejected by client.",
  exhausted: "Offset delivery count exceeded the threshold.",
};

/** Where dead letters come from. */
export interface DeadLetterSource {
  readonly groupId: string;
  readonly partition: Partition;
  /** The records themselves, by offset; what is not here has left the log, or is not copied. */
  readonly records: ReadonlyMap<number, KafkaRecord>;
}

/** Dead letters as one batch. */
export interface DeadLetterBatch {
  readonly bytes: Buffer;
  /** The last offset that it tells of. */
  readonly lastOffset: number;
  readonly recordsCount: number;
}

/** Bytes of records that are read at once to be copied: most dead letters are single records. */
const sourceBytesMax = 1024 * 1024;

/** Bytes that a batch's header and the parts of a record take beside what is counted. */
const recordOverheadBytes = 32;

/**
 * Reads the records of a range that are still in the log, as many as one read gives: the map ends
 * before the range does when there is more.
 */
export async function readSourceRecords(
  partition: Partition,
  range: DeadLetterRange,
): Promise<{ readonly records: ReadonlyMap<number, KafkaRecord>; readonly lastOffset: number }> {
  const outcome = await partition.read({
    offset: range.firstOffset,
    maxBytes: sourceBytesMax,
    minOneBatch: true,
    isolation: "highWatermark",
  });
  const records = new Map<number, KafkaRecord>();
  if (outcome.kind === "refused") return { records, lastOffset: range.lastOffset };
  for (const { chunk, position, baseOffset, lastOffset, isControl } of batchesOf(outcome.chunks)) {
    if (isControl || lastOffset < range.firstOffset || baseOffset > range.lastOffset) continue;
    for (const record of readRecords(chunk, position)) {
      if (record.offset < range.firstOffset || record.offset > range.lastOffset) continue;
      records.set(record.offset, keptRecord(record));
    }
  }
  outcome.release();
  // A read that gave nothing tells that nothing is left of the range.
  const lastRead = outcome.sizeBytes === 0 ? range.lastOffset : outcome.endOffset - 1;
  return { records, lastOffset: Math.min(range.lastOffset, lastRead) };
}

/**
 * Writes dead letters from an offset on, one for each offset, as many as a batch of `maxBytes`
 * takes; at least one. A record that is too large to be copied is told of without its content.
 */
export function buildDeadLetters(
  range: DeadLetterRange,
  source: DeadLetterSource,
  limits: { readonly maxBytes: number; readonly timestampMs: number },
): DeadLetterBatch {
  const builder = new RecordBatchBuilder();
  let { lastOffset } = range;
  for (let offset = range.firstOffset; offset <= range.lastOffset; offset += 1) {
    const headers = headersOf(offset, range, source);
    const record = source.records.get(offset);
    const sizeBytes = sizeOf(record, headers);
    if (builder.recordsCount > 0 && builder.sizeBytes + sizeBytes > limits.maxBytes) {
      lastOffset = offset - 1;
      break;
    }
    const isTooLarge = batchHeader.HEADER_SIZE_BYTES + sizeBytes > limits.maxBytes;
    const copied = isTooLarge ? undefined : record;
    builder.append({
      timestamp: limits.timestampMs,
      key: copied?.key ?? null,
      value: copied?.value ?? null,
      headers: [...(copied?.headers ?? []), ...headers],
    });
  }
  const { recordsCount } = builder;
  return { bytes: builder.build(), lastOffset, recordsCount };
}

function headersOf(
  offset: number,
  range: DeadLetterRange,
  { groupId, partition }: DeadLetterSource,
): RecordHeaderInput[] {
  const header = (key: string, value: string | number): RecordHeaderInput => ({
    key,
    value: Buffer.from(String(value)),
  });
  return [
    header(deadLetterHeaders.topic, partition.topic),
    header(deadLetterHeaders.partition, partition.index),
    header(deadLetterHeaders.offset, offset),
    header(deadLetterHeaders.group, groupId),
    header(deadLetterHeaders.deliveryCount, range.deliveryCount),
    header(deadLetterHeaders.message, messages[range.cause]),
  ];
}

function sizeOf(record: KafkaRecord | undefined, headers: readonly RecordHeaderInput[]): number {
  let sizeBytes = recordOverheadBytes + (record?.key?.length ?? 0) + (record?.value?.length ?? 0);
  for (const { key, value } of [...(record?.headers ?? []), ...headers]) {
    sizeBytes += recordOverheadBytes + key.length + (value?.length ?? 0);
  }
  return sizeBytes;
}

/** Views of a read's memory end with it. */
function keptRecord(record: KafkaRecord): KafkaRecord {
  return {
    ...record,
    key: record.key === null ? null : Buffer.from(record.key),
    value: record.value === null ? null : Buffer.from(record.value),
    headers: record.headers.map(({ key, value }) => ({
      key,
      value: value === null ? null : Buffer.from(value),
    })),
  };
}
