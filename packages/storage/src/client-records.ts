import {
  type BatchRefusal,
  batchHeader as header,
  checkProducedRecords,
  CorruptRecordError,
  DecompressionError,
  type ProducedRecordsFacts,
  RecordCursor,
  scanCompressedRecords,
  scanTimestamps,
} from "@millrace/protocol";
import type { LogConfig } from "./log-config.ts";

/** What a log wants of the records that a client sends. */
export interface ClientRecordRules {
  /** What complaints call the partition. */
  readonly topic: string;
  readonly partition: number;
  readonly isCreateTime: boolean;
  readonly nowMs: number;
  readonly beforeMsMax: number;
  readonly afterMsMax: number;
  /** `cleanup.policy` holds `compact`: every record needs a key. */
  readonly needsKeys: boolean;
}

const cursor = new RecordCursor();

/** The rules of a log's configuration. */
export function clientRecordRules(
  config: LogConfig,
  nowMs: number,
  { topic, partition }: { readonly topic: string; readonly partition: number },
): ClientRecordRules {
  return {
    topic,
    partition,
    nowMs,
    isCreateTime: config.messageTimestampType === "CreateTime",
    beforeMsMax: config.messageTimestampBeforeMaxMs,
    afterMsMax: config.messageTimestampAfterMaxMs,
    needsKeys: config.cleanupPolicy.includes("compact"),
  };
}

/**
 * Looks at the records of a batch whose header is good, as Kafka's LogValidator does: of
 * uncompressed ones at the timestamps alone where that is enough, of compressed ones at everything.
 * @throws DecompressionError when they take more than `sizeBytesMax`, and for nothing else.
 */
export function checkClientRecords(
  batch: Buffer,
  rules: ClientRecordRules,
  sizeBytesMax: number,
): BatchRefusal | ProducedRecordsFacts {
  const { isCreateTime, nowMs, beforeMsMax, afterMsMax, needsKeys, topic, partition } = rules;
  // A producer that says LogAppendTime is not refused, and not believed: as in Kafka.
  if (isCreateTime) header.setCreateTime(batch, 0);
  if (!needsKeys && (!isCreateTime || beforeMsMax === Number.MAX_SAFE_INTEGER)) {
    const found = glance(batch, sizeBytesMax);
    if ("error" in found || !isCreateTime) return found;
    if (found.maxTimestamp - nowMs <= afterMsMax) return found;
    // The walk tells which records are at fault.
  }
  return checkProducedRecords(
    cursor,
    { buffer: batch, position: 0 },
    {
      needsKeys,
      topic,
      partition,
      createTime: isCreateTime ? { nowMs, beforeMsMax, afterMsMax } : undefined,
      decompressedSizeBytesMax: sizeBytesMax,
    },
  );
}

function glance(batch: Buffer, sizeBytesMax: number): BatchRefusal | ProducedRecordsFacts {
  const isCompressed = header.compressionId(batch, 0) !== 0;
  try {
    const maxTimestamp = isCompressed
      ? scanCompressedRecords(batch, 0, sizeBytesMax)
      : scanTimestamps(batch, 0);
    return { maxTimestamp };
  } catch (error) {
    if (error instanceof DecompressionError && error.reason === "too large") throw error;
    if (!(error instanceof CorruptRecordError) && !(error instanceof DecompressionError)) {
      throw error;
    }
    return { error: "INVALID_RECORD", message: error.message, recordErrors: [] };
  }
}
