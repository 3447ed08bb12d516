import { type Codec, corrupt, tooLarge } from "./codec.ts";
import {
  compressLz4Block,
  decompressLz4Block,
  LZ4_BLOCK_TOO_LARGE,
  lz4CompressedSizeBytesMax,
} from "./lz4-block.ts";
import { noteTrap, WASM_SIZE_BYTES_MAX, type WasmCodecs, wasmCodecs } from "./wasm-codecs.ts";
import { xxhash32 } from "./xxhash32.ts";

const FRAME_MAGIC = 0x184d2204;
const SKIPPABLE_MAGIC = 0x184d2a50;
/** Version 1, independent blocks, no checksum but the header's: as Kafka's Java client writes. */
const WRITTEN_FLAGS = 0x60;
const WRITTEN_BLOCK_CODE = 4;
/** The bit of a block's size that says that the block is not compressed. */
const UNCOMPRESSED = 0x80000000;
/** A sequence of an LZ4 block gives at most 255 bytes for each byte that it takes. */
const EXPANSION_MAX = 255;

/**
 * LZ4 frames with independent blocks of 64 KiB, as Kafka's Java client writes them and as the only
 * kind that it reads. Read are dependent blocks, checksums, content sizes and several frames too.
 * Source: lz4_Frame_format.md of lz4/lz4; KIP-57.
 */
export const lz4Codec: Codec = {
  name: "lz4",
  levels: { min: 1, max: 17, default: 9 },
  compress,
  decompress: (input, sizeBytesMax) => decompressLz4(input, { sizeBytesMax }, wasmCodecs()),
};

function compress(input: Uint8Array): Buffer {
  const wasm = input.length <= WASM_SIZE_BYTES_MAX ? wasmCodecs() : undefined;
  return wasm === undefined ? compressInTypeScript(input) : wasm.lz4Compress(input);
}

/** What `compress` does where the WebAssembly module is not to be had. */
export function compressInTypeScript(input: Uint8Array): Buffer {
  const blockSizeBytes = blockSizeOf(WRITTEN_BLOCK_CODE);
  const blockCount = Math.ceil(input.length / blockSizeBytes);
  const output = Buffer.allocUnsafeSlow(
    11 + blockCount * 20 + lz4CompressedSizeBytesMax(input.length),
  );
  output.writeUInt32LE(FRAME_MAGIC, 0);
  output[4] = WRITTEN_FLAGS;
  output[5] = WRITTEN_BLOCK_CODE << 4;
  output[6] = headerChecksum(output, 4, 6);
  let out = 7;
  for (let start = 0; start < input.length; start += blockSizeBytes) {
    const end = Math.min(input.length, start + blockSizeBytes);
    const blockEnd = compressLz4Block(input, { start, end }, output, out + 4);
    if (blockEnd - out - 4 < end - start) {
      output.writeUInt32LE(blockEnd - out - 4, out);
      out = blockEnd;
    } else {
      output.writeUInt32LE((UNCOMPRESSED | (end - start)) >>> 0, out);
      output.set(input.subarray(start, end), out + 4);
      out += 4 + end - start;
    }
  }
  output.writeUInt32LE(0, out);
  return output.subarray(0, out + 4);
}

/** How frames are read. */
export interface Lz4ReadOptions {
  readonly sizeBytesMax: number;
  /**
   * Message sets of format 0 carry a wrong header checksum (KAFKA-3160): it is not looked at.
   */
  readonly ignoreHeaderChecksum?: boolean;
}

/**
 * Decompresses frames one after the other, with the WebAssembly module or without.
 * @throws DecompressionError
 */
export function decompressLz4(
  input: Uint8Array,
  options: Lz4ReadOptions,
  wasm?: Pick<WasmCodecs, "lz4Decompress">,
): Buffer {
  const source = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const frames = findFrames(source, options);
  let room = 0;
  for (const frame of frames) room += roomOf(frame);
  if (wasm !== undefined && frames.length === 1 && room <= WASM_SIZE_BYTES_MAX) {
    const output = decompressInWasm(source, options.sizeBytesMax, wasm);
    if (output !== undefined) return output;
  }
  const output = Buffer.allocUnsafeSlow(Math.min(room, options.sizeBytesMax));
  let out = 0;
  for (const frame of frames) {
    out = decompressFrame(source, frame, { output, position: out, options });
  }
  return output.subarray(0, out);
}

/**
 * The module knows no limit, so the caller has seen that the frame's blocks cannot pass one.
 * Gives nothing when it trapped, as it does on damaged input: TypeScript then says what is wrong.
 */
function decompressInWasm(
  source: Buffer,
  sizeBytesMax: number,
  wasm: Pick<WasmCodecs, "lz4Decompress">,
): Buffer | undefined {
  try {
    const output = wasm.lz4Decompress(source);
    return output.length <= sizeBytesMax ? output : undefined;
  } catch {
    // Whatever it threw says nothing of the input; the other decoder gives the answer.
    noteTrap();
    return undefined;
  }
}

interface Block {
  readonly start: number;
  readonly end: number;
  readonly isCompressed: boolean;
  readonly checksum: number | undefined;
}

interface Frame {
  readonly blocksDepend: boolean;
  readonly blockSizeBytesMax: number;
  readonly contentSizeBytes: number | undefined;
  readonly contentChecksum: number | undefined;
  readonly blocks: readonly Block[];
}

