import assert from "node:assert/strict";
import { test } from "node:test";

import { DecompressionError } from "../../src/compression/codec.ts";
import { compressInTypeScript, decompressLz4, lz4Codec } from "../../src/compression/lz4.ts";
import { wasmCodecs } from "../../src/compression/wasm-codecs.ts";
import { xxhash32 } from "../../src/compression/xxhash32.ts";
import { sampleTexts } from "./sample-texts.ts";

const options = { sizeBytesMax: 1 << 24 };
const wasm = wasmCodecs();

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** A frame with the given flags, around blocks that are already in their form. */
function frame(flags: number, blocks: readonly Buffer[], content: Buffer): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(content.length));
  const descriptor = Buffer.concat([
    Buffer.from([flags, 0x40]),
    (flags & 8) === 0 ? Buffer.alloc(0) : size,
  ]);
  const checksum = (xxhash32(descriptor, 0, descriptor.length) >>> 8) & 0xff;
  const parts = [word(0x184d2204), descriptor, Buffer.from([checksum])];
  for (const block of blocks) {
    parts.push(block);
    if ((flags & 16) !== 0) parts.push(word(xxhash32(block, 4, block.length)));
  }
  parts.push(word(0));
  if ((flags & 4) !== 0) parts.push(word(xxhash32(content, 0, content.length)));
  return Buffer.concat(parts);
}

const literal = Buffer.from("abcdefgh");
const literalBlock = Buffer.concat([word(9), Buffer.from([0x80]), literal]);
/** A match of 16 from 8 back, across the block's start, then five literals. */
const dependentBlock = Buffer.concat([
  word(9),
  Buffer.from([0x0c, 8, 0, 0x50]),
  Buffer.from("12345"),
]);
const uncompressedBlock = Buffer.concat([word(0x80000003), Buffer.from("xyz")]);
const dependentText = Buffer.from("abcdefgh" + "abcdefghabcdefgh" + "12345" + "xyz");

test("both implementations read what each of them writes", () => {
  assert.ok(wasm !== undefined, "the WebAssembly module is installed");
  for (const text of sampleTexts()) {
    for (const compressed of [compressInTypeScript(text), lz4Codec.compress(text)]) {
      assert.deepEqual(decompressLz4(compressed, options), text);
      assert.deepEqual(decompressLz4(compressed, options, wasm), text);
    }
  }
});

test("a frame is written as Kafka's Java client does: independent blocks of 64 KiB", () => {
  for (const compress of [compressInTypeScript, (input: Buffer) => lz4Codec.compress(input)]) {
    const compressed = compress(Buffer.alloc(200_000, "abc"));
    assert.equal(compressed.subarray(0, 4).toString("hex"), "04224d18");
    const flags = compressed[4] ?? 0;
    assert.equal(flags & 0x20, 0x20, "blocks are independent");
    assert.equal(flags & 0x01, 0, "no dictionary");
  }
});

test("dependent blocks, checksums, content size and uncompressed blocks are read", () => {
  const blocks = [literalBlock, dependentBlock, uncompressedBlock];
  for (const flags of [0x40, 0x48, 0x44, 0x50, 0x5c]) {
    const bytes = frame(flags, blocks, dependentText);
    assert.deepEqual(decompressLz4(bytes, options), dependentText, `flags ${flags}`);
    assert.deepEqual(decompressLz4(bytes, options, wasm), dependentText, `flags ${flags}`);
  }
});

test("a match across the start of an independent block is refused", () => {
  const bytes = frame(0x60, [literalBlock, dependentBlock], dependentText);
  assert.throws(() => decompressLz4(bytes, options), DecompressionError);
});

test("frames one after the other and skippable ones are read", () => {
  const skipped = Buffer.concat([word(0x184d2a57), word(5), Buffer.alloc(5)]);
  const one = frame(0x60, [literalBlock], literal);
  const bytes = Buffer.concat([one, skipped, one]);
  assert.equal(decompressLz4(bytes, options, wasm).toString(), "abcdefghabcdefgh");
});

test("wrong checksums and sizes are found", () => {
  const blocks = [literalBlock, dependentBlock, uncompressedBlock];
  const whole = frame(0x5c, blocks, dependentText);
  for (let at = 4; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 0x11;
    assert.throws(() => decompressLz4(damaged, options), DecompressionError, `byte ${at}`);
  }
  const wrongSize = frame(0x48, blocks, dependentText.subarray(1));
  assert.throws(() => decompressLz4(wrongSize, options), DecompressionError);
});

test("the header checksum of format 0 is not looked at", () => {
  const bytes = frame(0x60, [literalBlock], literal);
  bytes[6] = (bytes[6] ?? 0) ^ 0xff;
  assert.throws(() => decompressLz4(bytes, options), DecompressionError);
  const read = decompressLz4(bytes, { ...options, ignoreHeaderChecksum: true });
  assert.deepEqual(read, literal);
});

test("what is not a frame is refused", () => {
  for (const hex of ["", "00", "04224d18", "04224d1860", "04224d18a04000", "04224d18603000"]) {
    const bytes = Buffer.from(hex, "hex");
    assert.throws(() => decompressLz4(bytes, options), DecompressionError, hex);
  }
  const withDictionary = frame(0x61, [literalBlock], literal);
  assert.throws(() => decompressLz4(withDictionary, options), DecompressionError);
});

test("a module that traps is replaced by TypeScript", () => {
  const broken = {
    lz4Decompress: (): Buffer => {
      throw new Error("unreachable");
    },
  };
  const text = Buffer.from("what is said once, is said once");
  assert.deepEqual(decompressLz4(compressInTypeScript(text), options, broken), text);
});
