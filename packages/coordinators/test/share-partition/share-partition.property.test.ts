import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { SharePartition } from "../../src/share-partition/share-partition.ts";
import type { AcquiredRange, ShareStateWrite } from "../../src/share-partition/share-types.ts";

const limits = { deliveryCountMax: 4, recordLocksMax: 60 };
const lockMs = 100;
const members = ["a", "b", "c"];

/** Each record's fate as an observer of the answers sees it. */
class Observer {
  readonly partition = new SharePartition({ startOffset: 0, stateBatches: [] });
  readonly holders = new Map<number, { member: string; untilMs: number }>();
  readonly deliveries = new Map<number, number>();
  readonly done = new Set<number>();
  readonly writes: ShareStateWrite[] = [];
  readonly logEndOffset: number;
  readonly batchSize: number;
  nowMs = 0;

  constructor(logEndOffset: number, batchSize: number) {
    this.logEndOffset = logEndOffset;
    this.batchSize = batchSize;
  }

  batchesFrom(offset: number): { baseOffset: number; lastOffset: number }[] {
    const batches = [];
    let baseOffset = offset - (offset % this.batchSize);
    for (let count = 0; count < 3 && baseOffset < this.logEndOffset; count += 1) {
      const lastOffset = Math.min(baseOffset + this.batchSize, this.logEndOffset) - 1;
      batches.push({ baseOffset, lastOffset });
      baseOffset += this.batchSize;
    }
    return batches;
  }

  acquire(member: string, maxRecords: number, isExact: boolean): readonly AcquiredRange[] {
    const { partition } = this;
    if (!partition.canAcquire(limits)) return [];
    const fetchOffset = partition.nextFetchOffset();
    const acquired = partition.acquire({
      memberId: member,
      mode: isExact ? "record_limit" : "batch_optimized",
      batchSize: 5,
      maxRecords,
      fetchOffset,
      batches: this.batchesFrom(fetchOffset),
      abortedBatches: [],
      lockedUntilMs: this.nowMs + lockMs,
      limits,
    });
    let count = 0;
    for (const { firstOffset, lastOffset, deliveryCount } of acquired) {
      assert.ok(lastOffset >= firstOffset);
      count += lastOffset - firstOffset + 1;
      for (let offset = firstOffset; offset <= lastOffset; offset += 1) {
        this.#acquired(offset, member, deliveryCount);
      }
    }
    if (isExact) assert.ok(count <= maxRecords, `${count} of at most ${maxRecords} records`);
    return acquired;
  }

  #acquired(offset: number, member: string, deliveryCount: number): void {
    assert.ok(!this.holders.has(offset), `record ${offset} is held by two members`);
    assert.ok(!this.done.has(offset), `record ${offset} was done with`);
    assert.ok(offset < this.logEndOffset && offset >= 0);
    assert.ok(deliveryCount <= limits.deliveryCountMax, `delivered ${deliveryCount} times`);
    assert.equal(deliveryCount, (this.deliveries.get(offset) ?? 0) + 1);
    this.deliveries.set(offset, deliveryCount);
    this.holders.set(offset, { member, untilMs: this.nowMs + lockMs });
  }

  acknowledge(member: string, firstOffset: number, lastOffset: number, type: number): void {
    const mayAcknowledge = this.#mayAcknowledge(member, firstOffset, lastOffset);
    const before = this.partition.startOffset;
    const outcome = this.partition.acknowledge({
      memberId: member,
      batches: [{ firstOffset, lastOffset, acknowledgeTypes: [type] }],
      lockedUntilMs: this.nowMs + lockMs,
      limits,
      hasDeadLetters: false,
    });
    if (lastOffset >= before) assert.equal(outcome.kind === "taken", mayAcknowledge);
    if (outcome.kind !== "taken") return;
    for (let offset = Math.max(before, firstOffset); offset <= lastOffset; offset += 1) {
      if (type === 4) this.holders.set(offset, { member, untilMs: this.nowMs + lockMs });
    }
    if (outcome.write !== undefined) this.settle(outcome.write, true);
  }

  #mayAcknowledge(member: string, firstOffset: number, lastOffset: number): boolean {
    for (let offset = firstOffset; offset <= lastOffset; offset += 1) {
      if (offset < this.partition.startOffset) continue;
      if (this.holders.get(offset)?.member !== member) return false;
    }
    return true;
  }

  settle(write: ShareStateWrite, isKept: boolean): void {
    this.partition.complete(write, isKept);
    if (!isKept) return;
    for (const batch of write.batches) {
      for (let offset = batch.firstOffset; offset <= batch.lastOffset; offset += 1) {
        this.holders.delete(offset);
        if (batch.deliveryState >= 2) this.done.add(offset);
        this.deliveries.set(offset, batch.deliveryCount);
      }
    }
  }

  check(): void {
    const { partition } = this;
    for (let offset = 0; offset < partition.startOffset; offset += 1) {
      assert.ok(this.done.has(offset), `record ${offset} was passed over`);
    }
    assert.ok(partition.startOffset <= partition.nextOffset);
    const done = [...this.done].filter((offset) => offset >= partition.startOffset);
    assert.equal(partition.deliveryCompleteCount, done.length);
    const deadlineMs = partition.nextLockDeadlineMs();
    const heldUntilMs = [...this.holders.values()].map(({ untilMs }) => untilMs);
    assert.equal(deadlineMs, heldUntilMs.length === 0 ? undefined : Math.min(...heldUntilMs));
  }
}

