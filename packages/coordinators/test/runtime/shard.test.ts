import assert from "node:assert/strict";
import { test } from "node:test";
import { LoggerTree } from "@millrace/platform";
import { SimClock, SimRandom } from "@millrace/platform/sim";
import { buildRecordBatch } from "@millrace/protocol";
import { Shard } from "../../src/runtime/index.ts";
import { type CountingReply, type CountingTypes, countingMachine } from "./counting-machine.ts";
import { MemoryCoordinatorLog } from "./memory-coordinator-log.ts";

const value = (number: number): CountingReply => ({ kind: "value", value: number });

/** An answer that is looked at without being awaited. */
interface Watched {
  reply: CountingReply | undefined;
}

function watch(promise: Promise<CountingReply>): Watched {
  const watched: Watched = { reply: undefined };
  void promise.then((reply) => {
    watched.reply = reply;
  });
  return watched;
}

async function openShard(log = new MemoryCoordinatorLog()) {
  const clock = new SimClock();
  const logger = new LoggerTree({ clock: new SimClock(), level: "error", write: () => {} }).root;
  const performed: string[] = [];
  const shard = Shard.create<CountingTypes>({
    machine: countingMachine,
    log,
    clock,
    random: new SimRandom(1),
    logger,
    perform: ({ name }) => performed.push(name),
  });
  await shard.load();
  return { shard, log, clock, performed };
}

test("a reply leaves only when its records are committed", async () => {
  const { shard, log, clock } = await openShard();
  log.commitsAtOnce = false;
  const added = watch(shard.submit({ kind: "add", name: "a", amount: 2 }));
  await clock.advance(0);
  assert.equal(added.reply, undefined);
  log.commit(1);
  await clock.advance(0);
  assert.deepEqual(added.reply, value(2));
});

test("a read waits for what it saw to be committed", async () => {
  const { shard, log, clock } = await openShard();
  log.commitsAtOnce = false;
  void shard.submit({ kind: "add", name: "a", amount: 2 });
  const read = watch(shard.submit({ kind: "read", name: "a" }));
  await clock.advance(0);
  assert.equal(read.reply, undefined);
  log.commit(1);
  await clock.advance(0);
  assert.deepEqual(read.reply, value(2));
});

test("a refused append changes nothing and is answered to that request alone", async () => {
  const { shard, log, clock } = await openShard();
  const waiting = watch(shard.submit({ kind: "wait", name: "a", timeoutMs: 1000 }));
  log.refusal = "RECORD_TOO_LARGE";
  const refused = await shard.submit({ kind: "add", name: "a", amount: 2 });
  assert.deepEqual(refused, { kind: "refused", error: "RECORD_TOO_LARGE" });
  assert.equal(waiting.reply, undefined);
  log.refusal = undefined;
  assert.deepEqual(await shard.submit({ kind: "read", name: "a" }), value(0));
  assert.deepEqual(await shard.submit({ kind: "add", name: "a", amount: 3 }), value(3));
  await clock.advance(0);
  assert.deepEqual(waiting.reply, value(3));
});

test("a parked request is answered by its timer, once", async () => {
  const { shard, clock } = await openShard();
  const waiting = watch(shard.submit({ kind: "wait", name: "a", timeoutMs: 1000 }));
  await clock.advance(999);
  assert.equal(waiting.reply, undefined);
  await clock.advance(1);
  assert.deepEqual(waiting.reply, { kind: "timed-out" });
  assert.equal(shard.pendingCount, 0);
});

test("setting a timer again moves its deadline", async () => {
  const { shard, clock } = await openShard();
  void shard.submit({ kind: "wait", name: "a", timeoutMs: 1000 });
  await clock.advance(900);
  const second = watch(shard.submit({ kind: "wait", name: "a", timeoutMs: 1000 }));
  await clock.advance(900);
  assert.equal(second.reply, undefined);
  await clock.advance(100);
  assert.deepEqual(second.reply, { kind: "timed-out" });
});

test("what a decision has done is done when its records are committed", async () => {
  const { shard, log, clock, performed } = await openShard();
  log.commitsAtOnce = false;
  void shard.submit({ kind: "add", name: "a", amount: 1 });
  await clock.advance(0);
  assert.deepEqual(performed, []);
  log.commit(1);
  await clock.advance(0);
  assert.deepEqual(performed, ["a"]);
});

test("a lost shard refuses what waits and what comes", async () => {
  const { shard, log, clock } = await openShard();
  log.commitsAtOnce = false;
  const parked = watch(shard.submit({ kind: "add", name: "a", amount: 1 }));
  const waiting = watch(shard.submit({ kind: "wait", name: "b", timeoutMs: 1000 }));
  shard.close();
  await clock.advance(2000);
  const refused = { kind: "refused", error: "NOT_COORDINATOR" };
  assert.deepEqual(parked.reply, refused);
  assert.deepEqual(waiting.reply, refused);
  assert.deepEqual(await shard.submit({ kind: "read", name: "a" }), refused);
});

