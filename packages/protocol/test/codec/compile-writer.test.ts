import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessageSchema } from "@millrace/protocol";
import { messageCodec, UnencodableMessageError } from "@millrace/protocol";
import { TestMessage } from "./test-schema.ts";

type Field = MessageSchema["fields"][string];

function one(field: Field, flexibleVersions: "none" | "0+" = "none") {
  const schema: MessageSchema = {
    name: "One",
    type: "data",
    versions: "0",
    flexibleVersions,
    fields: { value: field },
  };
  const codec = messageCodec(schema, 0);
  return (value: unknown) => {
    return Buffer.concat(codec.encode({ value } as never)).toString("hex");
  };
}

const bounds = {
  int8: [-0x80, 0x7f],
  int16: [-0x8000, 0x7fff],
  uint16: [0, 0xffff],
  int32: [-0x8000_0000, 0x7fff_ffff],
  uint32: [0, 0xffff_ffff],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
} as const;

for (const [type, [min, max]] of Object.entries(bounds)) {
  test(`${type} is written within its bounds and refused outside`, () => {
    const write = one({ type } as Field);
    write(min);
    write(max);
    for (const wrong of [min - 1, max + 1, 0.5, Number.NaN, "1", 1n, null, undefined]) {
      assert.throws(() => write(wrong), UnencodableMessageError, String(wrong));
    }
  });
}

test("the infinite of a saturated int64 is Kafka's Long.MAX_VALUE", () => {
  const write = one({ type: "int64", as: "saturated" });
  assert.equal(write(Number.MAX_SAFE_INTEGER), "7fffffffffffffff");
  assert.equal(write(Number.MAX_SAFE_INTEGER - 1), "001ffffffffffffe");
  assert.equal(write(-1), "ffffffffffffffff");
});

test("a bigint keeps all 64 bits", () => {
  const write = one({ type: "int64", as: "bigint" });
  assert.equal(write(2n ** 63n - 1n), "7fffffffffffffff");
  assert.throws(() => write(2n ** 63n), UnencodableMessageError);
  assert.throws(() => write(1), UnencodableMessageError);
});

test("what is omitted is the default, a required field must be given", () => {
  assert.equal(one({ type: "int32", default: 5 })(undefined), "00000005");
  assert.equal(one({ type: "string", nullable: true, default: null })(undefined), "ffff");
  assert.throws(() => one({ type: "string" })(undefined), /One v0 value is not given/);
  assert.throws(() => one({ type: "string" })(null), /One v0 value cannot be null/);
});

test("a value for a field that the version lacks is refused, unless it may be ignored", () => {
  const codec = messageCodec(TestMessage, 0);
  assert.throws(() => codec.encode({ flag: true, rack: "a" }), /rack is given/);
  assert.throws(() => codec.encode({ flag: true, leader: { epoch: 1 } }), /leader is given/);
  assert.throws(() => codec.encode({ flag: true, topics: [{ name: "a" }] }), /topics is given/);
  const id = "AAAAAAAAAAAAAAAAAAAAAQ" as never;
  assert.doesNotThrow(() => codec.encode({ flag: true, id }));
  const defaults = { rack: "none", leader: {}, topics: [], cursor: null };
  assert.doesNotThrow(() => codec.encode({ flag: true, ...defaults }));
});

test("tagged fields with their default cost nothing, the others stand in the order of tags", () => {
  const codec = messageCodec(TestMessage, 1);
  const tail = (value: object) => {
    const bytes = Buffer.concat(codec.encode({ flag: true, records: null, topics: [], ...value }));
    return bytes.subarray(bytes.indexOf(Buffer.of(0, 0, 0, 0, 1)) + 5).toString("hex");
  };
  assert.equal(tail({}), "00");
  assert.equal(tail({ rack: "none", leader: { epoch: -1 } }), "00");
  // Tag 0 is "rack", tag 1 is "leader", whose structure ends with its own empty tags.
  assert.equal(tail({ rack: "ab", leader: { epoch: 2 } }), "020003036162" + "01050000000200");
});

test("bytes are pieces of the message as they were given", () => {
  const schema = {
    name: "Pieces",
    type: "data",
    versions: "0",
    flexibleVersions: "none",
    fields: { before: { type: "int8" }, records: { type: "records" }, after: { type: "int8" } },
  } as const satisfies MessageSchema;
  const pieces = [Buffer.from("ab"), Buffer.alloc(0), new Uint8Array([1, 2])] as const;
  const chunks = messageCodec(schema, 0).encode({ before: 1, records: pieces, after: 2 });
  assert.equal(Buffer.concat(chunks).toString("hex"), "0100000004616201" + "0202");
  assert.equal(chunks[1], pieces[0]);
  assert.equal(chunks[2], pieces[2]);
});

test("bytes inside a tagged field keep their place when the size moves in before them", () => {
  const write = one({ type: "bytes", tag: 0, nullable: true, default: null }, "0+");
  const content = Buffer.alloc(300, 7);
  // One tagged field: tag 0, 302 bytes, of which two are the length 301 of 300 bytes.
  assert.equal(write(content), "0100ae02" + "ad02" + content.toString("hex"));
});

test("strings of every length and script are written as UTF-8", () => {
  const plain = one({ type: "string" });
  const compact = one({ type: "string" }, "0+");
  for (const text of [
    "",
    "a",
    "é",
    "x".repeat(43),
    "€".repeat(43),
    "𝄞".repeat(70),
    "y".repeat(200),
  ]) {
    const bytes = Buffer.from(text);
    const prefix = Buffer.alloc(2);
    prefix.writeInt16BE(bytes.length);
    assert.equal(plain(text), prefix.toString("hex") + bytes.toString("hex"));
    const length = bytes.length + 1;
    const varint = length < 0x80 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
    assert.equal(compact(text), Buffer.from([...varint, ...bytes, 0]).toString("hex"));
  }
  assert.throws(() => plain("x".repeat(0x8000)), /string of 32768 bytes/);
  assert.throws(() => compact("x".repeat(0x8000)), /string of 32768 bytes/);
});

test("what is not a uuid, a list or a structure is refused", () => {
  assert.throws(() => one({ type: "uuid" })("short"), UnencodableMessageError);
  assert.throws(() => one({ type: "[]int8" })("list"), UnencodableMessageError);
  assert.throws(() => one({ type: "bytes" })("text"), UnencodableMessageError);
  assert.throws(() => one({ type: "Pair", fields: {} })(null), UnencodableMessageError);
  assert.throws(() => one({ type: "bool" })(1), UnencodableMessageError);
});

test("after a refused value the next message is written from the beginning", () => {
  const write = one({ type: "[]int8" });
  assert.throws(() => write([1, 2, 999]), UnencodableMessageError);
  assert.equal(write([1]), "0000000101");
});
