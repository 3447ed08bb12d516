import { type CompressionName, compressionIds } from "../compression/codec.ts";
import { codecOf } from "../compression/compression.ts";
import * as batchHeader from "./batch-header.ts";
import { writeInt64 } from "./int64.ts";
import type { RecordHeaderInput, RecordInput } from "./record.ts";
import { CorruptRecordError } from "./record-error.ts";
import { sizeOfVarint, VARINT_SIZE_BYTES_MAX, writeVarint } from "./varint.ts";

/** What a batch's header says. Everything has a default: an ordinary batch from offset 0. */
export interface RecordBatchOptions {
  readonly baseOffset?: number;
  readonly partitionLeaderEpoch?: number;
  readonly compression?: CompressionName;
  /** The codec's level; its default when not given. */
  readonly compressionLevel?: number;
  /**
   * Gives every record this time, as a broker does for LogAppendTime. The records' own times are
   * kept beneath it, as Kafka keeps them.
   */
  readonly logAppendTimeMs?: number;
  readonly producerId?: bigint;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly isTransactional?: boolean;
  readonly isControl?: boolean;
  /** From when tombstones or the marker may be removed: set by the cleaner alone. */
  readonly deleteHorizonMs?: number;
  /** The last offset of the batch when it is beyond its last record's: compaction keeps it. */
  readonly lastOffset?: number;
  /** Room reserved at first, in bytes; grows by itself. */
  readonly sizeBytesHint?: number;
}

const FIRST_ROOM_BYTES = 1024;

/**
 * Writes a record batch (magic 2).
 * ```ts
 * const builder = new RecordBatchBuilder({ compression: "lz4" });
 * builder.append({ timestamp, key, value });
 * const batch = builder.build();
 * ```
 * Format: docs/formats/record-batch.md.
 */
export class RecordBatchBuilder {
  #options: RecordBatchOptions;
  #bytes: Buffer;
  #end = batchHeader.HEADER_SIZE_BYTES;
  #count = 0;
  #baseOffset: number;
  #nextOffset: number;
  #baseTimestamp: number | undefined;
  #maxTimestamp = batchHeader.NO_TIMESTAMP;

