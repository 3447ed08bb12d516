import type { CompressionName } from "../compression/codec.ts";
import { codecOfId } from "../compression/compression.ts";
import * as batchHeader from "./batch-header.ts";
import type { KafkaRecord, RecordHeader } from "./record.ts";
import { CorruptRecordError } from "./record-error.ts";

/**
 * The most that the records of one batch may take when decompressed, unless the caller says
 * otherwise: 128 times the default `max.message.bytes`.
 */
export const DECOMPRESSED_SIZE_BYTES_MAX = 128 * 1024 * 1024;

/**
 * Walks the records of a batch (magic 2). One cursor serves many batches, and going from record to
 * record allocates nothing; `key()`, `value()` and `headers()` make views when they are asked for.
 * ```ts
 * cursor.open(buffer, position);
 * while (cursor.next()) use(cursor.offset, cursor.key());
 * ```
 * Format: docs/formats/record-batch.md §2.
 */
export class RecordCursor {
  /** The offset of the record under the cursor. */
  offset = 0;
  /** Its timestamp in milliseconds: the batch's largest one where the broker gives the time. */
  timestamp = 0;
  /** How many bytes its key has; -1 when it has none. */
  keySizeBytes = -1;
  /** How many bytes its value has; -1 for a tombstone. */
  valueSizeBytes = -1;
  headerCount = 0;

  #bytes: Buffer = EMPTY;
  #at = 0;
  #end = 0;
  #left = 0;
  #fieldsStart = 0;
  #keyStart = 0;
  #valueStart = 0;
  #headersStart = 0;
  #baseOffset = 0;
  #baseTimestamp = 0;
  #logAppendTime: number | undefined;
  #lastOffsetDelta = 0;

