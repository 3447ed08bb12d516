import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { buffer, double, int32, int64, json, string, uuid } from "../../src/serdes/builtin.ts";
import { notNull } from "../../src/serdes/not-null.ts";
import type { Serde } from "../../src/serdes/serde.ts";
import { valueContext } from "./context.ts";

function roundTrip<T>(serde: Serde<T>, value: T): T {
  const bytes = serde.serialize(value, valueContext);
  assert.ok(!(bytes instanceof Promise));
  const read = serde.deserialize(bytes === null ? null : Buffer.from(bytes), valueContext);
  assert.ok(!(read instanceof Promise));
  return read;
}

test("what is written is read again, by every serde", () => {
  const bigints = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer(), bigints, (text, number, big) => {
      assert.equal(roundTrip(string, text), text);
      assert.equal(roundTrip(int32, number), number);
      assert.equal(roundTrip(int64, big), big);
      assert.equal(roundTrip(double, number / 3), number / 3);
      assert.deepEqual(roundTrip(json<unknown>(), { text, number }), { text, number });
    }),
  );
  const id = "123e4567-e89b-12d3-a456-426614174000";
  assert.equal(roundTrip(uuid, id), id);
});

test("numbers are written as Java's serializers write them", () => {
  const hex = (bytes: unknown): string =>
    bytes instanceof Uint8Array ? Buffer.from(bytes).toString("hex") : "";
  assert.equal(hex(int32.serialize(-2, valueContext)), "fffffffe");
  assert.equal(hex(int64.serialize(258n, valueContext)), "0000000000000102");
  assert.equal(hex(double.serialize(1.5, valueContext)), "3ff8000000000000");
});

test("null is null both ways, and notNull refuses it", () => {
  for (const serde of [string, int32, int64, double, uuid, json(), buffer]) {
    assert.equal(serde.serialize(null, valueContext), null);
    assert.equal(serde.deserialize(null, valueContext), null);
  }
  const strict = notNull(string);
  assert.throws(() => strict.deserialize(null, valueContext), { code: "DESERIALIZATION_FAILED" });
  assert.equal(strict.deserialize(Buffer.from("a"), valueContext), "a");
});

test("what is no value of the type is refused, by name and place", () => {
  const refused = { code: "SERIALIZATION_FAILED", topic: "orders" };
  assert.throws(() => int32.serialize(2 ** 31, valueContext), refused);
  assert.throws(() => int32.serialize(1.5, valueContext), refused);
  assert.throws(() => int64.serialize(2n ** 63n, valueContext), refused);
  assert.throws(() => uuid.serialize("no", valueContext), refused);
  assert.throws(() => json<unknown>().serialize(undefined, valueContext), refused);
  assert.throws(() => json<unknown>().serialize(1n, valueContext), refused);
});

test("bytes that are none of the type are refused", () => {
  const refused = { code: "DESERIALIZATION_FAILED", message: /value cannot be read/ };
  for (const serde of [int32, int64, double, uuid, json()]) {
    assert.throws(() => serde.deserialize(Buffer.from("abc"), valueContext), refused);
  }
  assert.throws(() => string.deserialize(Buffer.from([0xff]), valueContext), refused);
  assert.equal(string.deserialize(Buffer.from("\uFFFD"), valueContext), "\uFFFD");
});