  constructor(options: RecordBatchOptions = {}) {
    this.#options = options;
    this.#bytes = Buffer.allocUnsafeSlow(options.sizeBytesHint ?? FIRST_ROOM_BYTES);
    if (this.#bytes.length < this.#end) this.#bytes = Buffer.allocUnsafeSlow(FIRST_ROOM_BYTES);
    this.#baseOffset = options.baseOffset ?? 0;
    this.#nextOffset = this.#baseOffset;
    this.#baseTimestamp = options.deleteHorizonMs;
  }

  /** How many records it has. */
  get recordsCount(): number {
    return this.#count;
  }

  /** Bytes that the batch has now, before compression. */
  get sizeBytes(): number {
    return this.#end;
  }

  /** Adds a record; its bytes are copied. Offsets must grow. */
  append(record: RecordInput): void {
    const offset = record.offset ?? this.#nextOffset;
    const fieldsSize = fieldsSizeOf(record);
    let at = this.#beginRecord(offset, record.timestamp, fieldsSize);
    const bytes = this.#bytes;
    const headers = record.headers ?? NO_HEADERS;
    at = writeBytes(bytes, at, record.key);
    at = writeBytes(bytes, at, record.value);
    at = writeVarint(bytes, at, headers.length);
    for (const header of headers) {
      at = writeHeaderKey(bytes, at, header.key);
      at = writeBytes(bytes, at, header.value);
    }
    this.#end = at;
  }

  /** Adds a record whose key, value and headers `RecordCursor.fields` gave. Offsets must grow. */
  appendFields(offset: number, timestamp: number, fields: Uint8Array): void {
    const at = this.#beginRecord(offset, timestamp, fields.length);
    this.#bytes.set(fields, at);
    this.#end = at + fields.length;
  }

  /** Writes what stands before a record's fields, and gives where they go. */
  #beginRecord(offset: number, timestamp: number, fieldsSize: number): number {
    this.#baseTimestamp ??= timestamp;
    const offsetDelta = offset - this.#baseOffset;
    if (offset < this.#nextOffset || offsetDelta > 0x7fffffff) {
      throw new CorruptRecordError(`offset ${offset} does not fit after ${this.#nextOffset - 1}`);
    }
    const timestampDelta = timestamp - this.#baseTimestamp;
    const bodySize = 1 + sizeOfVarint(timestampDelta) + sizeOfVarint(offsetDelta) + fieldsSize;
    this.#reserve(bodySize + VARINT_SIZE_BYTES_MAX);
    let at = writeVarint(this.#bytes, this.#end, bodySize);
    this.#bytes[at++] = 0;
    at = writeVarint(this.#bytes, at, timestampDelta);
    at = writeVarint(this.#bytes, at, offsetDelta);
    this.#count++;
    this.#nextOffset = offset + 1;
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp;
    return at;
  }

  /** Finishes the batch: compresses it and writes the header. The builder is used up. */
  build(): Buffer {
    const options = this.#options;
    const compression = options.compression ?? "none";
    let batch = this.#bytes.subarray(0, this.#end);
    if (compression !== "none") {
      const records = batch.subarray(batchHeader.HEADER_SIZE_BYTES);
      const compressed = codecOf(compression).compress(records, options.compressionLevel);
      batch = Buffer.concat([batch.subarray(0, batchHeader.HEADER_SIZE_BYTES), compressed]);
    }
    const fields = batchHeader.fieldPositions;
    batch.writeInt32BE(batch.length - batchHeader.LOG_OVERHEAD_BYTES, fields.batchLength);
    writeInt64(batch, fields.baseOffset, this.#baseOffset);
    batch.writeInt32BE(options.partitionLeaderEpoch ?? -1, fields.partitionLeaderEpoch);
    batch[fields.magic] = batchHeader.CURRENT_MAGIC;
    batch.writeInt16BE(this.#attributes(compression), fields.attributes);
    const lastOffset = options.lastOffset ?? this.#nextOffset - 1;
    batch.writeInt32BE(lastOffset - this.#baseOffset, fields.lastOffsetDelta);
    writeInt64(batch, fields.baseTimestamp, this.#baseTimestamp ?? batchHeader.NO_TIMESTAMP);
    const maxTimestamp = options.logAppendTimeMs ?? this.#maxTimestamp;
    writeInt64(batch, fields.maxTimestamp, maxTimestamp);
    batch.writeBigInt64BE(options.producerId ?? batchHeader.NO_PRODUCER_ID, fields.producerId);
    batch.writeInt16BE(options.producerEpoch ?? -1, fields.producerEpoch);
    batch.writeInt32BE(options.baseSequence ?? -1, fields.baseSequence);
    batch.writeInt32BE(this.#count, fields.recordsCount);
    batchHeader.updateCrc(batch, 0);
    return batch;
  }

  #attributes(compression: CompressionName): number {
    const { attributeBits } = batchHeader;
    const options = this.#options;
    return (
      compressionIds[compression] |
      (options.logAppendTimeMs === undefined ? 0 : attributeBits.logAppendTime) |
      (options.isTransactional === true ? attributeBits.transactional : 0) |
      (options.isControl === true ? attributeBits.control : 0) |
      (options.deleteHorizonMs === undefined ? 0 : attributeBits.deleteHorizon)
    );
  }

  #reserve(sizeBytes: number): void {
    const needed = this.#end + sizeBytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#end);
    this.#bytes = grown;
  }
}

const NO_HEADERS: readonly RecordHeaderInput[] = [];

/** Gives a batch with some records: `RecordBatchBuilder` in one call. */
export function buildRecordBatch(
  records: Iterable<RecordInput>,
  options: RecordBatchOptions = {},
): Buffer {
  const builder = new RecordBatchBuilder(options);
  for (const record of records) builder.append(record);
  return builder.build();
}

/** Bytes that key, value and headers take. */
function fieldsSizeOf(record: RecordInput): number {
  const headers = record.headers ?? NO_HEADERS;
  let sizeBytes = sizeOfBytes(record.key) + sizeOfBytes(record.value);
  sizeBytes += sizeOfVarint(headers.length);
  for (const { key, value } of headers) {
    const keySize = typeof key === "string" ? Buffer.byteLength(key) : key.length;
    sizeBytes += sizeOfVarint(keySize) + keySize + sizeOfBytes(value);
  }
  return sizeBytes;
}

function sizeOfBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length;
}

function writeBytes(target: Buffer, position: number, bytes: Uint8Array | null): number {
  if (bytes === null) return writeVarint(target, position, -1);
  const at = writeVarint(target, position, bytes.length);
  target.set(bytes, at);
  return at + bytes.length;
}

function writeHeaderKey(target: Buffer, position: number, key: string | Uint8Array): number {
  if (typeof key !== "string") return writeBytes(target, position, key);
  const sizeBytes = Buffer.byteLength(key);
  const at = writeVarint(target, position, sizeBytes);
  return at + target.write(key, at, "utf8");
}
