/**
 * Decides whether a batch that a client produced may be appended, as Kafka's LogValidator does.
 *
 * `checkProducedHeader` costs a few reads and one checksum a batch, and allocates nothing when the
 * batch is good. `checkProducedRecords` walks the records: for compacted topics, for limits on the
 * age of records, and where a caller wants it.
 */
import { DecompressionError } from "../compression/codec.ts";
import { codecOfId } from "../compression/compression.ts";
import { batchSizeAt } from "./batch-cursor.ts";
import * as batchHeader from "./batch-header.ts";
import type { RecordCursor } from "./record-cursor.ts";
import { CorruptRecordError } from "./record-error.ts";

/** Why a batch is refused: the name of Kafka's error, and what to tell the client. */
export interface BatchRefusal {
  readonly error:
    | "CORRUPT_MESSAGE"
    | "INVALID_RECORD"
    | "INVALID_TIMESTAMP"
    | "MESSAGE_TOO_LARGE"
    | "UNKNOWN_SERVER_ERROR"
    | "UNSUPPORTED_COMPRESSION_TYPE";
  readonly message: string;
  /** The records that are to blame, as ProduceResponse has them; empty when the whole batch is. */
  readonly recordErrors: readonly ProducedRecordError[];
  /** The bytes are not one whole batch of format 2: Kafka tells then no log start offset. */
  readonly isUnread?: boolean;
}

/** A record to blame; the names are those of ProduceResponse. */
export interface ProducedRecordError {
  /** The record's index in its batch. */
  readonly batchIndex: number;
  readonly batchIndexErrorMessage: string;
}

/** What the topic and the request allow. */
export interface ProducedHeaderRules {
  /** `max.message.bytes`. */
  readonly batchSizeBytesMax: number;
  /** Produce before version 7 may not carry zstd. */
  readonly allowsZstd: boolean;
}

const CODEC_ZSTD = 4;

/**
 * Checks the header and the checksum of the batch at `position`; `end` is where the client's bytes
 * for the partition end, and nothing may follow the batch but a part of another.
 * @returns undefined when it is good.
 */
export function checkProducedHeader(
  buffer: Buffer,
  position: number,
  end: number,
  rules: ProducedHeaderRules,
): BatchRefusal | undefined {
  const unread = checkFrame(buffer, position, end);
  if (unread !== undefined) return { ...unread, isUnread: true };
  const sizeBytes = batchHeader.sizeBytes(buffer, position);
  if (sizeBytes > rules.batchSizeBytesMax) {
    const limit = rules.batchSizeBytesMax;
    return refuse("MESSAGE_TOO_LARGE", `The batch has ${sizeBytes} bytes; ${limit} are allowed`);
  }
  if (!batchHeader.isCrcValid(buffer, position)) {
    return refuse("CORRUPT_MESSAGE", "The batch has a wrong checksum");
  }
  return (
    checkCounts(buffer, position) ??
    checkAttributes(buffer, position, rules) ??
    checkTimestamps(buffer, position)
  );
}

function checkFrame(buffer: Buffer, position: number, end: number): BatchRefusal | undefined {
  const sizeBytes = batchSizeAt(buffer, position, end);
  if (sizeBytes < 0)
    return refuse("CORRUPT_MESSAGE", "The batch has an impossible length or magic");
  if (sizeBytes === 0 || sizeBytes > end - position) {
    return refuse("INVALID_RECORD", "The records hold no whole batch");
  }
  if (batchHeader.magic(buffer, position) !== batchHeader.CURRENT_MAGIC) {
    return refuse("INVALID_RECORD", "Produce takes only record batches with magic 2");
  }
  // A part of another batch is left out, as Kafka does.
  const nextSizeBytes = batchSizeAt(buffer, position + sizeBytes, end);
  if (nextSizeBytes < 0 || (nextSizeBytes > 0 && nextSizeBytes <= end - position - sizeBytes)) {
    return refuse("INVALID_RECORD", "Produce takes exactly one record batch a partition");
  }
  return undefined;
}