const action = fc.oneof(
  fc.record({
    kind: fc.constant("acquire" as const),
    member: fc.constantFrom(...members),
    maxRecords: fc.integer({ min: 1, max: 30 }),
    isExact: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("acknowledge" as const),
    member: fc.constantFrom(...members),
    from: fc.integer({ min: 0, max: 99 }),
    length: fc.integer({ min: 1, max: 12 }),
    type: fc.integer({ min: 0, max: 4 }),
  }),
  fc.record({ kind: fc.constant("release" as const), member: fc.constantFrom(...members) }),
  fc.record({ kind: fc.constant("advance" as const), ms: fc.integer({ min: 1, max: 80 }) }),
);

function play(
  observer: Observer,
  step: typeof action extends fc.Arbitrary<infer T> ? T : never,
): void {
  const { partition } = observer;
  switch (step.kind) {
    case "acquire":
      observer.acquire(step.member, step.maxRecords, step.isExact);
      break;
    case "acknowledge": {
      const span = Math.max(1, partition.nextOffset - partition.startOffset);
      const first = partition.startOffset + (step.from % span);
      observer.acknowledge(step.member, first, first + step.length - 1, step.type);
      break;
    }
    case "release": {
      const write = partition.release(step.member, { limits, hasDeadLetters: false });
      if (write !== undefined) observer.settle(write, true);
      break;
    }
    case "advance": {
      observer.nowMs += step.ms;
      const { write } = partition.expire(observer.nowMs, { limits, hasDeadLetters: false });
      if (write !== undefined) observer.settle(write, true);
      break;
    }
  }
}

test("no record is held by two members or delivered too often, and all are done with in the end", () => {
  fc.assert(
    fc.property(
      fc.array(action, { minLength: 1, maxLength: 120 }),
      fc.integer({ min: 1, max: 150 }),
      fc.integer({ min: 1, max: 20 }),
      (steps, logEndOffset, batchSize) => {
        const observer = new Observer(logEndOffset, batchSize);
        for (const step of steps) {
          play(observer, step);
          observer.check();
        }
        // A member that accepts everything ends it, however the records parted before.
        for (let round = 0; observer.partition.startOffset < logEndOffset; round += 1) {
          assert.ok(round < 1000, "records are left over");
          const acquired = observer.acquire("z", 10, round % 2 === 0);
          for (const { firstOffset, lastOffset } of acquired) {
            observer.acknowledge("z", firstOffset, lastOffset, 1);
          }
          if (acquired.length > 0) continue;
          observer.nowMs += lockMs;
          const end = { limits, hasDeadLetters: false };
          const { write } = observer.partition.expire(observer.nowMs, end);
          if (write !== undefined) observer.settle(write, true);
        }
        observer.check();
        assert.equal(observer.done.size, logEndOffset);
        assert.equal(observer.partition.rangeCount, 0);
      },
    ),
    { numRuns: 300, seed: 932 },
  );
});
