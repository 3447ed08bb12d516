import assert from "node:assert/strict";
import { test } from "node:test";

import { MalformedMessageError } from "@millrace/protocol";
import fc from "fast-check";

import { ProtobufReader } from "../../src/telemetry/protobuf-reader.ts";
import { doubleField, field, fixed64Field, varintField } from "../support/otlp.ts";

test("fields are read in their order, and what is skipped leaves the next one where it is", () => {
  const reader = new ProtobufReader(
    Buffer.concat([
      field(1, "name"),
      varintField(2, 300),
      doubleField(3, 1.5),
      fixed64Field(4, -7n),
      field(900, "far"),
    ]),
  );
  assert.ok(reader.next());
  assert.equal(reader.text(), "name");
  assert.ok(reader.next());
  assert.equal(reader.uint(), 300);
  assert.ok(reader.next());
  reader.skip();
  assert.ok(reader.next());
  assert.equal(reader.signedFixed64(), -7);
  assert.ok(reader.next());
  assert.deepEqual([reader.field, reader.text()], [900, "far"]);
  assert.equal(reader.next(), false);
});

test("a negative int64 takes ten bytes", () => {
  const minusOne = Buffer.from([8, ...Array<number>(9).fill(255), 1]);
  const reader = new ProtobufReader(minusOne);
  assert.ok(reader.next());
  assert.equal(reader.int(), -1n);
});

test("a length beyond the end, an endless varint and another wire type are malformed", () => {
  const readText = (bytes: readonly number[]) => () => {
    const reader = new ProtobufReader(Buffer.from(bytes));
    while (reader.next()) reader.text();
  };
  assert.throws(readText([10, 200, 1, 0]), MalformedMessageError);
  assert.throws(readText([10, ...Array<number>(12).fill(255)]), MalformedMessageError);
  assert.throws(readText([8, 1]), MalformedMessageError);
  assert.throws(readText([0, 1]), MalformedMessageError);
});

test("arbitrary bytes end, well or malformed", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const reader = new ProtobufReader(Buffer.from(bytes));
      try {
        while (reader.next()) reader.skip();
      } catch (error) {
        assert.ok(error instanceof MalformedMessageError);
      }
    }),
  );
});
