import assert from "node:assert/strict";
import { test } from "node:test";

import { SharePartition } from "../../src/share-partition/share-partition.ts";
import {
  acknowledgeTypes,
  type AcquiredRange,
  type AcquireRequest,
  type ShareStateWrite,
} from "../../src/share-partition/share-types.ts";

const limits = { deliveryCountMax: 5, recordLocksMax: 1000 };
const plain = { limits, hasDeadLetters: false };

function fresh(startOffset = 0): SharePartition {
  return new SharePartition({ startOffset, stateBatches: [] });
}

/** Acquires from one batch from `baseOffset` to `lastOffset`. */
function acquire(
  partition: SharePartition,
  [baseOffset, lastOffset]: readonly [number, number],
  overrides: Partial<AcquireRequest> = {},
): [number, number, number][] {
  return partition
    .acquire({
      memberId: "a",
      mode: "batch_optimized",
      batchSize: 500,
      maxRecords: 500,
      fetchOffset: partition.nextFetchOffset(),
      batches: [{ baseOffset, lastOffset }],
      abortedBatches: [],
      lockedUntilMs: 100,
      limits,
      ...overrides,
    })
    .map((range: AcquiredRange) => [range.firstOffset, range.lastOffset, range.deliveryCount]);
}

function acknowledge(
  partition: SharePartition,
  [firstOffset, lastOffset]: readonly [number, number],
  type: keyof typeof acknowledgeTypes,
  overrides: { memberId?: string; hasDeadLetters?: boolean } = {},
): ShareStateWrite | undefined {
  const outcome = partition.acknowledge({
    memberId: "a",
    batches: [{ firstOffset, lastOffset, acknowledgeTypes: [acknowledgeTypes[type]] }],
    lockedUntilMs: 200,
    ...plain,
    ...overrides,
  });
  assert.ok(outcome.kind === "taken", outcome.kind === "refused" ? outcome.message : "");
  return outcome.write;
}

function keep(partition: SharePartition, write: ShareStateWrite | undefined): void {
  assert.ok(write !== undefined);
  partition.complete(write, true);
}

test("the start offset follows what is done with, and a range costs one object", () => {
  const partition = fresh();
  assert.deepEqual(acquire(partition, [0, 99]), [[0, 99, 1]]);
  assert.equal(partition.rangeCount, 1);
  keep(partition, acknowledge(partition, [50, 99], "accept"));
  assert.equal(partition.startOffset, 0);
  assert.equal(partition.deliveryCompleteCount, 50);
  keep(partition, acknowledge(partition, [0, 49], "accept"));
  assert.equal(partition.startOffset, 100);
  assert.equal(partition.deliveryCompleteCount, 0);
  assert.equal(partition.rangeCount, 0);
  assert.equal(partition.nextFetchOffset(), 100);
});

test("records part ways only where they must, and come together again", () => {
  const partition = fresh();
  acquire(partition, [0, 99]);
  for (let offset = 10; offset < 20; offset += 1) {
    keep(partition, acknowledge(partition, [offset, offset], "accept"));
  }
  assert.equal(partition.rangeCount, 3);
});

test("what a write carries is what changed, with neighbours in one batch", () => {
  const partition = fresh();
  acquire(partition, [0, 9]);
  const outcome = partition.acknowledge({
    memberId: "a",
    batches: [{ firstOffset: 0, lastOffset: 5, acknowledgeTypes: [1, 1, 2, 3, 0, 4] }],
    lockedUntilMs: 200,
    ...plain,
  });
  assert.ok(outcome.kind === "taken");
  assert.deepEqual(outcome.write, {
    id: 1,
    startOffset: 0,
    deliveryCompleteCount: 4,
    batches: [
      { firstOffset: 0, lastOffset: 1, deliveryState: 2, deliveryCount: 1 },
      { firstOffset: 2, lastOffset: 2, deliveryState: 0, deliveryCount: 1 },
      { firstOffset: 3, lastOffset: 4, deliveryState: 4, deliveryCount: 1 },
    ],
  });
  // Offset 5 was renewed: it is held beyond the others.
  keep(partition, outcome.write);
  const { count } = partition.expire(150, plain);
  assert.equal(count, 1);
  assert.equal(partition.nextLockDeadlineMs(), 200);
});

test("an acknowledgement whose write fails is undone, and can be tried again", () => {
  const partition = fresh();
  acquire(partition, [0, 9]);
  const write = acknowledge(partition, [0, 9], "release");
  assert.ok(write !== undefined);
  assert.equal(partition.nextFetchOffset(), 10);
  partition.complete(write, false);
  assert.equal(partition.nextFetchOffset(), 10);
  keep(partition, acknowledge(partition, [0, 9], "accept"));
  assert.equal(partition.startOffset, 10);
});