  /**
   * Goes before the first record of a batch that lies whole in the buffer; decompresses if need be.
   * @throws DecompressionError, and CorruptRecordError for an unknown codec or a count below 0.
   */
  open(buffer: Buffer, position: number, sizeBytesMax = DECOMPRESSED_SIZE_BYTES_MAX): this {
    const recordsStart = position + batchHeader.HEADER_SIZE_BYTES;
    const batchEnd = position + batchHeader.sizeBytes(buffer, position);
    const codecId = batchHeader.compressionId(buffer, position);
    this.#left = batchHeader.recordsCount(buffer, position);
    if (this.#left < 0) throw new CorruptRecordError(`a batch says it has ${this.#left} records`);
    if (codecId === 0 || this.#left === 0) {
      this.#bytes = buffer;
      this.#at = recordsStart;
      this.#end = this.#left === 0 ? recordsStart : batchEnd;
    } else {
      const codec = codecOfId(codecId);
      if (codec === undefined) throw new CorruptRecordError(`the codec ${codecId} is not known`);
      this.#bytes = codec.decompress(buffer.subarray(recordsStart, batchEnd), sizeBytesMax);
      this.#at = 0;
      this.#end = this.#bytes.length;
    }
    this.#baseOffset = batchHeader.baseOffset(buffer, position);
    this.#baseTimestamp = batchHeader.baseTimestamp(buffer, position);
    this.#lastOffsetDelta = batchHeader.lastOffsetDelta(buffer, position);
    this.#logAppendTime = batchHeader.isLogAppendTime(buffer, position)
      ? batchHeader.maxTimestamp(buffer, position)
      : undefined;
    return this;
  }

  /**
   * Goes to the next record; false after the last one.
   * @throws CorruptRecordError when a record passes its batch, or lengths and counts disagree.
   */
  next(): boolean {
    if (this.#left === 0) {
      if (this.#at !== this.#end)
        throw new CorruptRecordError("bytes follow a batch's last record");
      return false;
    }
    this.#left--;
    const length = this.#readVarint();
    const recordEnd = this.#at + length;
    if (length < 0 || recordEnd > this.#end)
      throw new CorruptRecordError("a record passes its batch");
    this.#at++;
    this.timestamp = this.#baseTimestamp + this.#readVarlong();
    if (this.#logAppendTime !== undefined) this.timestamp = this.#logAppendTime;
    const offsetDelta = this.#readVarint();
    if (offsetDelta < 0 || offsetDelta > this.#lastOffsetDelta) {
      throw new CorruptRecordError("a record's offset is not one of its batch's");
    }
    this.offset = this.#baseOffset + offsetDelta;
    this.#fieldsStart = this.#at;
    this.keySizeBytes = this.#readVarint();
    this.#keyStart = this.#skip(this.keySizeBytes, recordEnd);
    this.valueSizeBytes = this.#readVarint();
    this.#valueStart = this.#skip(this.valueSizeBytes, recordEnd);
    this.headerCount = this.#readVarint();
    this.#headersStart = this.#at;
    this.#skipHeaders(recordEnd);
    if (this.#at !== recordEnd) throw new CorruptRecordError("a record has not the length it says");
    return true;
  }

  /** The key: a view; null when there is none. */
  key(): Buffer | null {
    return this.#view(this.#keyStart, this.keySizeBytes);
  }

  /** The value: a view; null for a tombstone. */
  value(): Buffer | null {
    return this.#view(this.#valueStart, this.valueSizeBytes);
  }

  /** What `key()` is a view of; with `keyPosition` and `keySizeBytes` a key is read in place. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Where the key begins in `bytes`. */
  get keyPosition(): number {
    return this.#keyStart;
  }

  /** Where the value begins in `bytes`. */
  get valuePosition(): number {
    return this.#valueStart;
  }

  /** Where the headers begin in `bytes`, after their count: for `headersAt`. */
  get headersPosition(): number {
    return this.#headersStart;
  }

  /** The headers, in order. */
  headers(): readonly RecordHeader[] {
    if (this.headerCount === 0) return NO_HEADERS;
    const after = this.#at;
    this.#at = this.#headersStart;
    const headers = this.#readHeaders(this.headerCount);
    this.#at = after;
    return headers;
  }

  /**
   * The headers of a record that the cursor has passed: `bytes`, `headersPosition` and
   * `headerCount` as they were then. The cursor is open on nothing afterwards.
   */
  headersAt(bytes: Buffer, position: number, count: number): readonly RecordHeader[] {
    if (count === 0) return NO_HEADERS;
    this.#bytes = bytes;
    this.#at = position;
    this.#end = bytes.length;
    const headers = this.#readHeaders(count);
    this.#bytes = EMPTY;
    this.#at = this.#end = this.#left = 0;
    return headers;
  }

  #readHeaders(count: number): readonly RecordHeader[] {
    const headers: RecordHeader[] = [];
    for (let i = 0; i < count; i++) {
      const keySize = this.#readVarint();
      const key = this.#bytes.toString("utf8", this.#at, this.#at + keySize);
      this.#at += keySize;
      const valueSize = this.#readVarint();
      headers.push({ key, value: this.#view(this.#at, valueSize) });
      this.#at += Math.max(0, valueSize);
    }
    return headers;
  }

  /**
   * Key, value and headers as bytes, as the format has them: what `RecordBatchBuilder.appendFields`
   * takes, so that a record is copied without being decoded.
   */
  fields(): Buffer {
    return this.#bytes.subarray(this.#fieldsStart, this.#at);
  }

  /** The record as a value of its own. */
  record(): KafkaRecord {
    const { offset, timestamp } = this;
    return { offset, timestamp, key: this.key(), value: this.value(), headers: this.headers() };
  }

  #skipHeaders(recordEnd: number): void {
    if (this.headerCount < 0 || this.headerCount > recordEnd - this.#at) {
      throw new CorruptRecordError(`a record says it has ${this.headerCount} headers`);
    }
    for (let i = 0; i < this.headerCount; i++) {
      const keySize = this.#readVarint();
      if (keySize < 0) throw new CorruptRecordError("a header has no key");
      this.#skip(keySize, recordEnd);
      this.#skip(this.#readVarint(), recordEnd);
    }
  }

  /** Passes `sizeBytes` bytes (none when negative) and gives where they began. */
  #skip(sizeBytes: number, recordEnd: number): number {
    const start = this.#at;
    if (sizeBytes > recordEnd - start) throw new CorruptRecordError("a field passes its record");
    if (sizeBytes > 0) this.#at += sizeBytes;
    return start;
  }

  #view(start: number, sizeBytes: number): Buffer | null {
    return sizeBytes < 0 ? null : this.#bytes.subarray(start, start + sizeBytes);
  }

  #readVarint(): number {
    const first = this.#readByte();
    let rest = first >>> 1;
    if (first >= 0x80) {
      rest &= 0x3f;
      let byte: number;
      let scale = 64;
      do {
        if (scale > 0x40000000) throw new CorruptRecordError("an integer is too long");
        byte = this.#readByte();
        rest += (byte & 0x7f) * scale;
        scale *= 128;
      } while (byte >= 0x80);
      if (rest > 0x7fffffff) throw new CorruptRecordError("an integer has more than 32 bits");
    }
    return (first & 1) === 0 ? rest : -rest - 1;
  }

  #readVarlong(): number {
    const first = this.#readByte();
    let rest = first >>> 1;
    if (first >= 0x80) {
      rest &= 0x3f;
      let byte: number;
      let scale = 64;
      do {
        if (scale > 2 ** 62) throw new CorruptRecordError("an integer is too long");
        byte = this.#readByte();
        rest += (byte & 0x7f) * scale;
        scale *= 128;
      } while (byte >= 0x80);
      if (rest > Number.MAX_SAFE_INTEGER) {
        throw new CorruptRecordError("a timestamp is beyond what can be held exactly");
      }
    }
    return (first & 1) === 0 ? rest : -rest - 1;
  }

  #readByte(): number {
    if (this.#at >= this.#end) throw new CorruptRecordError("a batch ends within a record");
    return this.#bytes[this.#at++] ?? 0;
  }
}

const EMPTY = Buffer.alloc(0);
const NO_HEADERS: readonly RecordHeader[] = [];

/** Gives the name of a batch's codec. @throws CorruptRecordError when its number is not known. */
export function compressionOf(buffer: Buffer, position: number): CompressionName {
  const codec = codecOfId(batchHeader.compressionId(buffer, position));
  if (codec === undefined) throw new CorruptRecordError("a batch's codec is not known");
  return codec.name;
}