function checkCounts(buffer: Buffer, position: number): BatchRefusal | undefined {
  const count = batchHeader.recordsCount(buffer, position);
  if (batchHeader.baseOffset(buffer, position) !== 0) {
    return refuse("INVALID_RECORD", "The base offset of a produced batch must be 0");
  }
  if (count <= 0) return refuse("INVALID_RECORD", `The batch says that it has ${count} records`);
  const lastOffsetDelta = batchHeader.lastOffsetDelta(buffer, position);
  if (lastOffsetDelta + 1 !== count) {
    const message = `The batch has ${count} records but its last offset delta is ${lastOffsetDelta}`;
    return refuse("INVALID_RECORD", message);
  }
  const sizeBytes = batchHeader.sizeBytes(buffer, position) - batchHeader.HEADER_SIZE_BYTES;
  // The smallest record takes 7 bytes; a codec may make them fewer, but not of nothing.
  const roomNeeded = batchHeader.compressionId(buffer, position) === 0 ? count * 7 : 1;
  if (sizeBytes >= roomNeeded) return undefined;
  return refuse("INVALID_RECORD", `${sizeBytes} bytes cannot hold ${count} records`);
}

function checkAttributes(
  buffer: Buffer,
  position: number,
  rules: ProducedHeaderRules,
): BatchRefusal | undefined {
  const codecId = batchHeader.compressionId(buffer, position);
  if (codecOfId(codecId) === undefined) {
    // Kafka's answer: it meets the number where it expects none but its own.
    return refuse("UNKNOWN_SERVER_ERROR", `The codec ${codecId} is not known`);
  }
  if (codecId === CODEC_ZSTD && !rules.allowsZstd) {
    return refuse("UNSUPPORTED_COMPRESSION_TYPE", "Produce before version 7 may not carry zstd");
  }
  if (batchHeader.isControl(buffer, position)) {
    return refuse("INVALID_RECORD", "Clients may not write control records");
  }
  if (batchHeader.hasDeleteHorizon(buffer, position)) {
    return refuse("INVALID_RECORD", "Clients may not set a delete horizon");
  }
  if (batchHeader.hasProducerId(buffer, position)) {
    if (batchHeader.baseSequence(buffer, position) < 0) {
      return refuse("INVALID_RECORD", "A batch with a producer id needs a sequence number");
    }
    if (batchHeader.producerEpoch(buffer, position) < 0) {
      return refuse("INVALID_RECORD", "A batch with a producer id needs a producer epoch");
    }
    if (!Number.isSafeInteger(batchHeader.producerIdNumber(buffer, position))) {
      return refuse("INVALID_RECORD", "No producer id is that large");
    }
  } else if (batchHeader.isTransactional(buffer, position)) {
    return refuse("INVALID_RECORD", "A transactional batch needs a producer id");
  }
  return undefined;
}

function checkTimestamps(buffer: Buffer, position: number): BatchRefusal | undefined {
  const maxTimestamp = batchHeader.maxTimestamp(buffer, position);
  const baseTimestamp = batchHeader.baseTimestamp(buffer, position);
  if (Number.isSafeInteger(maxTimestamp) && Number.isSafeInteger(baseTimestamp)) return undefined;
  return refuse("INVALID_TIMESTAMP", "A timestamp is beyond what can be held exactly");
}

/** What the records of a batch must be like. */
export interface ProducedRecordRules {
  /** `cleanup.policy` holds `compact`: every record needs a key. */
  readonly needsKeys: boolean;
  /** What complaints call the partition. */
  readonly topic: string;
  readonly partition: number;
  /** `message.timestamp.type` is CreateTime; `-1` stands for no timestamp and is always good. */
  readonly createTime:
    | { readonly nowMs: number; readonly beforeMsMax: number; readonly afterMsMax: number }
    | undefined;
  /** How far records may grow when they are decompressed. */
  readonly decompressedSizeBytesMax: number;
}

/** What a walk over the records of a good batch found. */
export interface ProducedRecordsFacts {
  /** The largest timestamp of a record; -1 when none has one. Kafka puts it into the header. */
  readonly maxTimestamp: number;
}

/**
 * Walks the records of a batch whose header was found good. Each record has the offset that
 * follows the one before; keys and timestamps are as the rules say.
 * @returns the refusal, or what was found.
 * @throws DecompressionError when the records take more than the rules allow.
 */
