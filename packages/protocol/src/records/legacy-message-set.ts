/**
 * Reads message sets of the formats 0 and 1, which Kafka wrote before 0.11 and which may still lie
 * in a log. Nothing writes them, and Produce refuses them (`checkProducedHeader`).
 * Format: docs/formats/record-batch.md §5.
 */
import { crc32 } from "node:zlib";

import { codecOfId } from "../compression/compression.ts";
import { decompressLz4 } from "../compression/lz4.ts";
import { batchSizeAt } from "./batch-cursor.ts";
import { LOG_OVERHEAD_BYTES, NO_TIMESTAMP } from "./batch-header.ts";
import { readInt64 } from "./int64.ts";
import type { KafkaRecord } from "./record.ts";
import { CorruptRecordError } from "./record-error.ts";

const CRC_POSITION = 12;
const MAGIC_POSITION = 16;
const ATTRIBUTES_POSITION = 17;
const TIMESTAMP_POSITION = 18;
const COMPRESSION_BITS = 0x07;
const LOG_APPEND_TIME_BIT = 0x08;
const CODEC_LZ4 = 3;
const CODEC_ZSTD = 4;
const NO_HEADERS: KafkaRecord["headers"] = [];

/** The offset of a message, or of the last message inside a compressed one. */
export function lastOffset(buffer: Buffer, position: number): number {
  return readInt64(buffer, position);
}

/** The timestamp of a message; of a compressed one the largest inside. -1 in format 0. */
export function maxTimestamp(buffer: Buffer, position: number): number {
  return buffer[position + MAGIC_POSITION] === 0
    ? NO_TIMESTAMP
    : readInt64(buffer, position + TIMESTAMP_POSITION);
}

/** The number of the codec; a message with one holds others. */
export function compressionId(buffer: Buffer, position: number): number {
  return (buffer[position + ATTRIBUTES_POSITION] ?? 0) & COMPRESSION_BITS;
}

/** Whether the message's checksum (CRC-32 of IEEE) is right; the message must lie in the buffer. */
export function isCrcValid(buffer: Buffer, position: number): boolean {
  const end = position + LOG_OVERHEAD_BYTES + buffer.readInt32BE(position + 8);
  const stored = buffer.readUInt32BE(position + CRC_POSITION);
  return stored === crc32(buffer.subarray(position + MAGIC_POSITION, end));
}

/**
 * Gives the records of a message, those inside it if it is compressed. It must lie in the buffer.
 * @throws CorruptRecordError, DecompressionError
 */
export function readLegacyRecords(
  buffer: Buffer,
  position: number,
  sizeBytesMax: number,
): readonly KafkaRecord[] {
  const codecId = compressionId(buffer, position);
  const outer = readMessage(buffer, position);
  if (codecId === 0) return [outer];
  if (outer.value === null) throw new CorruptRecordError("a compressed message has no value");
  const inner = decompress(outer.value, {
    codecId,
    magic: magicOf(buffer, position),
    sizeBytesMax,
  });
  const records = readInner(inner);
  if (magicOf(buffer, position) === 0) return records;
  const last = records.at(-1);
  if (last === undefined) throw new CorruptRecordError("a compressed message holds none");
  return toAbsolute(records, { outer, last, isLogAppendTime: isLogAppendTime(buffer, position) });
}

/**
 * In format 1 offsets inside count from the first message of the set; the outer one is the last's.
 * Some producers left the outer offset 0: then the inner ones stand as they are.
 */
function toAbsolute(
  records: readonly KafkaRecord[],
  wrapper: { outer: KafkaRecord; last: KafkaRecord; isLogAppendTime: boolean },
): readonly KafkaRecord[] {
  const { outer, last, isLogAppendTime } = wrapper;
  if (outer.offset !== 0 && outer.offset < last.offset) {
    throw new CorruptRecordError("a compressed message has a smaller offset than its last one");
  }
  const base = outer.offset === 0 ? 0 : outer.offset - last.offset;
  return records.map((record) => ({
    ...record,
    offset: base + record.offset,
    timestamp: isLogAppendTime ? outer.timestamp : record.timestamp,
  }));
}

function readInner(inner: Buffer): readonly KafkaRecord[] {
  const records: KafkaRecord[] = [];
  let at = 0;
  while (at < inner.length) {
    const sizeBytes = batchSizeAt(inner, at, inner.length);
    if (sizeBytes < 0) throw new CorruptRecordError("a message inside another is damaged");
    // A cut message at the end is what a producer left over: Kafka passes over it, too.
    if (sizeBytes === 0 || sizeBytes > inner.length - at) break;
    if (magicOf(inner, at) > 1 || compressionId(inner, at) !== 0) {
      throw new CorruptRecordError("a message inside another is compressed or of a newer format");
    }
    records.push(readMessage(inner, at));
    at += sizeBytes;
  }
  if (records.length === 0) throw new CorruptRecordError("a compressed message holds none");
  return records;
}

function readMessage(buffer: Buffer, position: number): KafkaRecord {
  const end = position + LOG_OVERHEAD_BYTES + buffer.readInt32BE(position + 8);
  const keyPosition = position + (magicOf(buffer, position) === 0 ? 18 : 26);
  const key = readField(buffer, keyPosition, end);
  const value = readField(buffer, keyPosition + 4 + (key?.length ?? 0), end);
  return {
    offset: readInt64(buffer, position),
    timestamp: maxTimestamp(buffer, position),
    key,
    value,
    headers: NO_HEADERS,
  };
}

function readField(buffer: Buffer, position: number, end: number): Buffer | null {
  if (position + 4 > end) throw new CorruptRecordError("a message ends in a length");
  const sizeBytes = buffer.readInt32BE(position);
  if (sizeBytes < 0) return null;
  if (sizeBytes > end - position - 4) throw new CorruptRecordError("a field passes its message");
  return buffer.subarray(position + 4, position + 4 + sizeBytes);
}

function decompress(
  value: Buffer,
  options: { readonly codecId: number; readonly magic: number; readonly sizeBytesMax: number },
): Buffer {
  const { codecId, magic, sizeBytesMax } = options;
  if (codecId === CODEC_LZ4) {
    return decompressLz4(value, { sizeBytesMax, ignoreHeaderChecksum: magic === 0 });
  }
  const codec = codecId === CODEC_ZSTD ? undefined : codecOfId(codecId);
  if (codec === undefined) throw new CorruptRecordError("a message has a codec it cannot have");
  return codec.decompress(value, sizeBytesMax);
}

function magicOf(buffer: Buffer, position: number): number {
  return buffer[position + MAGIC_POSITION] ?? 0;
}

function isLogAppendTime(buffer: Buffer, position: number): boolean {
  return ((buffer[position + ATTRIBUTES_POSITION] ?? 0) & LOG_APPEND_TIME_BIT) !== 0;
}
