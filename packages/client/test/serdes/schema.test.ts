import assert from "node:assert/strict";
import { test } from "node:test";

import { schema } from "../../src/serdes/schema.ts";
import type { StandardSchema, ValidationResult } from "../../src/serdes/standard-schema.ts";
import { valueContext } from "./context.ts";

interface OrderInput {
  readonly at: string;
}

interface Order {
  readonly at: number;
}

function judge(value: unknown): ValidationResult<Order> {
  if (typeof value === "object" && value !== null && "at" in value) {
    const year = Number(String(value.at).slice(0, 4));
    if (!Number.isNaN(year)) return { value: { at: year } };
  }
  return { issues: [{ message: "Expected a date", path: ["at"] }] };
}

const order: StandardSchema<OrderInput, Order> = {
  "~standard": { version: 1, vendor: "test", validate: judge },
};
const lateOrder: StandardSchema<OrderInput, Order> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => Promise.resolve(judge(value)) },
};
const at = "2026-01-02T00:00:00.000Z";
const bytes = Buffer.from(JSON.stringify({ at }));

test("the input is written as given, the output is read", () => {
  const serde = schema(order);
  assert.deepEqual(serde.serialize({ at }, valueContext), bytes);
  assert.deepEqual(serde.deserialize(bytes, valueContext), { at: 2026 });
  assert.equal(serde.serialize(null, valueContext), null);
  assert.equal(serde.deserialize(null, valueContext), null);
});

test("a validator that takes its time makes promises, others none", async () => {
  const serde = schema(lateOrder);
  const read = serde.deserialize(bytes, valueContext);
  assert.ok(read instanceof Promise);
  assert.deepEqual(await read, { at: 2026 });
  assert.deepEqual(await serde.serialize({ at }, valueContext), bytes);
  assert.ok(!(schema(order).deserialize(bytes, valueContext) instanceof Promise));
});

test("a problem is told with its place, and without the value", async () => {
  const secret = Buffer.from('{"at":"secret"}');
  const expected = { code: "DESERIALIZATION_FAILED", message: /at: Expected a date/ };
  assert.throws(() => schema(order).deserialize(secret, valueContext), expected);
  await assert.rejects(async () => schema(lateOrder).deserialize(secret, valueContext), expected);
  assert.throws(() => schema(order).serialize({ at: "no" }, valueContext), {
    code: "SERIALIZATION_FAILED",
  });
  assert.throws(
    () => schema(order).deserialize(secret, valueContext),
    (error) => error instanceof Error && !error.message.includes("secret"),
  );
});