/** Reads the structure of all frames, so that room is known before anything is decompressed. */
function findFrames(source: Buffer, options: Lz4ReadOptions): Frame[] {
  const frames: Frame[] = [];
  let at = 0;
  while (at < source.length) {
    const magic = readWord(source, at);
    if (magic >>> 4 === SKIPPABLE_MAGIC >>> 4) {
      at += 8 + readWord(source, at + 4);
      continue;
    }
    if (magic !== FRAME_MAGIC) throw corrupt("LZ4 data does not begin with a frame");
    at = readFrame(source, at, options, frames);
  }
  if (frames.length === 0 || at > source.length) throw corrupt("LZ4 data holds no whole frame");
  return frames;
}

function readFrame(source: Buffer, start: number, options: Lz4ReadOptions, into: Frame[]): number {
  const flags = source[start + 4] ?? 0;
  const blockCode = ((source[start + 5] ?? 0) >>> 4) & 7;
  if (flags >>> 6 !== 1 || blockCode < 4)
    throw corrupt("an LZ4 frame has an unknown version or size");
  if ((flags & 0x01) !== 0) throw corrupt("an LZ4 frame needs a dictionary");
  let at = start + 6;
  let contentSizeBytes: number | undefined;
  if ((flags & 0x08) !== 0) {
    contentSizeBytes = readWord(source, at) + readWord(source, at + 4) * 0x100000000;
    at += 8;
  }
  const checksum = source[at];
  if (checksum === undefined) throw corrupt("LZ4 data ends in a frame's header");
  if (checksum !== headerChecksum(source, start + 4, at) && options.ignoreHeaderChecksum !== true) {
    throw corrupt("an LZ4 frame's header has a wrong checksum");
  }
  const blocks: Block[] = [];
  const blockSizeBytesMax = blockSizeOf(blockCode);
  at = readBlocks(
    source,
    at + 1,
    { hasChecksums: (flags & 0x10) !== 0, blockSizeBytesMax },
    blocks,
  );
  let contentChecksum: number | undefined;
  if ((flags & 0x04) !== 0) {
    contentChecksum = readWord(source, at);
    at += 4;
  }
  const blocksDepend = (flags & 0x20) === 0;
  into.push({ blocksDepend, blockSizeBytesMax, contentSizeBytes, contentChecksum, blocks });
  return at;
}

function readBlocks(
  source: Buffer,
  start: number,
  format: { readonly hasChecksums: boolean; readonly blockSizeBytesMax: number },
  into: Block[],
): number {
  let at = start;
  for (;;) {
    const size = readWord(source, at);
    at += 4;
    if (size === 0) return at;
    const sizeBytes = size & ~UNCOMPRESSED;
    if (sizeBytes > format.blockSizeBytesMax) throw corrupt("an LZ4 block is too large");
    if (sizeBytes > source.length - at) throw corrupt("LZ4 data ends in a block");
    const end = at + sizeBytes;
    const checksum = format.hasChecksums ? readWord(source, end) : undefined;
    into.push({ start: at, end, isCompressed: (size & UNCOMPRESSED) === 0, checksum });
    at = end + (format.hasChecksums ? 4 : 0);
  }
}

/** What a frame can decompress to at most, whatever it says of its content's size. */
function roomOf(frame: Frame): number {
  let room = 0;
  for (const { start, end, isCompressed } of frame.blocks) {
    const expanded = isCompressed ? (end - start) * EXPANSION_MAX : end - start;
    room += Math.min(frame.blockSizeBytesMax, expanded);
  }
  return room;
}

function decompressFrame(
  source: Buffer,
  frame: Frame,
  target: { readonly output: Buffer; readonly position: number; readonly options: Lz4ReadOptions },
): number {
  const { output, position, options } = target;
  let out = position;
  for (const block of frame.blocks) {
    if (
      block.checksum !== undefined &&
      block.checksum !== xxhash32(source, block.start, block.end)
    ) {
      throw corrupt("an LZ4 block has a wrong checksum");
    }
    const outputEnd = Math.min(output.length, out + frame.blockSizeBytesMax);
    const historyStart = frame.blocksDepend ? position : out;
    const after = block.isCompressed
      ? decompressLz4Block({
          ...block,
          input: source,
          output,
          outputStart: out,
          outputEnd,
          historyStart,
        })
      : copyBlock(source, block, output.subarray(out, outputEnd), out);
    if (after === LZ4_BLOCK_TOO_LARGE) {
      if (outputEnd === options.sizeBytesMax) throw tooLarge("lz4", options.sizeBytesMax);
      throw corrupt("an LZ4 block is larger than its frame says");
    }
    out = after;
  }
  if (frame.contentSizeBytes !== undefined && frame.contentSizeBytes !== out - position) {
    throw corrupt("an LZ4 frame has not the length it says");
  }
  if (
    frame.contentChecksum !== undefined &&
    frame.contentChecksum !== xxhash32(output, position, out)
  ) {
    throw corrupt("an LZ4 frame has a wrong checksum");
  }
  return out;
}

function copyBlock(source: Buffer, block: Block, room: Buffer, out: number): number {
  if (block.end - block.start > room.length) return LZ4_BLOCK_TOO_LARGE;
  return out + source.copy(room, 0, block.start, block.end);
}

function blockSizeOf(code: number): number {
  return 1 << (8 + 2 * code);
}

function headerChecksum(bytes: Uint8Array, start: number, end: number): number {
  return (xxhash32(bytes, start, end) >>> 8) & 0xff;
}

function readWord(source: Buffer, at: number): number {
  if (at + 4 > source.length) throw corrupt("LZ4 data ends too early");
  return source.readUInt32LE(at);
}
