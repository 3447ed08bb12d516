import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { KafkaError } from "../../src/errors/kafka-error.ts";
import { errorOf, producing, texts } from "./support/producing.ts";
import type { Fault } from "./support/scripted-logs.ts";

test("a record is stored with key, value, headers and timestamp, and tells where", async () => {
  const { producer, logs, settle } = await producing();
  const headers = [
    { key: "trace", value: "1" },
    { key: "trace", value: null },
  ];
  const record = { topic: "orders", key: "k", value: "v", headers, timestamp: 1234 };
  const metadata = await settle(producer.send(record));
  assert.deepEqual(metadata, { topic: "orders", partition: 0, offset: 0n, timestamp: 1234 });
  const [stored] = logs.log("orders");
  assert.equal(String(stored?.key), "k");
  assert.equal(String(stored?.value), "v");
  assert.equal(stored?.timestamp, 1234);
  assert.deepEqual(
    stored?.headers.map(({ key, value }) => [key, value === null ? null : String(value)]),
    [
      ["trace", "1"],
      ["trace", null],
    ],
  );
  assert.equal(logs.seen[0]?.isCrcValid, true);
});

test("a lost record of enqueue is told to onError and by the next flush, once", async () => {
  const lost: [string, number][] = [];
  const onError = (error: KafkaError, count: number): number => lost.push([error.code, count]);
  const { producer, logs, settle } = await producing({ onError });
  logs.fault = () => "INVALID_RECORD";
  for (const value of texts(3)) void producer.enqueue({ topic: "orders", value });
  const error = await errorOf(settle(producer.flush()));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "INVALID_RECORD");
  assert.match(error.message, /3 records were lost/);
  assert.deepEqual(lost, [["INVALID_RECORD", 3]]);
  await settle(producer.flush());
});

test("close sends what is left; after it nothing is taken", async () => {
  const { producer, logs, settle } = await producing();
  const sent = producer.send({ topic: "orders", value: "v" });
  await settle(producer.close());
  await sent;
  assert.deepEqual(logs.values("orders"), ["v"]);
  const error = await errorOf(producer.send({ topic: "orders", value: "late" }));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "CLIENT_CLOSED");
});

test("a client that is closed has its producers send what is left", async () => {
  const { producer, logs, settle, cluster } = await producing({ lingerMs: 60_000 });
  const sent = producer.send({ topic: "orders", value: "v" });
  await settle(cluster.close());
  assert.equal((await sent).offset, 0n);
  assert.deepEqual(logs.values("orders"), ["v"]);
});

test("close with a time-out fails what is left when it is over", async () => {
  const { producer, settle, scripted } = await producing();
  await settle(producer.send({ topic: "orders", value: "first" }));
  scripted.broker(1).isFrozen = true;
  const sent = errorOf(producer.send({ topic: "orders", value: "v" }));
  await settle(producer.close({ timeoutMs: 500 }));
  const error = await settle(sent);
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "CLIENT_CLOSED");
});

test("whatever goes wrong on the wire, records are stored once and in order", async () => {
  const faults: readonly (Fault | undefined)[] = [
    undefined,
    undefined,
    undefined,
    "cut before",
    "cut after",
    "NOT_LEADER_OR_FOLLOWER",
    "NOT_ENOUGH_REPLICAS",
    "REQUEST_TIMED_OUT",
    "silence",
  ];
  const plans = fc.array(fc.nat(faults.length - 1), { maxLength: 40 });
  const property = fc.asyncProperty(plans, fc.nat(1000), async (plan, seed) => {
    const { producer, logs, settle, scripted } = await producing(
      { batchSize: 200, requestTimeoutMs: 2_000 },
      { seed, partitions: 2, brokers: 2 },
    );
    let step = 0;
    logs.fault = () => faults[plan[step++] ?? 0];
    const sent: Promise<unknown>[] = [];
    for (const [index, value] of texts(60).entries()) {
      sent.push(producer.send({ topic: "orders", value, partition: index % 2 }));
      if (index % 7 === 0) await scripted.advance(index % 5);
    }
    await settle(Promise.all(sent));
    const halves = [0, 1].map((half) => texts(60).filter((_, index) => index % 2 === half));
    assert.deepEqual(logs.values("orders", 0), halves[0]);
    assert.deepEqual(logs.values("orders", 1), halves[1]);
    await settle(producer.close());
  });
  await fc.assert(property, { numRuns: 60 });
});
