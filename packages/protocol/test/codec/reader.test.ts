import assert from "node:assert/strict";
import { test } from "node:test";
import { MalformedMessageError, Reader } from "@millrace/protocol";

const reader = (hex: string) => new Reader(Buffer.from(hex, "hex"));

test("numbers are read big-endian and with their sign", () => {
  assert.equal(reader("ff").int8(), -1);
  assert.equal(reader("8000").int16(), -0x8000);
  assert.equal(reader("8000").uint16(), 0x8000);
  assert.equal(reader("80000000").int32(), -0x8000_0000);
  assert.equal(reader("80000000").uint32(), 0x8000_0000);
  assert.equal(reader("3ff8000000000000").float64(), 1.5);
  assert.equal(reader("fffffffffffffffe").bigint64(), -2n);
});

test("an int64 within 2^53-1 is a number", () => {
  assert.equal(reader("001fffffffffffff").int64(), Number.MAX_SAFE_INTEGER);
  assert.equal(reader("ffe0000000000001").int64(), Number.MIN_SAFE_INTEGER);
  assert.equal(reader("ffffffffffffffff").int64(), -1);
});

test("an int64 beyond 2^53-1 is refused, or saturated", () => {
  const beyond = ["0020000000000000", "7fffffffffffffff", "ffe0000000000000", "8000000000000000"];
  for (const hex of beyond) assert.throws(() => reader(hex).int64(), MalformedMessageError);
  const bounds = beyond.map((hex) => reader(hex).saturatedInt64());
  const [max, min] = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
  assert.deepEqual(bounds, [max, max, min, min]);
  assert.equal(reader("0000000000000001").saturatedInt64(), 1);
});

test("a varint has up to 32 bits in up to five bytes", () => {
  assert.equal(reader("00").uvarint(), 0);
  assert.equal(reader("ac02").uvarint(), 300);
  assert.equal(reader("ffffffff0f").uvarint(), 0xffff_ffff);
  for (const hex of ["", "80", "ffffffff1f", "8080808080", "ffffffffff01"]) {
    assert.throws(() => reader(hex).uvarint(), MalformedMessageError, hex);
  }
});

test("nothing is read beyond the end", () => {
  assert.throws(() => reader("0000").int32(), MalformedMessageError);
  assert.throws(() => reader("00").view(2), MalformedMessageError);
  assert.throws(() => reader("00").text(0x7fff_ffff), MalformedMessageError);
  assert.throws(() => reader("00".repeat(15)).uuid(), MalformedMessageError);
});

test("a message has a limited number of array elements in all", () => {
  const limited = new Reader(Buffer.alloc(100), 0, 10);
  limited.checkElements(6, 1);
  assert.throws(() => limited.checkElements(5, 1), /too many array elements/);
});

test("any Uint8Array can be read", () => {
  const bytes = new Uint8Array([9, 0, 1, 2]).subarray(1);
  const plain = new Reader(bytes);
  assert.equal(plain.int16(), 1);
  assert.equal(plain.remainingBytes, 1);
  assert.throws(() => plain.assertEnd("Test"), /1 bytes stand behind Test/);
});
