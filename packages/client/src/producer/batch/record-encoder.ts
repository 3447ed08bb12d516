/**
 * Writes records of a batch (magic 2) into memory that has room for them.
 * Format: docs/formats/record-batch.md §2.
 */
import type { SerializedHeader, SerializedRecord } from "../producer-record.ts";

const VARINT_SIZE_BYTES_MAX = 5;
const VARLONG_SIZE_BYTES_MAX = 10;
/** Length, attributes, timestamp, offset, lengths of key and value, count of headers. */
const OVERHEAD_SIZE_BYTES_MAX = 5 * VARINT_SIZE_BYTES_MAX + 1 + VARLONG_SIZE_BYTES_MAX;
/** Up to this length a loop is faster than entering `set`. */
const LOOP_BYTES_MAX = 24;
/** Magnitudes from here on do not fit into the bits that JavaScript's operators work on. */
const ZIGZAG_INT_END = 0x40000000;

/** An upper limit for what a record takes, wherever in a batch it stands. */
export function recordSizeBytesMax(record: SerializedRecord): number {
  const { key, value, headers } = record;
  let sizeBytes = OVERHEAD_SIZE_BYTES_MAX;
  if (key !== null) sizeBytes += key.length;
  if (value !== null) sizeBytes += value.length;
  for (const header of headers) {
    sizeBytes += 2 * VARINT_SIZE_BYTES_MAX + header.key.length + (header.value?.length ?? 0);
  }
  return sizeBytes;
}

/** Writes a record at `start` and gives the position after it. */
export function writeRecord(
  target: Buffer,
  start: number,
  record: SerializedRecord,
  deltas: { readonly offset: number; readonly timestamp: number },
): number {
  const { key, value, headers } = record;
  let bodySize = 1 + sizeOfVarint(deltas.timestamp) + sizeOfVarint(deltas.offset);
  bodySize += sizeOfBytes(key) + sizeOfBytes(value) + sizeOfVarint(headers.length);
  for (const header of headers) bodySize += sizeOfBytes(header.key) + sizeOfBytes(header.value);
  let at = writeVarint(target, start, bodySize);
  target[at++] = 0;
  at = writeVarint(target, at, deltas.timestamp);
  at = writeVarint(target, at, deltas.offset);
  at = writeBytes(target, at, key);
  at = writeBytes(target, at, value);
  at = writeVarint(target, at, headers.length);
  return headers.length === 0 ? at : writeHeaders(target, at, headers);
}

function writeHeaders(target: Buffer, start: number, headers: readonly SerializedHeader[]): number {
  let at = start;
  for (const header of headers) {
    at = writeBytes(target, at, header.key);
    at = writeBytes(target, at, header.value);
  }
  return at;
}

function sizeOfBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length;
}

/** How many bytes a safe integer takes in zig-zag form. */
function sizeOfVarint(value: number): number {
  let rest = value < 0 ? -(value + 1) : value;
  if (rest < 0x40) return 1;
  if (rest < 0x2000) return 2;
  let sizeBytes = 3;
  for (rest = Math.floor(rest / 0x100000); rest > 0; rest = Math.floor(rest / 0x80)) sizeBytes++;
  return sizeBytes;
}

function writeVarint(target: Buffer, start: number, value: number): number {
  if (value >= ZIGZAG_INT_END || value < -ZIGZAG_INT_END) return writeVarlong(target, start, value);
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let at = start;
  while (rest > 0x7f) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}

/** For timestamps far from the first one of the batch. */
function writeVarlong(target: Buffer, start: number, value: number): number {
  const magnitude = value < 0 ? -(value + 1) : value;
  let rest = Math.floor(magnitude / 0x40);
  let byte = ((magnitude & 0x3f) << 1) | (value < 0 ? 1 : 0);
  let at = start;
  while (rest > 0) {
    target[at++] = byte | 0x80;
    byte = rest & 0x7f;
    rest = Math.floor(rest / 0x80);
  }
  target[at++] = byte;
  return at;
}

function writeBytes(target: Buffer, start: number, bytes: Uint8Array | null): number {
  if (bytes === null) {
    // The zig-zag form of -1.
    target[start] = 1;
    return start + 1;
  }
  const at = writeVarint(target, start, bytes.length);
  const { length } = bytes;
  if (length > LOOP_BYTES_MAX) target.set(bytes, at);
  else for (let index = 0; index < length; index += 1) target[at + index] = bytes[index] ?? 0;
  return at + length;
}
