import { type Codec, corrupt, tooLarge } from "./codec.ts";
import {
  compressSnappyBlock,
  decompressSnappyBlock,
  type SnappyBlock,
  snappyCompressedSizeBytesMax,
  snappyDecompressedSizeBytes,
} from "./snappy-block.ts";
import { noteTrap, WASM_SIZE_BYTES_MAX, type WasmCodecs, wasmCodecs } from "./wasm-codecs.ts";

/** What a stream of snappy-java begins with: 0x82, "SNAPPY", 0, version 1, compatible with 1. */
const HEADER = Buffer.from("82534e4150505900" + "00000001" + "00000001", "hex");
/** The part of it that tells the framing from a plain block. */
const MAGIC_SIZE_BYTES = 8;
/** What snappy-java puts into one block. */
const BLOCK_SIZE_BYTES = 32 * 1024;

/**
 * Snappy in the framing of snappy-java ("xerial"), which Kafka's Java client writes: a header, then
 * blocks with their length before them. A plain block, as some clients send, is read too.
 * Source: SnappyOutputStream of snappy-java; format_description.txt of google/snappy.
 */
export const snappyCodec: Codec = { name: "snappy", levels: undefined, compress, decompress };

function compress(input: Uint8Array): Buffer {
  const wasm = wasmCodecs();
  return wasm === undefined ? compressInTypeScript(input) : compressInWasm(input, wasm);
}

function compressInWasm(input: Uint8Array, wasm: WasmCodecs): Buffer {
  const chunks: Buffer[] = [HEADER];
  for (let start = 0; start < input.length; start += BLOCK_SIZE_BYTES) {
    const block = wasm.snappyCompress(input.subarray(start, start + BLOCK_SIZE_BYTES));
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(block.length, 0);
    chunks.push(length, block);
  }
  return Buffer.concat(chunks);
}

/** What `compress` does where the WebAssembly module is not to be had. */
export function compressInTypeScript(input: Uint8Array): Buffer {
  const blockCount = Math.ceil(input.length / BLOCK_SIZE_BYTES);
  const output = Buffer.allocUnsafeSlow(roomFor(input.length, blockCount));
  let out = HEADER.copy(output);
  for (let start = 0; start < input.length; start += BLOCK_SIZE_BYTES) {
    const end = Math.min(input.length, start + BLOCK_SIZE_BYTES);
    const blockEnd = compressSnappyBlock(input, { start, end }, output, out + 4);
    output.writeInt32BE(blockEnd - out - 4, out);
    out = blockEnd;
  }
  return output.subarray(0, out);
}

function roomFor(sizeBytes: number, blockCount: number): number {
  return HEADER.length + blockCount * 36 + snappyCompressedSizeBytesMax(sizeBytes);
}

function decompress(input: Uint8Array, sizeBytesMax: number): Buffer {
  return decompressSnappy(input, sizeBytesMax, wasmCodecs());
}

/** What `decompress` does, with the WebAssembly module or without. */
export function decompressSnappy(
  input: Uint8Array,
  sizeBytesMax: number,
  wasm: Pick<WasmCodecs, "snappyDecompress"> | undefined,
): Buffer {
  const source = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const blocks = findBlocks(source);
  let sizeBytes = 0;
  for (const { start, end } of blocks) {
    const blockSizeBytes = snappyDecompressedSizeBytes(source, start, end);
    if (blockSizeBytes > sizeBytesMax - sizeBytes) throw tooLarge("snappy", sizeBytesMax);
    assertPlausible(end - start, blockSizeBytes);
    sizeBytes += blockSizeBytes;
  }
  const output = Buffer.allocUnsafeSlow(sizeBytes);
  let outputStart = 0;
  for (const { start, end } of blocks) {
    const outputEnd = outputStart + snappyDecompressedSizeBytes(source, start, end);
    const block = { input: source, start, end, output, outputStart, outputEnd };
    if (!decompressInWasm(block, wasm)) decompressSnappyBlock(block);
    outputStart = outputEnd;
  }
  return output;
}

/** Whether the module did it. It traps on damaged input: then TypeScript finds what is wrong. */
function decompressInWasm(
  block: SnappyBlock,
  wasm: Pick<WasmCodecs, "snappyDecompress"> | undefined,
): boolean {
  const { start, end, outputStart, outputEnd } = block;
  if (wasm === undefined || outputEnd - outputStart > WASM_SIZE_BYTES_MAX) return false;
  try {
    const bytes = wasm.snappyDecompress(block.input.subarray(start, end));
    if (bytes.length !== outputEnd - outputStart) return false;
    block.output.set(bytes, outputStart);
    return true;
  } catch {
    // Whatever it threw says nothing of the input; the other decoder gives the answer.
    noteTrap();
    return false;
  }
}

/**
 * The format cannot shrink data to less than 3 bytes for 64 (a copy element): a length that says
 * more is a lie, and no memory is reserved for it.
 */
function assertPlausible(compressedBytes: number, sizeBytes: number): void {
  if (sizeBytes > compressedBytes * 22 + 64) throw corrupt("a snappy block lies about its length");
}

function findBlocks(source: Buffer): { readonly start: number; readonly end: number }[] {
  if (!hasMagic(source, 0)) return [{ start: 0, end: source.length }];
  const blocks = [];
  let at = HEADER.length;
  while (at < source.length) {
    // Streams that were put one after the other repeat the header.
    if (hasMagic(source, at)) {
      at += HEADER.length;
      continue;
    }
    if (source.length - at < 4) throw corrupt("snappy data ends within a block's length");
    const length = source.readInt32BE(at);
    const start = at + 4;
    if (length <= 0 || length > source.length - start) throw corrupt("snappy data ends in a block");
    blocks.push({ start, end: start + length });
    at = start + length;
  }
  if (at > source.length) throw corrupt("snappy data ends in its header");
  return blocks;
}

function hasMagic(source: Buffer, at: number): boolean {
  return (
    source.length - at >= MAGIC_SIZE_BYTES &&
    source.compare(HEADER, 0, MAGIC_SIZE_BYTES, at, at + MAGIC_SIZE_BYTES) === 0
  );
}
