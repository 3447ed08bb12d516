export {
  type AbortedTransactionStart,
  findAbortedBatches,
  type TransactionalBatch,
} from "./aborted-batches.ts";
export { type EndOfDelivery, type ExpiredLocks, SharePartition } from "./share-partition.ts";
export {
  acknowledgeTypes,
  type AcknowledgementBatch,
  type AcknowledgeOptions,
  type AcquiredRange,
  type AcquireMode,
  type AcquireRequest,
  type DeadLetterCause,
  type DeadLetterRange,
  type FetchedBatch,
  type PersistedShareState,
  type RecordState,
  recordStateIds,
  type RefusedAcknowledgement,
  type ShareLimits,
  type ShareStateWrite,
  type TakenAcknowledgement,
} from "./share-types.ts";
