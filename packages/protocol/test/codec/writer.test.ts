import assert from "node:assert/strict";
import { test } from "node:test";
import { Writer, writeChunks } from "@millrace/protocol";

const hexOf = (write: (writer: Writer) => void) =>
  Buffer.concat(writeChunks(write)).toString("hex");

test("a varint is as Reader reads it", () => {
  const values = [0, 127, 128, 300, 0xffff_ffff];
  const written = values.map((value) => hexOf((writer) => writer.uvarint(value)));
  assert.deepEqual(written, ["00", "7f", "8001", "ac02", "ffffffff0f"]);
});

test("a negative int64 is two's complement", () => {
  assert.equal(
    hexOf((writer) => writer.int64(-1)),
    "ffffffffffffffff",
  );
  assert.equal(
    hexOf((writer) => writer.int64(-(2 ** 32))),
    "ffffffff00000000",
  );
  assert.equal(
    hexOf((writer) => writer.int64(Number.MIN_SAFE_INTEGER)),
    "ffe0000000000001",
  );
});

test("the buffer grows as needed", () => {
  const count = 5000;
  const hex = hexOf((writer) => {
    for (let index = 0; index < count; index += 1) writer.int32(index);
  });
  assert.equal(hex.length, count * 8);
  assert.equal(hex.slice(-8), "00001387");
});

test("inserted bytes are pieces of their own between what is written", () => {
  const inserted = Buffer.from("abc");
  const chunks = writeChunks((writer) => {
    writer.int8(1);
    writer.insert([inserted, Buffer.alloc(0)]);
    writer.int8(2);
    assert.equal(writer.sizeBytes, 5);
  });
  assert.deepEqual(chunks, [Buffer.of(1), inserted, Buffer.of(2)]);
  assert.equal(chunks[1], inserted);
});

test("a varint put in before moves what follows, insertions included", () => {
  const hex = hexOf((writer) => {
    writer.int8(1);
    const { position } = writer;
    writer.int8(2);
    writer.insert([Buffer.of(3)]);
    writer.int8(4);
    writer.insertUvarint(position, 300);
  });
  assert.equal(hex, "01ac02020304");
});

test("what was given away is not written over by the next message", () => {
  const [first] = writeChunks((writer) => writer.int32(0x0101_0101));
  writeChunks((writer) => writer.int32(0x0202_0202));
  assert.deepEqual(first, Buffer.from("01010101", "hex"));
});

test("a message written while another is being written is another message", () => {
  const hex = hexOf((outer) => {
    outer.int8(1);
    const inner = hexOf((writer) => writer.int8(7));
    assert.equal(inner, "07");
    outer.int8(2);
  });
  assert.equal(hex, "0102");
});

test("a writer of its own can be reset", () => {
  const writer = new Writer();
  writer.text("x".repeat(600_000), 0);
  writer.reset();
  writer.int8(5);
  assert.deepEqual(writer.chunks(), [Buffer.of(5)]);
});