test("nothing can be done with a record whose change is being kept", () => {
  const partition = fresh();
  acquire(partition, [0, 9]);
  const write = acknowledge(partition, [0, 4], "release");
  assert.deepEqual(acquire(partition, [0, 9], { memberId: "b" }), []);
  const again = partition.acknowledge({
    memberId: "a",
    batches: [{ firstOffset: 0, lastOffset: 4, acknowledgeTypes: [1] }],
    lockedUntilMs: 200,
    ...plain,
  });
  assert.equal(again.kind, "refused");
  keep(partition, write);
  assert.deepEqual(acquire(partition, [0, 9], { memberId: "b" }), [[0, 4, 2]]);
});

test("another member's records, unknown ones and those twice named are refused as a whole", () => {
  const partition = fresh();
  acquire(partition, [0, 4]);
  acquire(partition, [5, 9], { memberId: "b" });
  const refusal = (...batches: (readonly [number, number])[]): string => {
    const outcome = partition.acknowledge({
      memberId: "a",
      batches: batches.map(([firstOffset, lastOffset]) => ({
        firstOffset,
        lastOffset,
        acknowledgeTypes: [1],
      })),
      lockedUntilMs: 200,
      ...plain,
    });
    return outcome.kind === "refused" ? outcome.error : "NONE";
  };
  assert.equal(refusal([0, 5]), "INVALID_RECORD_STATE");
  assert.equal(refusal([0, 10]), "INVALID_REQUEST");
  assert.equal(refusal([12, 13]), "INVALID_REQUEST");
  assert.equal(refusal([0, 2], [2, 3]), "INVALID_RECORD_STATE");
  assert.equal(partition.deliveryCompleteCount, 0);
  assert.equal(refusal([0, 4]), "NONE");
  assert.equal(
    fresh().acknowledge({
      memberId: "a",
      batches: [{ firstOffset: 0, lastOffset: 0, acknowledgeTypes: [1] }],
      lockedUntilMs: 0,
      ...plain,
    }).kind,
    "refused",
  );
});

test("what a session's end or a lock's end gives back was delivered all the same", () => {
  const partition = fresh();
  acquire(partition, [0, 9]);
  keep(partition, partition.release("a", plain));
  assert.deepEqual(acquire(partition, [0, 9], { memberId: "b" }), [[0, 9, 2]]);
  const { write } = partition.expire(100, plain);
  assert.deepEqual(write?.batches, [
    { firstOffset: 0, lastOffset: 9, deliveryState: 0, deliveryCount: 2 },
  ]);
  assert.deepEqual(acquire(partition, [0, 9], { memberId: "b" }), [[0, 9, 3]]);
  assert.equal(partition.release("nobody", plain), undefined);
});

test("a record whose deliveries are used up is archived", () => {
  const partition = fresh();
  const twice = { limits: { ...limits, deliveryCountMax: 2 }, hasDeadLetters: false };
  acquire(partition, [0, 0]);
  partition.expire(100, twice);
  acquire(partition, [0, 0], twice);
  const { write } = partition.expire(100, twice);
  assert.equal(write?.batches[0]?.deliveryState, 4);
  keep(partition, write);
  assert.equal(partition.startOffset, 1);
});

test("often delivered batches are halved, and a last attempt is made alone", () => {
  const partition = fresh();
  const seen: [number, number, number][][] = [];
  for (let round = 0; round < 9; round += 1) {
    seen.push(acquire(partition, [0, 7]));
    partition.expire(100, plain);
  }
  assert.deepEqual(seen, [
    [[0, 7, 1]],
    [[0, 7, 2]],
    [[0, 7, 3]],
    // Three deliveries of five: halves of the batch.
    [[0, 3, 4]],
    // The first has one attempt left.
    [[0, 0, 5]],
    [[1, 1, 5]],
    [[2, 2, 5]],
    [[3, 3, 5]],
    [[4, 7, 4]],
  ]);
});

test("acquires end with batches, or exactly where the member wants it", () => {
  const batches = [
    { baseOffset: 0, lastOffset: 9 },
    { baseOffset: 10, lastOffset: 19 },
    { baseOffset: 20, lastOffset: 29 },
  ];
  const whole = fresh();
  assert.deepEqual(acquire(whole, [0, 29], { batches, maxRecords: 12 }), [[0, 19, 1]]);
  const parted = fresh();
  assert.deepEqual(acquire(parted, [0, 29], { batches, batchSize: 10 }), [
    [0, 9, 1],
    [10, 19, 1],
    [20, 29, 1],
  ]);
  const exact = fresh();
  const mode = { mode: "record_limit", maxRecords: 12 } as const;
  assert.deepEqual(acquire(exact, [0, 29], { batches, ...mode }), [[0, 11, 1]]);
  assert.equal(exact.nextFetchOffset(), 12);
  // The rest of the second batch was not delivered yet; new records follow it.
  const rest = acquire(exact, [10, 29], { batches: batches.slice(1), ...mode });
  assert.deepEqual(rest, [
    [12, 19, 1],
    [20, 23, 1],
  ]);
});

