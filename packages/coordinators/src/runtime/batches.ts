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
  /** One batch otherwise, however large. */
  readonly mayBeSplit: boolean;
  readonly batch: RecordBatchOptions;
}

/** Puts records into as few batches as the size of one allows, in their order. */
export function toBatches(
  records: readonly EncodedRecord[],
  options: BatchesOptions,
): readonly ShardBatch[] {
  const { timestamp, sizeBytesMax, mayBeSplit } = options;
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
  for (const record of records) {
    const recordBytes = record.key.length + (record.value?.length ?? 0) + RECORD_OVERHEAD_BYTES;
    const isFull = mayBeSplit && pending.length > 0 && sizeBytes + recordBytes > sizeBytesMax;
    if (isFull) flush();
    pending.push(record);
    sizeBytes += recordBytes;
  }
  flush();
  return batches;
}
