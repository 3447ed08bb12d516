export { BatchCursor, batchSizeAt } from "./batch-cursor.ts";
export * as batchHeader from "./batch-header.ts";
export {
  buildControlBatch,
  buildEndTransactionBatch,
  type ControlBatchOptions,
  type ControlRecordType,
  controlRecordTypes,
  decodeControlKey,
  decodeEndTransactionMarker,
  encodeControlKey,
  encodeEndTransactionMarker,
  type EndTransactionMarker,
} from "./control-record.ts";
export {
  type BatchRefusal,
  checkProducedHeader,
  checkProducedRecords,
  type ProducedHeaderRules,
  type ProducedRecordError,
  type ProducedRecordRules,
  type ProducedRecordsFacts,
} from "./produced-batch.ts";
export type { KafkaRecord, RecordHeader, RecordHeaderInput, RecordInput } from "./record.ts";
export {
  buildRecordBatch,
  RecordBatchBuilder,
  type RecordBatchOptions,
} from "./record-batch-builder.ts";
export { compressionOf, DECOMPRESSED_SIZE_BYTES_MAX, RecordCursor } from "./record-cursor.ts";
export { CorruptRecordError } from "./record-error.ts";
export { readLegacyRecords } from "./legacy-message-set.ts";
export { scanCompressedRecords } from "./scan-records.ts";
export { scanTimestamps } from "./scan-timestamps.ts";
export { isBatchCrcValid, lastOffsetOf, maxTimestampOf, readRecords } from "./read-records.ts";
