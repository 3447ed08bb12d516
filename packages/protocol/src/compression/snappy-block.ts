/**
 * The Snappy block format: a length, then literals and copies.
 * Source: format_description.txt of google/snappy.
 */
import { corrupt } from "./codec.ts";

const HASH_BITS = 14;
/** The last bytes of a block are written as they are, so that reading four at once stays inside. */
const TAIL_BYTES = 15;
/** Up to this length a loop is faster than entering `copyWithin` or `set`. */
const LOOP_BYTES_MAX = 48;

/** An upper limit for what `sizeBytes` can compress to. */
export function snappyCompressedSizeBytesMax(sizeBytes: number): number {
  return 32 + sizeBytes + Math.floor(sizeBytes / 6);
}

/** Gives the length that a block says it has, or throws when it does not say. */
export function snappyDecompressedSizeBytes(input: Uint8Array, start: number, end: number): number {
  let size = 0;
  for (let at = start, shift = 0; at < end && shift < 35; at++, shift += 7) {
    const byte = input[at] ?? 0;
    size += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) {
      if (size > 0xffffffff) break;
      return size;
    }
  }
  throw corrupt("a snappy block does not begin with its length");
}

/** Where a block is, and where its decompressed form goes: exactly `[outputStart, outputEnd)`. */
export interface SnappyBlock {
  readonly input: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly output: Buffer;
  readonly outputStart: number;
  readonly outputEnd: number;
}

/** Decompresses one block. @throws DecompressionError when it does not fill its place exactly. */
export function decompressSnappyBlock(block: SnappyBlock): void {
  const { input, end, output, outputStart, outputEnd } = block;
  let at = block.start;
  while (at < end && (input[at] ?? 0) >= 0x80) at++;
  at++;
  let out = outputStart;
  while (at < end) {
    const tag = input[at++] ?? 0;
    if ((tag & 3) === 0) {
      const extraBytes = tag < 60 << 2 ? 0 : (tag >>> 2) - 59;
      const length = 1 + (extraBytes === 0 ? tag >>> 2 : littleEndian(input, at, extraBytes));
      at += extraBytes;
      copyLiteral(block, at, out, length);
      at += length;
      out += length;
      continue;
    }
    const isShort = (tag & 3) === 1;
    const length = isShort ? 4 + ((tag >>> 2) & 7) : 1 + (tag >>> 2);
    const distanceBytes = isShort ? 1 : 2 * ((tag & 3) - 1);
    const distance = littleEndian(input, at, distanceBytes) + (isShort ? (tag & 0xe0) << 3 : 0);
    at += distanceBytes;
    checkCopy({ distance, length }, { before: out - outputStart, left: outputEnd - out });
    copyBack(output, out, { distance, length });
    out += length;
  }
  if (out !== outputEnd || at !== end) throw corrupt("a snappy block has not the length it says");
}

function checkCopy(
  copy: { readonly distance: number; readonly length: number },
  room: { readonly before: number; readonly left: number },
): void {
  if (copy.distance === 0 || copy.distance > room.before) {
    throw corrupt("a snappy copy reaches too far");
  }
  if (copy.length > room.left) throw corrupt("a snappy copy is too long");
}

function copyLiteral(block: SnappyBlock, at: number, out: number, length: number): void {
  const { input, end, output, outputEnd } = block;
  if (length > end - at || length > outputEnd - out) throw corrupt("a snappy literal is too long");
  if (length > LOOP_BYTES_MAX) {
    output.set(input.subarray(at, at + length), out);
    return;
  }
  for (let i = 0; i < length; i++) output[out + i] = input[at + i] ?? 0;
}

function copyBack(output: Buffer, out: number, copy: { distance: number; length: number }): void {
  const from = out - copy.distance;
  if (copy.length > LOOP_BYTES_MAX && copy.distance >= copy.length) {
    output.copyWithin(out, from, from + copy.length);
    return;
  }
  for (let i = 0; i < copy.length; i++) output[out + i] = output[from + i] ?? 0;
}

