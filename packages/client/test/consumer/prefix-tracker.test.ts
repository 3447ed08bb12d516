import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";
import { AssignedPartition } from "../../src/consumer/assigned-partition.ts";
import { PrefixTracker } from "../../src/consumer/prefix-tracker.ts";

function partitionAt(offset: number): AssignedPartition {
  const partition = new AssignedPartition({ topic: "orders", partition: 0 });
  partition.moveTo(offset, 0);
  return partition;
}

test("in whatever order records end, what is finished has no gap", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...Array(40).keys()], { minLength: 0 }), (order) => {
      const partition = partitionAt(0);
      const tracker = new PrefixTracker(partition);
      const records = [...Array(40).keys()].map((offset) => {
        partition.position = offset + 1;
        return tracker.add(offset);
      });
      const done = new Set<number>();
      for (const offset of order) {
        const record = records[offset];
        assert.ok(record !== undefined);
        tracker.done(record);
        done.add(offset);
        let prefix = 0;
        while (done.has(prefix)) prefix += 1;
        assert.equal(partition.finished, prefix);
        assert.equal(partition.outstanding, 40 - done.size);
      }
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("when all is done, what follows the last record is finished, too", () => {
  const partition = partitionAt(0);
  const tracker = new PrefixTracker(partition);
  const record = tracker.add(0);
  partition.position = 3;
  tracker.done(record);
  assert.equal(partition.finished, 3);
});

test("a record that is not handled holds up what is behind it", () => {
  const partition = partitionAt(0);
  const tracker = new PrefixTracker(partition);
  const [first, second] = [tracker.add(0), tracker.add(1)];
  let isQuiet = false;
  partition.onQuiet = () => {
    isQuiet = true;
  };
  tracker.discard(first);
  tracker.done(second);
  assert.equal(partition.finished, 0);
  assert.ok(isQuiet);
});

test("after a seek the records of before count no more", () => {
  const partition = partitionAt(0);
  const tracker = new PrefixTracker(partition);
  const record = tracker.add(0);
  partition.moveTo(100, -1);
  tracker.done(record);
  assert.equal(partition.finished, 100);
});
