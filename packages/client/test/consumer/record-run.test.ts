import assert from "node:assert/strict";
import { test } from "node:test";

import { MemoryGroup } from "./support/memory-group.ts";
import { startLogs, takeTexts } from "./support/scripted-logs.ts";

const place = { topic: "orders", partition: 0 };

async function setUp() {
  const parts = await startLogs();
  parts.cluster.addTopic("orders");
  const group = new MemoryGroup();
  const consumer = parts.consume({ groupId: "group", offsetReset: "earliest" }, { group });
  consumer.assign([place]);
  const { clock } = parts.cluster.client;
  const wait = (delayMs: number): Promise<void> =>
    new Promise((resolve) => clock.setTimer(delayMs, resolve));
  return { ...parts, group, consumer, wait, log: parts.logs.log("orders") };
}

test("records with one key go one after the other, the others beside them", async () => {
  const { cluster, consumer, wait, log } = await setUp();
  for (const text of ["a1", "a2", "b1", "a3", "b2"]) log.append([text], { key: text[0] ?? "" });
  const abort = new AbortController();
  const events: string[] = [];
  const run = consumer.run(
    async (record) => {
      events.push(`+${String(record.value)}`);
      await wait(String(record.key) === "a" ? 100 : 10);
      events.push(`-${String(record.value)}`);
      if (events.length === 10) abort.abort();
    },
    { concurrency: 5, orderBy: "key", signal: abort.signal },
  );
  await cluster.settle(run);
  const b = events.filter((event) => event.includes("b"));
  assert.deepEqual(b, ["+b1", "-b1", "+b2", "-b2"]);
  const a = events.filter((event) => event.includes("a"));
  assert.deepEqual(a, ["+a1", "-a1", "+a2", "-a2", "+a3", "-a3"]);
  assert.ok(events.indexOf("-b2") < events.indexOf("-a1"));
  await cluster.settle(consumer.close());
});

test("no more than inFlightMax records are taken, whatever waits", async () => {
  const { cluster, consumer, log } = await setUp();
  log.append(Array.from({ length: 100 }, (_, index) => `${index}`));
  const begun: string[] = [];
  const abort = new AbortController();
  const run = consumer.run(
    (record, { signal }) => {
      begun.push(String(record.value));
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
    },
    { concurrency: 3, orderBy: "none", inFlightMax: 5, signal: abort.signal },
  );
  await cluster.advance(5_000);
  assert.deepEqual(begun, ["0", "1", "2"]);
  assert.equal(consumer.health().handlers.length, 3);
  assert.equal(await cluster.settle(consumer.position(place)), 5n);
  abort.abort();
  await cluster.settle(run);
  await cluster.settle(consumer.close());
});

test("a handler that fails for good ends the run, and the next one begins with its record", async () => {
  const { cluster, consumer, group, log, wait } = await setUp();
  log.append(["a", "bad", "c", "d"]);
  const handled: string[] = [];
  const run = consumer.run(
    async (record) => {
      await wait(String(record.value) === "bad" ? 50 : 1);
      if (String(record.value) === "bad") throw new Error("no");
      handled.push(String(record.value));
    },
    { concurrency: 4, orderBy: "none" },
  );
  await assert.rejects(cluster.settle(run), /^Error: no$/);
  assert.deepEqual(handled, ["a", "c", "d"]);
  assert.equal(group.committed.get("orders-0")?.offset, 1);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 3)), ["bad", "c", "d"]);
  await cluster.settle(consumer.close());
});

test("attempts pause longer and longer, and an error that is not worth it is not tried again", async () => {
  const { cluster, consumer, log } = await setUp();
  log.append(["a"]);
  const times: number[] = [];
  const { clock } = cluster.client;
  const run = consumer.run(
    () => {
      times.push(clock.monotonicMs());
      throw new Error(times.length < 4 ? "again" : "give up");
    },
    {
      retry: {
        attemptsMax: 10,
        backoffMs: 100,
        shouldRetry: (error) => error instanceof Error && error.message === "again",
      },
    },
  );
  await assert.rejects(cluster.settle(run), /give up/);
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  assert.equal(pauses.length, 3);
  for (const [index, pause] of pauses.entries()) {
    assert.ok(pause >= 80 * 2 ** index && pause <= 121 * 2 ** index, `${pause} ms`);
  }
  await cluster.settle(consumer.close());
});

test("a stuck handler is no poll activity", async () => {
  const { cluster, consumer, group, log } = await setUp();
  log.append(["a"]);
  const abort = new AbortController();
  const run = consumer.run(
    (_record, { signal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
    { concurrency: 2, signal: abort.signal },
  );
  await cluster.advance(10_000);
  const before = group.events.filter((event) => event === "poll").length;
  await cluster.advance(200_000);
  assert.equal(group.events.filter((event) => event === "poll").length, before);
  const { problems, handlers } = consumer.health();
  assert.equal(handlers[0]?.offset, 0n);
  assert.ok(problems.some((problem) => problem.includes("orders-0 offset 0")));
  abort.abort();
  await cluster.settle(run);
  await cluster.settle(consumer.close());
});

test("what a handler committed is not turned back when the run ends, failed or not", async () => {
  const { cluster, consumer, log, group } = await setUp();
  log.append(["a", "b", "c"]);
  const run = consumer.run(async (record) => {
    await consumer.commit([{ ...place, offset: record.offset + 1n }]);
    if (record.offset === 1n) throw new Error("after its commit");
  });
  await assert.rejects(cluster.settle(run), /after its commit/);
  await cluster.settle(consumer.close());
  assert.deepEqual(
    group.events.filter((event) => event.startsWith("commit")),
    ["commit 1", "commit 2"],
  );
});

test("a run goes on to commit what it finishes behind an explicit commit", async () => {
  const { cluster, consumer, log, group } = await setUp();
  log.append(["a", "b", "c"]);
  const abort = new AbortController();
  const run = consumer.run(
    async (record) => {
      if (record.offset === 0n) await consumer.commit([{ ...place, offset: 2 }]);
      if (record.offset === 2n) abort.abort();
    },
    { signal: abort.signal },
  );
  await cluster.settle(run);
  await cluster.settle(consumer.close());
  assert.equal(group.committed.get("orders-0")?.offset, 3);
});
