import assert from "node:assert/strict";
import { test } from "node:test";

import { DecompressionError } from "../../src/compression/codec.ts";
import {
  compressInTypeScript,
  decompressSnappy,
  snappyCodec,
} from "../../src/compression/snappy.ts";
import { wasmCodecs } from "../../src/compression/wasm-codecs.ts";
import { sampleTexts } from "./sample-texts.ts";

const LIMIT = 1 << 24;
const wasm = wasmCodecs();

test("both implementations read what each of them writes", () => {
  assert.ok(wasm !== undefined, "the WebAssembly module is installed");
  for (const text of sampleTexts()) {
    const own = compressInTypeScript(text);
    for (const compressed of [own, snappyCodec.compress(text)]) {
      assert.deepEqual(decompressSnappy(compressed, LIMIT, undefined), text);
      assert.deepEqual(decompressSnappy(compressed, LIMIT, wasm), text);
    }
  }
});

test("a plain block without the framing is read", () => {
  // From the format's description: a length of 10, a literal "abc", a copy of 7 from 3 back.
  const block = Buffer.from("0a" + "08616263" + "0d03", "hex");
  assert.equal(decompressSnappy(block, LIMIT, undefined).toString(), "abcabcabca");
  assert.equal(decompressSnappy(block, LIMIT, wasm).toString(), "abcabcabca");
});

test("copies and literals of every form are read", () => {
  const literal = Buffer.alloc(300, "0123456789abcdef");
  const tail = Buffer.alloc(70, "z");
  const block = Buffer.concat([
    Buffer.from("8703" + "f42b01", "hex"),
    literal,
    // Copies with a distance in two bytes and in four, then a literal with its length in one.
    Buffer.from("262c01" + "2b2c010000" + "f045", "hex"),
    tail,
  ]);
  const copies = [literal.subarray(0, 10), literal.subarray(10, 21)];
  const expected = Buffer.concat([literal, ...copies, tail]);
  assert.deepEqual(decompressSnappy(block, LIMIT, undefined), expected);
  assert.deepEqual(decompressSnappy(block, LIMIT, wasm), expected);
});

test("streams one after the other are read", () => {
  const twice = Buffer.concat([
    compressInTypeScript(Buffer.from("one ")),
    compressInTypeScript(Buffer.from("two")),
  ]);
  assert.equal(decompressSnappy(twice, LIMIT, wasm).toString(), "one two");
});

test("damage is found before memory is reserved", () => {
  const damaged = [
    "",
    "ff",
    "ffffffff7f",
    // 4 GiB announced by a handful of bytes.
    "ffffffff0f" + "08616263",
    "0a" + "0861626300" + "0d03",
    // A copy that reaches before the start, one of distance 0, one that is too long.
    "0a" + "08616263" + "0d04",
    "0a" + "08616263" + "0d00",
    "09" + "08616263" + "0d03",
    // A literal longer than the input.
    "0a" + "24616263",
    "82534e4150505900" + "0000000100000001" + "7fffffff00",
    "82534e4150505900" + "00000001000000",
    "82534e4150505900" + "0000000100000001" + "00000000",
  ];
  for (const hex of damaged) {
    const bytes = Buffer.from(hex, "hex");
    assert.throws(() => decompressSnappy(bytes, LIMIT, undefined), DecompressionError, hex);
    assert.throws(() => decompressSnappy(bytes, 2 ** 40, undefined), DecompressionError, hex);
  }
});

test("a module that traps is replaced by TypeScript", () => {
  const broken = {
    snappyDecompress: (): Buffer => {
      throw new Error("unreachable");
    },
  };
  const text = Buffer.from("what is said once, is said once");
  assert.deepEqual(decompressSnappy(compressInTypeScript(text), LIMIT, broken), text);
});
