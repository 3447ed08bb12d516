import assert from "node:assert/strict";
import { test } from "node:test";
import type { AppendOrigin } from "../src/append-outcome.ts";
import { ProducerEntry } from "../src/producer-entry.ts";
import { ProducerState } from "../src/producer-state.ts";
import { batchOf, type BatchOptions } from "./support.ts";

const client = { origin: "client", transactionVersion: 0, verificationGuard: undefined } as const;

/** Checks and applies batches at offsets that follow each other. */
class Producing {
  readonly state = new ProducerState();
  offset = 0;

  send(options: BatchOptions & { readonly count?: number; readonly guard?: number } = {}): string {
    const { count = 1, guard, ...rest } = options;
    const values = Array.from({ length: count }, () => "v");
    const batch = batchOf(values, {
      producerId: 1n,
      producerEpoch: 0,
      ...rest,
      baseOffset: this.offset,
    });
    const origin: AppendOrigin = "client";
    const checks = { ...client, origin, verificationGuard: guard };
    const refusal = this.state.check(batch, 0, checks);
    if (refusal !== undefined) return refusal.error;
    this.state.applyBatch(batch, 0);
    this.offset += count;
    return "ok";
  }

  mark(isCommit: boolean, options: BatchOptions & { readonly coordinatorEpoch?: number } = {}) {
    const { coordinatorEpoch = 0, ...rest } = options;
    const batch = batchOf(["marker"], {
      producerId: 1n,
      producerEpoch: 0,
      ...rest,
      isTransactional: true,
      isControl: true,
      baseOffset: this.offset,
    });
    const marker = { isCommit, coordinatorEpoch };
    const refusal =
      this.state.check(batch, 0, { ...client, origin: "coordinator" }) ??
      this.state.checkMarker(1, marker);
    if (refusal !== undefined) return refusal.error;
    this.offset += 1;
    const completed = this.state.applyMarker(batch, 0, marker);
    if (completed !== undefined) this.state.complete(completed);
    return completed;
  }
}

test("KIP-360: a producer that the log does not know may begin at any sequence", () => {
  const producing = new Producing();
  assert.equal(producing.send({ baseSequence: 55 }), "ok");
  assert.equal(producing.send({ baseSequence: 56 }), "ok");
});

test("a gap and a step back are out of order", () => {
  const producing = new Producing();
  producing.send({ baseSequence: 0, count: 5 });
  assert.equal(producing.send({ baseSequence: 6 }), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  assert.equal(producing.send({ baseSequence: 4 }), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  assert.equal(producing.send({ baseSequence: 5 }), "ok");
});

test("after the largest sequence number comes 0", () => {
  const producing = new Producing();
  producing.send({ baseSequence: 0x7ffffffe, count: 2 });
  assert.equal(producing.send({ baseSequence: 0 }), "ok");
});

test("an older epoch is refused, a newer one begins at 0", () => {
  const producing = new Producing();
  producing.send({ producerEpoch: 3, baseSequence: 9 });
  assert.equal(producing.send({ producerEpoch: 2, baseSequence: 10 }), "INVALID_PRODUCER_EPOCH");
  assert.equal(
    producing.send({ producerEpoch: 4, baseSequence: 10 }),
    "OUT_OF_ORDER_SEQUENCE_NUMBER",
  );
  assert.equal(producing.send({ producerEpoch: 4, baseSequence: 0 }), "ok");
});

test("the first unstable offset is that of the oldest open transaction", () => {
  const producing = new Producing();
  producing.send({ isTransactional: true, baseSequence: 0 });
  producing.send({ producerId: 2n, isTransactional: true, baseSequence: 0 });
  assert.equal(producing.state.firstUnstableOffset, 0);
  producing.mark(true);
  assert.equal(producing.state.firstUnstableOffset, 0, "until the marker is replicated");
  producing.state.releaseBelow(3);
  assert.equal(producing.state.firstUnstableOffset, 1);
});

test("a plain record of a producer with an open transaction is refused", () => {
  const producing = new Producing();
  producing.send({ isTransactional: true, baseSequence: 0 });
  assert.equal(producing.send({ baseSequence: 1 }), "INVALID_TXN_STATE");
});

test("a marker of an old coordinator is fenced, one without a transaction ends none", () => {
  const producing = new Producing();
  assert.equal(producing.mark(true, { coordinatorEpoch: 5 }), undefined);
  assert.equal(producing.mark(true, { coordinatorEpoch: 4 }), "TRANSACTION_COORDINATOR_FENCED");
});

test("with transaction.version 2 a marker's epoch must be newer", () => {
  const producing = new Producing();
  producing.send({ isTransactional: true, baseSequence: 0, producerEpoch: 3 });
  const marker = batchOf(["m"], {
    producerId: 1n,
    producerEpoch: 3,
    isTransactional: true,
    isControl: true,
  });
  const check = (transactionVersion: number) =>
    producing.state.check(marker, 0, { ...client, origin: "coordinator", transactionVersion });
  assert.equal(check(1), undefined);
  assert.equal(check(2)?.error, "INVALID_PRODUCER_EPOCH");
});

test("KIP-890: a transaction begins only with the guard of its verification", () => {
  const producing = new Producing();
  const first = { isTransactional: true, baseSequence: 0 };
  assert.equal(producing.send({ ...first, guard: 0 }), "INVALID_TXN_STATE");
  const guard = producing.state.startVerification({
    producerId: 1,
    producerEpoch: 0,
    baseSequence: 0,
    nowMs: 0,
  });
  assert.equal(producing.send({ ...first, guard: guard + 1 }), "INVALID_TXN_STATE");
  assert.equal(producing.send({ ...first, guard }), "ok");
  assert.equal(producing.send({ isTransactional: true, baseSequence: 1, guard: 0 }), "ok");
  producing.mark(false);
  const stale = { isTransactional: true, baseSequence: 2, guard };
  assert.equal(producing.send(stale), "INVALID_TXN_STATE", "a guard serves once");
});

test("an idle producer is forgotten, one with an open transaction is not", () => {
  const state = new ProducerState();
  const idle = new ProducerEntry(1);
  idle.lastTimestampMs = 1000;
  const busy = new ProducerEntry(2);
  busy.lastTimestampMs = 1000;
  busy.transactionFirstOffset = 5;
  state.load([idle, busy]);
  state.expire(1999, 1000);
  assert.equal(state.producerCount, 2);
  state.expire(2000, 1000);
  assert.deepEqual([...state.producers], [busy]);
  assert.equal(state.firstUnstableOffset, 5);
});
