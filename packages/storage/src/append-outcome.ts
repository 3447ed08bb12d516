import type { ProducedRecordsFacts } from "@millrace/protocol";

/** Who appends; decides what is checked and what is stamped. */
export type AppendOrigin =
  /** A producer: one batch, everything is checked, offset and leader epoch are stamped. */
  | "client"
  /** A coordinator of this broker (offsets, markers): may write control batches. */
  | "coordinator"
  /** A leader's bytes fetched by a follower: offsets and epochs are kept as they came. */
  | "replication"
  /** The controller, to the metadata log. */
  | "metadata";

/** How a batch is appended. */
export interface AppendOptions {
  readonly origin: AppendOrigin;
  /** Stamped into the header; ignored for origin "replication". */
  readonly leaderEpoch: number;
  /**
   * The acknowledgement waits for the disk (acks=all on a one-replica topic): `visibleEndOffset`
   * stays before this batch until a flush covered it.
   */
  readonly awaitsSync?: boolean;
  /**
   * "given": the bytes are never changed or reused by the caller afterwards, so that the log may
   * serve readers from them without a copy. "lent" (the default): copied where needed.
   */
  readonly ownership?: "lent" | "given";
  /** From `startTransactionVerification` (KIP-890); checked for a client's transactional batch. */
  readonly verificationGuard?: number;
  /** What `prepareForAppend` found of a client's records, which are not looked at again. */
  readonly validated?: ProducedRecordsFacts | undefined;
  /** The transaction.version of a marker's coordinator; 2 refuses a marker of an old epoch. */
  readonly transactionVersion?: number;
}

/** What an append came to. A refusal changed nothing. */
export type AppendOutcome = AppendedBatches | DuplicateBatch | RefusedAppend;

/** The batches are in the log (page cache; see `PartitionLog.flush`). */
export interface AppendedBatches {
  readonly kind: "appended";
  readonly baseOffset: number;
  readonly lastOffset: number;
  /** The timestamp given to the records by LogAppendTime, else -1. */
  readonly logAppendTimeMs: number;
  readonly sizeBytes: number;
  readonly maxTimestampMs: number;
}

/** An idempotent producer sent again what the log has: the offsets of then. */
export interface DuplicateBatch {
  readonly kind: "duplicate";
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly logAppendTimeMs: number;
}

/** Kafka's name of why the batches were refused. */
export type AppendError =
  | "CORRUPT_MESSAGE"
  | "MESSAGE_TOO_LARGE"
  | "RECORD_LIST_TOO_LARGE"
  | "INVALID_TIMESTAMP"
  | "UNSUPPORTED_FOR_MESSAGE_FORMAT"
  | "UNKNOWN_SERVER_ERROR"
  | "UNSUPPORTED_COMPRESSION_TYPE"
  | "INVALID_RECORD"
  | "OUT_OF_ORDER_SEQUENCE_NUMBER"
  | "INVALID_PRODUCER_EPOCH"
  | "UNKNOWN_PRODUCER_ID"
  | "INVALID_TXN_STATE"
  | "TRANSACTION_COORDINATOR_FENCED"
  | "KAFKA_STORAGE_ERROR";

/** The batches were refused. */
export interface RefusedAppend {
  readonly kind: "refused";
  readonly error: AppendError;
  readonly message: string;
  /** Which records are at fault, for `record_errors` of the Produce answer. */
  readonly recordErrors?: readonly RecordError[];
  /** The bytes are not one whole batch: it was not compared with the log. */
  readonly isUnread?: boolean;
}

/** A record at fault. */
export interface RecordError {
  readonly batchIndex: number;
  readonly message: string;
}
