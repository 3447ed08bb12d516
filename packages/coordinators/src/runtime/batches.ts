import { buildRecordBatch, type RecordBatchOptions } from "@millrace/protocol";

import type { EncodedRecord } from "./machine.ts";

/** Bytes of a batch besides its records, and of a record besides its key and value at most. */
const BATCH_OVERHEAD_BYTES = 61;
const RECORD_OVERHEAD_BYTES = 32;

/** A batch that is ready to be appended. */
export interface ShardBatch {
  readonly bytes: Buffer;
  readonly recordCount: number;
}

/** How records become batches. */
export interface BatchesOptions {
  readonly timestamp: number;
  /** Bytes that a batch may have. */
  readonly sizeBytesMax: number;
  /** The first record that may begin a second batch; one batch without it, however large. */
  readonly splitFrom: number | undefined;
  readonly batch: RecordBatchOptions;
}

/** Puts records into as few batches as the size of one allows, in their order. */
export function toBatches(
  records: readonly EncodedRecord[],
  options: BatchesOptions,
): readonly ShardBatch[] {
  const { timestamp, sizeBytesMax, splitFrom = Number.POSITIVE_INFINITY } = options;
  const batches: ShardBatch[] = [];
  let pending: EncodedRecord[] = [];
  let sizeBytes = BATCH_OVERHEAD_BYTES;
  const flush = (): void => {
    const timed = pending.map((record) => ({ ...record, timestamp }));
    const bytes = buildRecordBatch(timed, options.batch);
    batches.push({ bytes, recordCount: pending.length });
    pending = [];
    sizeBytes = BATCH_OVERHEAD_BYTES;
  };
  for (const [index, record] of records.entries()) {
    const recordBytes = record.key.length + (record.value?.length ?? 0) + RECORD_OVERHEAD_BYTES;
    const isFull = pending.length > 0 && sizeBytes + recordBytes > sizeBytesMax;
    if (isFull && index >= splitFrom) flush();
    pending.push(record);
    sizeBytes += recordBytes;
  }
  flush();
  return batches;
}
