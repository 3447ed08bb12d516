import * as batchHeader from "./batch-header.ts";
import * as legacyMessage from "./legacy-message-set.ts";
import type { KafkaRecord } from "./record.ts";
import { DECOMPRESSED_SIZE_BYTES_MAX, RecordCursor } from "./record-cursor.ts";

/**
 * Gives the records of one batch of any format, one at a time. The batch must lie in the buffer
 * (`BatchCursor`); keys and values are views. For a hot path use `RecordCursor`.
 * @throws CorruptRecordError, DecompressionError
 */
export function* readRecords(
  buffer: Buffer,
  position: number,
  sizeBytesMax = DECOMPRESSED_SIZE_BYTES_MAX,
): Generator<KafkaRecord, void, undefined> {
  if (batchHeader.magic(buffer, position) < batchHeader.CURRENT_MAGIC) {
    yield* legacyMessage.readLegacyRecords(buffer, position, sizeBytesMax);
    return;
  }
  const cursor = new RecordCursor().open(buffer, position, sizeBytesMax);
  while (cursor.next()) yield cursor.record();
}

/** Whether a whole batch of any format carries the right checksum. */
export function isBatchCrcValid(buffer: Buffer, position: number): boolean {
  return batchHeader.magic(buffer, position) < batchHeader.CURRENT_MAGIC
    ? legacyMessage.isCrcValid(buffer, position)
    : batchHeader.isCrcValid(buffer, position);
}

/** The last offset of a batch of any format. */
export function lastOffsetOf(buffer: Buffer, position: number): number {
  return batchHeader.magic(buffer, position) < batchHeader.CURRENT_MAGIC
    ? legacyMessage.lastOffset(buffer, position)
    : batchHeader.lastOffset(buffer, position);
}

/** The largest timestamp of a batch of any format, in milliseconds; -1 when it has none. */
export function maxTimestampOf(buffer: Buffer, position: number): number {
  return batchHeader.magic(buffer, position) < batchHeader.CURRENT_MAGIC
    ? legacyMessage.maxTimestamp(buffer, position)
    : batchHeader.maxTimestamp(buffer, position);
}