test("a loading shard says so", async () => {
  const log = new MemoryCoordinatorLog();
  const logger = new LoggerTree({ clock: new SimClock(), level: "error", write: () => {} }).root;
  const clock = new SimClock();
  const shard = Shard.create<CountingTypes>({
    machine: countingMachine,
    log,
    clock,
    random: new SimRandom(1),
    logger,
  });
  const reply = await shard.submit({ kind: "read", name: "a" });
  assert.deepEqual(reply, { kind: "refused", error: "COORDINATOR_LOAD_IN_PROGRESS" });
});

test("replay from empty gives the live state", async () => {
  const { shard, log } = await openShard();
  await shard.submit({ kind: "add", name: "a", amount: 2 });
  await shard.submit({ kind: "add", name: "b", amount: 5 });
  await shard.submit({ kind: "add", name: "a", amount: -7 });
  const again = await openShard(log);
  assert.deepEqual(again.shard.state.counters, shard.state.counters);
});

test("replay passes over records of an unknown kind and ends transactions by their markers", async () => {
  const { shard, log } = await openShard();
  log.append(buildRecordBatch([record("unknown", "1")]));
  await shard.submit({ kind: "add", name: "a", amount: 2, producerId: 9n });
  const commit = Buffer.from([0, 0, 0, 1]);
  log.append(
    buildRecordBatch([{ timestamp: 0, key: commit, value: Buffer.alloc(6) }], {
      producerId: 9n,
      producerEpoch: 0,
      isControl: true,
      isTransactional: true,
    }),
  );
  const again = await openShard(log);
  assert.deepEqual([...again.shard.state.counters], [["a", 2]]);
  assert.deepEqual(again.shard.state.committedTransactions, [9n]);
});

test("what a timer wrote in vain is tried again", async () => {
  const { shard, log, clock } = await openShard();
  void shard.submit({ kind: "tick", name: "a", delayMs: 10 });
  log.refusal = "NOT_ENOUGH_REPLICAS";
  await clock.advance(100);
  assert.equal(shard.state.counters.get("a"), undefined);
  log.refusal = undefined;
  await clock.advance(500);
  assert.equal(shard.state.counters.get("a"), 1);
});

function record(key: string, text: string) {
  return { timestamp: 0, key: Buffer.from(key), value: Buffer.from(text) };
}

test("what one batch cannot hold goes into several, and is there again after a replay", async () => {
  const log = new MemoryCoordinatorLog();
  const { shard } = await openShard(log);
  log.batchSizeBytesMax = 300;
  const fill = { kind: "fill", name: "f", count: 20 } as const;
  assert.deepEqual(await shard.submit({ ...fill, split: true }), value(20));
  assert.ok(log.batches.length > 1);
  assert.ok(log.batches.every((batch) => batch.length <= 300));
  assert.equal(log.logEndOffset, 20);
  const { shard: replayed } = await openShard(log);
  assert.deepEqual(replayed.state.counters, shard.state.counters);
  assert.equal(replayed.state.counters.size, 20);
});

test("what must be one batch is refused as a whole when it is too large", async () => {
  const { shard, log } = await openShard();
  log.batchSizeBytesMax = 200;
  const fill = { kind: "fill", name: "f", count: 20 } as const;
  const refused = { kind: "refused", error: "RECORD_TOO_LARGE" };
  assert.deepEqual(await shard.submit({ ...fill, split: false }), refused);
  log.batchSizeBytesMax = 64;
  assert.deepEqual(await shard.submit({ ...fill, split: true }), refused);
  assert.equal(log.logEndOffset, 0);
  assert.equal(shard.state.counters.size, 0);
});

test("a refusal between two batches leaves what the log holds, and its timers", async () => {
  const log = new MemoryCoordinatorLog();
  const { shard, clock } = await openShard(log);
  log.batchSizeBytesMax = 300;
  log.refusal = "KAFKA_STORAGE_ERROR";
  log.appendsBeforeRefusal = 1;
  const fill = { kind: "fill", name: "f", count: 20, split: true } as const;
  const refused = { kind: "refused", error: "KAFKA_STORAGE_ERROR" };
  assert.deepEqual(await shard.submit(fill), refused);
  assert.equal(shard.state.counters.size, log.logEndOffset);
  log.refusal = undefined;
  await clock.advance(1000);
  assert.equal(shard.state.counters.get("f"), 1);
  const { shard: replayed } = await openShard(log);
  assert.deepEqual(replayed.state.counters, shard.state.counters);
});
