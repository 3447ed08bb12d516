/**
 * The LZ4 block format: literals and matches in turns.
 * Source: lz4_Block_format.md of lz4/lz4.
 */
import { corrupt } from "./codec.ts";

const HASH_BITS = 14;
const MATCH_BYTES_MIN = 4;
const DISTANCE_MAX = 65535;
/** The last match begins at least 12 bytes before the end, and the last 5 bytes are literals. */
const MATCH_START_MARGIN = 12;
const LAST_LITERALS = 5;
/** Up to this length a loop is faster than entering `copyWithin` or `set`. */
const LOOP_BYTES_MAX = 48;

/** An upper limit for what `sizeBytes` can compress to. */
export function lz4CompressedSizeBytesMax(sizeBytes: number): number {
  return sizeBytes + Math.floor(sizeBytes / 255) + 16;
}

/** Where a block is, and where its decompressed form goes. */
export interface Lz4Block {
  readonly input: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly output: Buffer;
  readonly outputStart: number;
  /** The block must not pass this. */
  readonly outputEnd: number;
  /** Matches must not reach before this: the block's start, or an earlier one's if they depend. */
  readonly historyStart: number;
}

/** What `decompressLz4Block` gives when the block would pass `outputEnd`. */
export const LZ4_BLOCK_TOO_LARGE = -1;

/**
 * Decompresses one block.
 * @returns the position after its last byte, or LZ4_BLOCK_TOO_LARGE.
 * @throws DecompressionError when it is damaged.
 */
export function decompressLz4Block(block: Lz4Block): number {
  const { input, end, output, outputEnd, historyStart } = block;
  let at = block.start;
  let out = block.outputStart;
  for (;;) {
    if (at >= end) throw corrupt("an LZ4 block ends where a sequence should begin");
    const token = input[at++] ?? 0;
    let length = readLength(block, at, token >>> 4);
    at += lengthSizeBytes(length);
    if (length > end - at) throw corrupt("LZ4 literals are too long");
    if (length > outputEnd - out) return LZ4_BLOCK_TOO_LARGE;
    copyLiterals(block, at, out, length);
    at += length;
    out += length;
    if (at === end) return out;
    if (end - at < 2) throw corrupt("an LZ4 block ends in a match");
    const distance = (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8);
    at += 2;
    if (distance === 0 || distance > out - historyStart)
      throw corrupt("an LZ4 match reaches too far");
    length = readLength(block, at, token & 15);
    at += lengthSizeBytes(length);
    length += MATCH_BYTES_MIN;
    if (length > outputEnd - out) return LZ4_BLOCK_TOO_LARGE;
    copyMatch(output, out, distance, length);
    out += length;
  }
}

/** A length: four bits of the token and, when all are set, bytes after it while they are 255. */
function readLength(block: Lz4Block, start: number, bits: number): number {
  if (bits < 15) return bits;
  let sum = bits;
  for (let at = start; at < block.end; at++) {
    const byte = block.input[at] ?? 0;
    sum += byte;
    if (byte !== 255) return sum;
  }
  throw corrupt("an LZ4 block ends in a length");
}

/** How many bytes after the token a length takes. */
function lengthSizeBytes(length: number): number {
  return length < 15 ? 0 : Math.floor((length - 15) / 255) + 1;
}

function copyLiterals(block: Lz4Block, at: number, out: number, length: number): void {
  const { input, output } = block;
  if (length > LOOP_BYTES_MAX) {
    output.set(input.subarray(at, at + length), out);
    return;
  }
  for (let i = 0; i < length; i++) output[out + i] = input[at + i] ?? 0;
}

function copyMatch(output: Buffer, out: number, distance: number, length: number): void {
  const from = out - distance;
  if (length > LOOP_BYTES_MAX && distance >= length) {
    output.copyWithin(out, from, from + length);
    return;
  }
  for (let i = 0; i < length; i++) output[out + i] = output[from + i] ?? 0;
}

let hashTable: Int32Array | undefined;

/**
 * Compresses `input[start, end)` as one block, greedily.
 * @returns the position after it in `output`, which must have room for the size's upper limit.
 */
export function compressLz4Block(
  input: Uint8Array,
  range: { readonly start: number; readonly end: number },
  output: Buffer,
  outputStart: number,
): number {
  const { start, end } = range;
  hashTable ??= new Int32Array(1 << HASH_BITS);
  const table = hashTable.fill(-1);
  const matchStartEnd = end - MATCH_START_MARGIN;
  const matchEndMax = end - LAST_LITERALS;
  let out = outputStart;
  let literalStart = start;
  let at = start;
  let misses = 32;
  while (at <= matchStartEnd) {
    const word = word32(input, at);
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const candidate = table[slot] ?? -1;
    table[slot] = at;
    if (candidate < 0 || at - candidate > DISTANCE_MAX || word32(input, candidate) !== word) {
      at += misses++ >>> 5;
      continue;
    }
    misses = 32;
    let matchEnd = at + MATCH_BYTES_MIN;
    for (let from = candidate + MATCH_BYTES_MIN; matchEnd < matchEndMax; matchEnd++, from++) {
      if (input[matchEnd] !== input[from]) break;
    }
    const match = { distance: at - candidate, length: matchEnd - at };
    out = writeSequence(input, { start: literalStart, end: at }, match, { output, position: out });
    at = matchEnd;
    literalStart = matchEnd;
  }
  return writeSequence(input, { start: literalStart, end }, undefined, { output, position: out });
}

/** Writes literals and, but for the last sequence of a block, the match after them. */
function writeSequence(
  input: Uint8Array,
  literals: { readonly start: number; readonly end: number },
  match: { readonly distance: number; readonly length: number } | undefined,
  target: { readonly output: Buffer; readonly position: number },
): number {
  const { output } = target;
  const literalLength = literals.end - literals.start;
  const matchLength = match === undefined ? 0 : match.length - MATCH_BYTES_MIN;
  let at = target.position;
  output[at++] = (Math.min(literalLength, 15) << 4) | Math.min(matchLength, 15);
  if (literalLength >= 15) at = writeLength(output, at, literalLength - 15);
  if (literalLength <= LOOP_BYTES_MAX) {
    for (let i = 0; i < literalLength; i++) output[at + i] = input[literals.start + i] ?? 0;
  } else {
    output.set(input.subarray(literals.start, literals.end), at);
  }
  at += literalLength;
  if (match === undefined) return at;
  output[at++] = match.distance & 0xff;
  output[at++] = match.distance >>> 8;
  return matchLength >= 15 ? writeLength(output, at, matchLength - 15) : at;
}

function writeLength(output: Buffer, position: number, length: number): number {
  let at = position;
  let rest = length;
  for (; rest >= 255; rest -= 255) output[at++] = 255;
  output[at++] = rest;
  return at;
}

function word32(input: Uint8Array, at: number): number {
  return (
    (input[at] ?? 0) |
    ((input[at + 1] ?? 0) << 8) |
    ((input[at + 2] ?? 0) << 16) |
    ((input[at + 3] ?? 0) << 24)
  );
}
