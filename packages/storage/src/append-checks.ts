import {
  BatchCursor,
  type BatchRefusal,
  batchHeader as header,
  checkProducedHeader,
  decodeControlKey,
  decodeEndTransactionMarker,
  isBatchCrcValid,
  type ProducedRecordsFacts,
  DECOMPRESSED_SIZE_BYTES_MAX,
  DecompressionError,
  RecordCursor,
} from "@millrace/protocol";
import type { AppendOptions, RefusedAppend } from "./append-outcome.ts";
import { checkClientRecords, clientRecordRules } from "./client-records.ts";
import type { LogConfig } from "./log-config.ts";
import { recompress } from "./recompress.ts";
import type { EndTransactionMarker } from "./producer-state.ts";

/** What an append will write, all of it checked. */
export interface AppendPlan {
  /** Whole batches; a part of another behind them is left out. */
  readonly bytes: Buffer;
  readonly batchCount: number;
}

const cursor = new RecordCursor();

/** Builds a refusal. */
export function refuseAppend(error: RefusedAppend["error"], message: string): RefusedAppend {
  return { kind: "refused", error, message };
}

/** Where a batch is appended. */
export interface AppendPlace {
  readonly topic: string;
  readonly partition: number;
  /** What `prepareForAppend` found of the records; undefined: they are still to be looked at. */
  readonly validated?: ProducedRecordsFacts | undefined;
}

/** The place with what is known of the records already. */
export function placeOf(log: AppendPlace, { validated }: AppendOptions): AppendPlace {
  if (validated === undefined) return log;
  return { topic: log.topic, partition: log.partition, validated };
}

/** Checks what a producer sent: one batch, as LogValidator does. */
export function checkClientBatch(
  bytes: Buffer,
  config: LogConfig,
  nowMs: number,
  place: AppendPlace,
): AppendPlan | RefusedAppend {
  const isCreateTime = config.messageTimestampType === "CreateTime";
  const refusal = checkProducedHeader(bytes, 0, bytes.length, {
    batchSizeBytesMax: config.maxMessageBytes,
    allowsZstd: true,
  });
  if (refusal !== undefined) return refusalOf(refusal);
  // A producer that says LogAppendTime is not refused, and not believed: as in Kafka.
  if (isCreateTime) header.setCreateTime(bytes, 0);
  const found = checkRecords(bytes, config, nowMs, place);
  if ("error" in found) return refusalOf(found);
  // A client's word for the largest timestamp is not taken: searches by time rest on it.
  if (isCreateTime) header.setMaxTimestamp(bytes, 0, found.maxTimestamp);
  const size = header.sizeBytes(bytes, 0);
  return planOf(size === bytes.length ? bytes : bytes.subarray(0, size), config);
}

/** Gives the records' facts; those whose batch was prepared have been looked at. */
function checkRecords(
  bytes: Buffer,
  config: LogConfig,
  nowMs: number,
  place: AppendPlace,
): BatchRefusal | ProducedRecordsFacts {
  if (place.validated !== undefined) return place.validated;
  try {
    const rules = clientRecordRules(config, nowMs, place);
    return checkClientRecords(bytes, rules, DECOMPRESSED_SIZE_BYTES_MAX);
  } catch (error) {
    if (!(error instanceof DecompressionError)) throw error;
    return { error: "INVALID_RECORD", message: error.message, recordErrors: [] };
  }
}

/** Plans a producer's batch as the log wants it compressed, which may change its size. */
function planOf(batch: Buffer, config: LogConfig): AppendPlan | RefusedAppend {
  if (config.compressionType === "producer") return { bytes: batch, batchCount: 1 };
  try {
    const bytes = recompress(batch, config);
    if (bytes.length <= config.maxMessageBytes) return { bytes, batchCount: 1 };
    const limit = `max.message.bytes=${config.maxMessageBytes}`;
    const message = `${bytes.length} bytes as ${config.compressionType} are over ${limit}`;
    return refuseAppend("MESSAGE_TOO_LARGE", message);
  } catch (error) {
    if (!(error instanceof DecompressionError)) throw error;
    return refuseAppend("INVALID_RECORD", error.message);
  }
}

/** Checks what this broker wrote itself or another one replicated: whole batches of format 2. */
export function checkTrustedBatches(
  bytes: Buffer,
  options: AppendOptions,
  logEndOffset: number,
): AppendPlan | RefusedAppend {
  const batches = new BatchCursor(bytes);
  const isReplication = options.origin === "replication";
  let batchCount = 0;
  let endOffset = logEndOffset;
  while (batches.next()) {
    const at = batches.position;
    if (batches.magic !== header.CURRENT_MAGIC) {
      return refuseAppend("UNSUPPORTED_FOR_MESSAGE_FORMAT", "only record batches are appended");
    }
    if (isReplication) {
      if (!isBatchCrcValid(bytes, at)) {
        return refuseAppend("CORRUPT_MESSAGE", "a replicated batch has a wrong checksum");
      }
      if (header.baseOffset(bytes, at) < endOffset) {
        const found = header.baseOffset(bytes, at);
        return refuseAppend("INVALID_RECORD", `offset ${found} comes before ${endOffset}`);
      }
      endOffset = header.nextOffset(bytes, at);
    }
    batchCount += 1;
  }
  if (batches.stop === "corrupt" || (batches.stop === "partial" && !isReplication)) {
    return refuseAppend("CORRUPT_MESSAGE", "the bytes are not whole record batches");
  }
  if (batchCount === 0) return refuseAppend("INVALID_RECORD", "the bytes hold no whole batch");
  const end = batches.position;
  return { bytes: end === bytes.length ? bytes : bytes.subarray(0, end), batchCount };
}

/** Reads the transaction marker of a control batch; undefined when it holds something else. */
export function readMarker(buffer: Buffer, position: number): EndTransactionMarker | undefined {
  if (!header.isControl(buffer, position) || !header.hasProducerId(buffer, position)) {
    return undefined;
  }
  cursor.open(buffer, position);
  // The cleaner leaves an empty control batch where a whole transaction is gone.
  if (!cursor.next()) return undefined;
  const type = decodeControlKey(cursor.key());
  if (type !== "COMMIT" && type !== "ABORT") return undefined;
  const coordinatorEpoch = decodeEndTransactionMarker(cursor.value());
  return { isCommit: type === "COMMIT", coordinatorEpoch };
}

/** The refusal of an append for what was found wrong with a batch. */
export function refusalOf({ error, message, recordErrors, isUnread }: BatchRefusal): RefusedAppend {
  const refusal = refuseAppend(error, message);
  if (isUnread === true) return { ...refusal, isUnread };
  if (recordErrors.length === 0) return refusal;
  return {
    ...refusal,
    recordErrors: recordErrors.map(({ batchIndex, batchIndexErrorMessage }) => ({
      batchIndex,
      message: batchIndexErrorMessage,
    })),
  };
}