function littleEndian(input: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + (input[at + i] ?? 0);
  return value;
}

const hashTable = { positions: undefined as Uint16Array | undefined };

/**
 * Compresses `input[start, end)`, at most 64 KiB, as one block, greedily.
 * @returns the position after it in `output`, which must have room for the size's upper limit.
 */
export function compressSnappyBlock(
  input: Uint8Array,
  range: { readonly start: number; readonly end: number },
  output: Buffer,
  outputStart: number,
): number {
  const { start, end } = range;
  let out = writeLength(output, outputStart, end - start);
  hashTable.positions ??= new Uint16Array(1 << HASH_BITS);
  const table = hashTable.positions.fill(0);
  const searchEnd = end - TAIL_BYTES;
  let literalStart = start;
  let at = start + 1;
  let misses = 32;
  while (at < searchEnd) {
    const word = word32(input, at);
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
    const candidate = start + (table[slot] ?? 0);
    table[slot] = at - start;
    if (candidate >= at || word32(input, candidate) !== word) {
      at += misses++ >>> 5;
      continue;
    }
    misses = 32;
    if (at > literalStart) out = writeLiteral(input, { start: literalStart, end: at }, output, out);
    let matchEnd = at + 4;
    let from = candidate + 4;
    while (matchEnd < end && input[matchEnd] === input[from]) {
      matchEnd++;
      from++;
    }
    out = writeCopy(output, out, { distance: at - candidate, length: matchEnd - at });
    if (matchEnd < searchEnd) {
      const before = word32(input, matchEnd - 1);
      table[Math.imul(before, 0x1e35a7bd) >>> (32 - HASH_BITS)] = matchEnd - 1 - start;
    }
    at = matchEnd;
    literalStart = matchEnd;
  }
  return end > literalStart ? writeLiteral(input, { start: literalStart, end }, output, out) : out;
}

function word32(input: Uint8Array, at: number): number {
  return (
    (input[at] ?? 0) |
    ((input[at + 1] ?? 0) << 8) |
    ((input[at + 2] ?? 0) << 16) |
    ((input[at + 3] ?? 0) << 24)
  );
}

function writeLength(output: Buffer, position: number, length: number): number {
  let at = position;
  let rest = length;
  for (; rest >= 0x80; rest >>>= 7) output[at++] = (rest & 0x7f) | 0x80;
  output[at++] = rest;
  return at;
}

function writeLiteral(
  input: Uint8Array,
  range: { readonly start: number; readonly end: number },
  output: Buffer,
  position: number,
): number {
  const length = range.end - range.start;
  let at = position;
  const less = length - 1;
  if (less < 60) {
    output[at++] = less << 2;
  } else if (less < 256) {
    output[at++] = 60 << 2;
    output[at++] = less;
  } else {
    output[at++] = 61 << 2;
    output[at++] = less & 0xff;
    output[at++] = less >>> 8;
  }
  if (length <= LOOP_BYTES_MAX) {
    for (let i = 0; i < length; i++) output[at + i] = input[range.start + i] ?? 0;
  } else {
    output.set(input.subarray(range.start, range.end), at);
  }
  return at + length;
}

function writeCopy(
  output: Buffer,
  position: number,
  copy: { readonly distance: number; readonly length: number },
): number {
  let at = position;
  let length = copy.length;
  while (length > 0) {
    // A copy element holds 64; a rest below 4 could not be written in the short form.
    const part = length > 64 ? (length < 68 ? 60 : 64) : length;
    if (part >= 4 && part < 12 && copy.distance < 2048) {
      output[at++] = 1 | ((part - 4) << 2) | ((copy.distance >>> 8) << 5);
      output[at++] = copy.distance & 0xff;
    } else {
      output[at++] = 2 | ((part - 1) << 2);
      output[at++] = copy.distance & 0xff;
      output[at++] = copy.distance >>> 8;
    }
    length -= part;
  }
  return at;
}
