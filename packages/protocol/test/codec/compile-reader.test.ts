import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessageSchema } from "@millrace/protocol";
import { MalformedMessageError, messageCodec, ZERO_UUID } from "@millrace/protocol";
import { TestMessage } from "./test-schema.ts";

function one(field: MessageSchema["fields"][string], flexibleVersions: "none" | "0+" = "none") {
  const schema: MessageSchema = {
    name: "One",
    type: "data",
    versions: "0",
    flexibleVersions,
    fields: { value: field },
  };
  const codec = messageCodec(schema, 0);
  return (hex: string) => codec.decode(Buffer.from(hex, "hex"))["value"];
}

test("fields that a version does not carry have their defaults", () => {
  const codec = messageCodec(TestMessage, 0);
  const value = codec.decode(Buffer.concat(codec.encode({ flag: true })));
  assert.deepEqual(value, {
    flag: true,
    small: -1,
    port: 0,
    crc: 0,
    offset: 0,
    expiry: 0,
    producerId: -1n,
    rate: 0,
    id: ZERO_UUID,
    name: null,
    body: null,
    records: null,
    numbers: null,
    leader: { epoch: -1 },
    cursor: null,
    rack: "none",
    topics: [],
  });
});

test("lengths below null are refused, and null where it is not allowed", () => {
  const nullable = one({ type: "string", nullable: true });
  assert.equal(nullable("ffff"), null);
  assert.throws(() => nullable("fffe"), /has the length -2/);
  assert.throws(() => one({ type: "string" })("ffff"), /is null/);
  assert.throws(() => one({ type: "bytes" })("ffffffff"), /is null/);
  assert.throws(() => one({ type: "[]int32" })("ffffffff"), /is null/);
  assert.throws(() => one({ type: "string" }, "0+")("0000"), /is null/);
});

test("a size of 2 GiB is refused before anything is allocated", () => {
  assert.throws(() => one({ type: "bytes" })("7fffffff"), MalformedMessageError);
  assert.throws(() => one({ type: "bytes" }, "0+")("ffffffff0f00"), MalformedMessageError);
});

test("an array that cannot lie in the bytes that remain is refused at once", () => {
  const structs = {
    type: "[]Pair",
    fields: { a: { type: "int32" }, b: { type: "int64" } },
  } as const;
  // Two elements need 24 bytes; 23 are there.
  assert.throws(() => one(structs)(`00000002${"00".repeat(23)}`), /2 array elements/);
  assert.throws(() => one(structs)("7fffffff"), /2147483647 array elements/);
  assert.throws(() => one({ type: "[]int8" }, "0+")("ffffffff0f00"), /array elements/);
});

test("a compact string may not be longer than an old one", () => {
  const hex = `${Buffer.of(0x81, 0x80, 0x02).toString("hex")}${"61".repeat(0x8000)}00`;
  assert.throws(() => one({ type: "string" }, "0+")(hex), /string of 32768 bytes/);
});

test("unknown tags are skipped", () => {
  const read = one({ type: "int32", tag: 3, default: 7 }, "0+");
  assert.equal(read("00"), 7);
  assert.equal(read("0105020102"), 7);
  assert.equal(read("02030400000009050101"), 9);
});

test("tags must rise, their sizes must fit, their count must be possible", () => {
  const read = one({ type: "int32", tag: 3, default: 7 }, "0+");
  assert.throws(() => read("0203040000000903040000000a"), /tag 3 after tag 3/);
  assert.throws(() => read("0205010103040000000a"), /tag 3 after tag 5/);
  assert.throws(() => read("0103050000000900"), /shorter than its tagged size/);
  assert.throws(() => read("01030300000009"), MalformedMessageError);
  assert.throws(() => read("0103ff0100000009"), /ends behind the message/);
  assert.throws(() => read("ffffffff0f"), /announces 4294967295 tagged fields/);
});

test("what lies in a tagged field cannot read beyond it", () => {
  const read = one({ type: "string", tag: 0, default: "" }, "0+");
  assert.equal(read("01000404616262"), "abb");
  assert.throws(() => read("010002046162620000"), MalformedMessageError);
});

test("bytes are views of the frame, not copies", () => {
  const frame = Buffer.from("00000003010203", "hex");
  const codec = messageCodec(
    {
      name: "View",
      type: "data",
      versions: "0",
      flexibleVersions: "none",
      fields: { value: { type: "bytes" } },
    },
    0,
  );
  const view = codec.decode(frame).value;
  assert.equal(view.buffer, frame.buffer);
  frame[4] = 9;
  assert.equal(view[0], 9);
});

test("a nullable structure is absent or there", () => {
  const cursor = { type: "Cursor", nullable: true, fields: { a: { type: "int8" } } } as const;
  assert.equal(one(cursor)("ff"), null);
  assert.deepEqual(one(cursor)("0105"), { a: 5 });
});