test("locks bound what is in flight, but for what comes back", () => {
  const partition = fresh();
  const few = { limits: { ...limits, recordLocksMax: 10 } };
  acquire(partition, [0, 9], few);
  assert.equal(partition.canAcquire(few.limits), false);
  keep(partition, acknowledge(partition, [5, 5], "release"));
  assert.equal(partition.canAcquire(few.limits), true);
  assert.deepEqual(acquire(partition, [0, 19], few), [[5, 5, 2]]);
});

test("records of aborted transactions are archived, and do not stand in the way", () => {
  const partition = fresh();
  const abortedBatches = [{ baseOffset: 2, lastOffset: 3 }];
  assert.deepEqual(acquire(partition, [0, 5], { abortedBatches }), [
    [0, 1, 1],
    [4, 5, 1],
  ]);
  keep(partition, acknowledge(partition, [0, 1], "accept"));
  assert.equal(partition.startOffset, 4);
  const all = fresh();
  assert.deepEqual(
    acquire(all, [0, 5], { abortedBatches: [{ baseOffset: 0, lastOffset: 5 }] }),
    [],
  );
  assert.equal(all.startOffset, 6);
});

test("what left the log is passed over: at its start, by compaction, and while it is held", () => {
  const compacted = fresh();
  acquire(compacted, [0, 9]);
  keep(compacted, acknowledge(compacted, [0, 9], "release"));
  assert.deepEqual(acquire(compacted, [5, 9]), [[5, 9, 2]]);
  assert.equal(compacted.startOffset, 5);
  const held = fresh();
  acquire(held, [0, 9]);
  held.logStartMoved(4);
  assert.equal(held.startOffset, 4);
  keep(held, acknowledge(held, [0, 9], "accept"));
  assert.equal(held.startOffset, 10);
  const far = fresh();
  acquire(far, [0, 9]);
  far.logStartMoved(50);
  assert.equal(far.nextFetchOffset(), 50);
  assert.equal(far.inFlightCount, 0);
});

test("a state that was kept goes on: what was acquired then is available again", () => {
  const partition = new SharePartition({
    startOffset: 10,
    stateBatches: [
      { firstOffset: 5, lastOffset: 11, deliveryState: 2, deliveryCount: 1 },
      { firstOffset: 15, lastOffset: 15, deliveryState: 0, deliveryCount: 3 },
      { firstOffset: 16, lastOffset: 17, deliveryState: 4, deliveryCount: 1 },
    ],
  });
  assert.equal(partition.startOffset, 12);
  assert.equal(partition.nextOffset, 18);
  assert.equal(partition.deliveryCompleteCount, 2);
  assert.equal(partition.nextFetchOffset(), 12);
  assert.deepEqual(acquire(partition, [10, 25], { maxRecords: 3 }), [[12, 14, 1]]);
  assert.deepEqual(acquire(partition, [15, 25], { maxRecords: 3 }), [[15, 15, 4]]);
});

test("dead letters are held back until they are settled", () => {
  const partition = fresh();
  acquire(partition, [0, 3]);
  const write = acknowledge(partition, [1, 2], "reject", { hasDeadLetters: true });
  assert.equal(write?.batches[0]?.deliveryState, 3);
  assert.deepEqual(partition.takeDeadLetters(), []);
  keep(partition, write);
  const letter = { firstOffset: 1, lastOffset: 2, deliveryCount: 1, cause: "rejected" } as const;
  assert.deepEqual(partition.takeDeadLetters(), [letter]);
  assert.deepEqual(partition.takeDeadLetters(), []);
  partition.returnDeadLetters(letter);
  assert.deepEqual(partition.takeDeadLetters(), [letter]);
  keep(partition, acknowledge(partition, [0, 0], "accept"));
  assert.equal(partition.startOffset, 1);
  keep(partition, partition.settleDeadLetters({ ...letter, lastOffset: 1 }));
  assert.equal(partition.startOffset, 2);
  keep(partition, partition.settleDeadLetters({ ...letter, firstOffset: 2 }));
  assert.equal(partition.startOffset, 3);
  assert.equal(partition.hasDeadLetters, false);
});

test("a restart finds the dead letters that were not settled", () => {
  const partition = new SharePartition({
    startOffset: 0,
    stateBatches: [{ firstOffset: 0, lastOffset: 0, deliveryState: 3, deliveryCount: 5 }],
  });
  assert.equal(partition.hasDeadLetters, true);
  assert.equal(partition.startOffset, 0);
  assert.equal(partition.takeDeadLetters().length, 1);
});
