/** The judges of a chaos run find what is planted, and nothing in a run that is clean. */
import assert from "node:assert/strict";
import { test } from "node:test";

import type { ChaosEvent, ChaosFact } from "./events.ts";
import { Findings } from "./findings.ts";
import { HandlingJudge } from "./handling-judge.ts";
import { LogJudge, type TopicValues } from "./log-judge.ts";
import { memoryGrowth } from "./memory-judge.ts";
import { ProgressJudge } from "./progress-judge.ts";

const member = "readers-classic/1";

function at(atMs: number, fact: ChaosFact): ChaosEvent {
  return { atMs, ...fact };
}

function handle(kind: "begun" | "finished", value: string, offset: number): ChaosEvent {
  return at(0, { kind, member, value, partition: 0, offset });
}

const assigned = at(0, { kind: "assigned", member, partitions: [0] });

function handlingOf(events: readonly ChaosEvent[]): readonly string[] {
  const findings = new Findings();
  const judge = new HandlingJudge(findings);
  for (const event of [assigned, ...events]) judge.see(event);
  return findings.names;
}

const committed = (offset: number): ChaosEvent =>
  at(0, { kind: "committed", group: "readers-classic", partition: 0, offset });

test("handlers: order of keys, owned partitions, commits of what is finished", () => {
  const one = [handle("begun", "p:0", 0), handle("finished", "p:0", 0)];
  assert.deepEqual(handlingOf([...one, committed(1), handle("begun", "p:12", 1)]), []);
  // p:0 and p:12 have one key.
  const both = [handle("begun", "p:0", 0), handle("begun", "p:12", 1)];
  assert.deepEqual(handlingOf(both), ["handled-out-of-order"]);
  assert.deepEqual(handlingOf([...one, ...one]), ["handled-out-of-order"]);
  assert.deepEqual(handlingOf([...one, assigned, ...one]), []);
  const lost = at(0, { kind: "lost", member, partitions: [0] });
  assert.deepEqual(handlingOf([lost, ...one]), ["handled-unowned"]);
  assert.deepEqual(handlingOf([...one, committed(2)]), ["committed-ahead"]);
  assert.deepEqual(handlingOf([...one, committed(1), committed(0)]), ["committed-back"]);
});

const clean: TopicValues = [["p:0", "p:1"], [], [], []];

function ordersOf(events: readonly ChaosEvent[], orders: TopicValues): readonly string[] {
  const findings = new Findings();
  const judge = new LogJudge(findings);
  for (const event of events) judge.see(event);
  judge.judgeOrders(orders);
  return findings.names;
}

test("logs: lost, doubled, reordered and refused records", () => {
  const stored = at(0, { kind: "stored", value: "p:1", partition: 0, offset: 1 });
  const flushed = at(0, { kind: "flushed", producer: "p", lastSequence: 1 });
  assert.deepEqual(ordersOf([stored, flushed], clean), []);
  assert.deepEqual(ordersOf([stored], [["p:0"], [], [], []]), ["lost"]);
  assert.deepEqual(ordersOf([flushed], [["p:0"], [], [], []]), ["lost"]);
  assert.deepEqual(ordersOf([], [["p:0"], ["p:0"], [], []]), ["duplicate"]);
  assert.deepEqual(ordersOf([], [["p:1", "p:0"], [], [], []]), ["out-of-order"]);
  const refused = at(0, { kind: "refused", producer: "p", error: "DELIVERY_TIMED_OUT" });
  assert.deepEqual(ordersOf([refused], clean), ["refused"]);
});

function copiesOf(copies: TopicValues): readonly string[] {
  const findings = new Findings();
  const judge = new LogJudge(findings);
  const handling = new HandlingJudge(findings);
  for (const group of ["readers-classic", "readers-consumer"]) {
    handling.see(at(0, { kind: "assigned", member: `${group}/1`, partitions: [0] }));
    for (const [offset, value] of ["p:0", "p:1"].entries()) {
      const fact = { member: `${group}/1`, value, partition: 0, offset };
      handling.see(at(0, { kind: "begun", ...fact }));
      handling.see(at(0, { kind: "finished", ...fact }));
    }
  }
  for (const [offset, value] of ["p:0", "p:1"].entries()) {
    judge.see(at(0, { kind: "shared", member: "shares/1", value, partition: 0, offset }));
  }
  judge.judgeReaders(clean, { classic: copies, consumer: clean }, handling);
  return findings.names;
}

test("copies: twice, not at all, out of order; the marker of a transaction is a gap", () => {
  assert.deepEqual(copiesOf([["p:0", undefined, "p:1"], [], [], []]), []);
  assert.deepEqual(copiesOf([["p:0", "p:1", "p:1"], [], [], []]), ["copied-twice"]);
  assert.deepEqual(copiesOf([["p:0"], [], [], []]), ["not-copied"]);
  assert.deepEqual(copiesOf([["p:1", "p:0"], [], [], []]), ["copied-out-of-order"]);
});

test("a member that does nothing while records come is a zombie, and its health has to say so", () => {
  for (const isHealthy of [true, false]) {
    const findings = new Findings();
    const judge = new ProgressJudge(findings);
    judge.see(at(0, { kind: "joined", member }));
    for (let ms = 0; ms < 30_000; ms += 250) {
      judge.see(at(ms, { kind: "stored", value: `p:${ms}`, partition: 0, offset: ms }));
      judge.see(at(ms, { kind: "health", member, isHealthy, problems: [], partitions: [0] }));
    }
    assert.deepEqual(judge.waitingSince(10_000), [member]);
    assert.deepEqual(findings.names, isHealthy ? ["healthy-zombie"] : []);
    judge.see(at(30_000, { kind: "copied", member, count: 1 }));
    assert.deepEqual(judge.waitingSince(10_000), []);
  }
});

test("memory that goes up and down is flat, memory that goes up is not", () => {
  const mebibyte = 1024 * 1024;
  const samples = (heapOf: (index: number) => number) =>
    Array.from({ length: 60 }, (_, index) => ({
      atMs: index,
      rssBytes: 100 * mebibyte,
      heapBytes: heapOf(index) * mebibyte,
    }));
  assert.equal(memoryGrowth(samples((index) => 30 + (index % 7))), undefined);
  assert.match(memoryGrowth(samples((index) => 30 + index / 2)) ?? "", /^heap/);
});
