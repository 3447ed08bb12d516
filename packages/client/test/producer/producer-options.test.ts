import assert from "node:assert/strict";
import { test } from "node:test";

import { resolveOptions } from "../../src/options/resolve-options.ts";
import {
  type ProducerOptions,
  type ResolvedProducerOptions,
  resolveProducerOptions,
} from "../../src/producer/producer-options.ts";

test("what is not given is Java's: acks all, idempotent, five requests in flight", () => {
  const options = resolved({});
  assert.equal(options.acks, -1);
  assert.equal(options.isIdempotent, true);
  assert.equal(options.maxInFlight, 5);
  assert.equal(options.deliveryTimeoutMs, 120_000);
  assert.equal(options.bufferMemory, 32 * 1024 * 1024);
  assert.deepEqual(options.compression, { type: "none" });
});

test("acks that do not wait for all replicas end idempotence, unless it was asked for", () => {
  assert.equal(resolved({ acks: 1 }).isIdempotent, false);
  assert.equal(resolved({ maxInFlight: 6 }).isIdempotent, false);
  assert.throws(() => resolved({ acks: 1, enableIdempotence: true }), /need acks all/);
  assert.throws(() => resolved({ acks: 0, transactionalId: "t" }), /need acks all/);
  assert.throws(() => resolved({ enableIdempotence: false, transactionalId: "t" }), /INVALID_OPT/);
});

test("a codec takes its own levels alone", () => {
  const compression = { type: "zstd", level: 7 } as const;
  assert.deepEqual(resolved({ compression }).compression, compression);
  assert.throws(() => resolved({ compression: { type: "gzip", level: 10 } }), /Give 1 to 9/);
  assert.throws(() => resolved({ compression: { type: "snappy", level: 1 } }), /has no levels/);
});

test("a delivery time-out shorter than one request is refused, a missing one grows", () => {
  assert.throws(
    () => resolved({ deliveryTimeoutMs: 1_000, requestTimeoutMs: 2_000 }),
    /Give at least lingerMs plus requestTimeoutMs, 2000 ms/,
  );
  assert.equal(resolved({ requestTimeoutMs: 300_000 }).deliveryTimeoutMs, 300_000);
});

test("an unknown option is refused with the name that was meant", () => {
  const given = { linger: 5 } as ProducerOptions;
  assert.throws(() => resolved(given), /producer has no option linger.*lingerMs/);
});

test("numbers out of range are refused by name", () => {
  assert.throws(() => resolved({ batchSize: 0 }), /batchSize is 0/);
  assert.throws(() => resolved({ lingerMs: -1 }), /lingerMs is -1/);
});

test("what could not be used later is refused at once", () => {
  assert.throws(() => resolved({ transactionalId: "" }), /transactionalId/);
  assert.throws(() => resolved({ partitioner: "sticky" as never }), /partitioner is "sticky"/);
  assert.throws(() => resolved({ value: {} as never }), /value.*serializer/);
});

function resolved(options: ProducerOptions): ResolvedProducerOptions {
  return resolveProducerOptions(options, resolveOptions({ bootstrap: "localhost:9092" }));
}