export function checkProducedRecords(
  cursor: RecordCursor,
  batch: { readonly buffer: Buffer; readonly position: number },
  rules: ProducedRecordRules,
): BatchRefusal | ProducedRecordsFacts {
  try {
    return walkRecords(cursor, batch, rules);
  } catch (error) {
    if (error instanceof CorruptRecordError) return refuse("INVALID_RECORD", error.message);
    if (error instanceof DecompressionError && error.reason === "corrupt") {
      // CORRUPT_MESSAGE would have the client send the same again and again.
      return refuse("INVALID_RECORD", error.message);
    }
    throw error;
  }
}

function walkRecords(
  cursor: RecordCursor,
  batch: { readonly buffer: Buffer; readonly position: number },
  rules: ProducedRecordRules,
): BatchRefusal | ProducedRecordsFacts {
  const { needsKeys, createTime } = rules;
  const errors: ProducedRecordError[] = [];
  let hasInvalidTimestamp = false;
  let maxTimestamp = batchHeader.NO_TIMESTAMP;
  let index = 0;
  cursor.open(batch.buffer, batch.position, rules.decompressedSizeBytesMax);
  const baseOffset = batchHeader.baseOffset(batch.buffer, batch.position);
  for (; cursor.next(); index++) {
    if (cursor.offset !== baseOffset + index) {
      return refuse("INVALID_RECORD", `The record ${index} has not the offset that follows`);
    }
    if (cursor.timestamp > maxTimestamp) maxTimestamp = cursor.timestamp;
    let complaint: string | undefined;
    if (needsKeys && cursor.keySizeBytes < 0) {
      complaint = `Compacted topic cannot accept message without key in topic partition ${rules.topic}-${rules.partition}`;
    } else if (createTime !== undefined && isOutOfTime(cursor.timestamp, createTime)) {
      complaint = timestampComplaint(cursor, createTime);
      hasInvalidTimestamp = true;
    }
    if (complaint !== undefined) {
      errors.push({ batchIndex: index, batchIndexErrorMessage: complaint });
    }
  }
  if (errors.length === 0) return { maxTimestamp };
  return {
    error: hasInvalidTimestamp ? "INVALID_TIMESTAMP" : "INVALID_RECORD",
    message: hasInvalidTimestamp
      ? "One or more records have been rejected due to invalid timestamp"
      : complaintOfAll(errors),
    recordErrors: errors,
  };
}

function complaintOfAll(errors: readonly ProducedRecordError[]): string {
  const shown = errors
    .slice(0, 3)
    .map(
      ({ batchIndex, batchIndexErrorMessage }) =>
        `RecordError(batchIndex=${batchIndex}, message='${batchIndexErrorMessage}')`,
    );
  const count = `due to ${errors.length} record errors in total`;
  const first = "and only showing the first three errors at most";
  return `One or more records have been rejected ${count}, ${first}: [${shown.join(", ")}]`;
}

type CreateTimeRules = NonNullable<ProducedRecordRules["createTime"]>;

function isOutOfTime(timestamp: number, rules: CreateTimeRules): boolean {
  if (timestamp === batchHeader.NO_TIMESTAMP) return false;
  const ageMs = rules.nowMs - timestamp;
  return ageMs > rules.beforeMsMax || -ageMs > rules.afterMsMax;
}

function timestampComplaint(
  { timestamp, offset }: { readonly timestamp: number; readonly offset: number },
  rules: CreateTimeRules,
): string {
  const nowMs = BigInt(rules.nowMs);
  const first = nowMs - int64Of(rules.beforeMsMax);
  const last = BigInt.asIntN(64, nowMs + int64Of(rules.afterMsMax));
  const where = `Timestamp ${timestamp} of message with offset ${offset}`;
  return `${where} is out of range. The timestamp should be within [${first}, ${last}]`;
}

/** The largest number here stands for the largest of Kafka's. */
function int64Of(value: number): bigint {
  return value === Number.MAX_SAFE_INTEGER ? 2n ** 63n - 1n : BigInt(value);
}

function refuse(error: BatchRefusal["error"], message: string): BatchRefusal {
  return { error, message, recordErrors: [] };
}
