import assert from "node:assert/strict";
import { test } from "node:test";

import { AssignedPartition } from "../../src/consumer/assigned-partition.ts";

test("each move of the position is another version, and what waits for it is asked anew", () => {
  const partition = new AssignedPartition({ topic: "orders", partition: 1 });
  assert.equal(partition.key, "orders-1");
  assert.equal(partition.hasPosition, false);
  partition.isBusy = true;
  partition.moveTo(5, 2);
  assert.deepEqual(
    [partition.state, partition.position, partition.finished, partition.isBusy],
    ["fetching", 5, 5, false],
  );
  const { version, moves } = partition;
  partition.awaitReset("earliest");
  assert.equal(partition.state, "await_reset");
  assert.equal(partition.hasPosition, false);
  assert.ok(partition.version > version && partition.moves > moves);
});

test("whoever waits for the application is told when it is done", () => {
  const partition = new AssignedPartition({ topic: "orders", partition: 1 });
  partition.moveTo(0, -1);
  partition.outstanding = 1;
  partition.position = 3;
  let isQuiet = false;
  partition.onQuiet = () => {
    isQuiet = true;
  };
  partition.finish();
  assert.ok(isQuiet);
  assert.deepEqual([partition.finished, partition.outstanding], [3, 0]);
});
