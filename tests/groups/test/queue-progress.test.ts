import assert from "node:assert/strict";
import { test } from "node:test";
import { QueueProgress } from "../src/queue-progress.ts";

test("a queue is done when each of its partitions has an end and nothing is left", () => {
  const progress = new QueueProgress();
  const take = (kind: "produced" | "lag", partition: number, offset: number) => {
    progress.take({ atMs: 1, group: "g", member: "", kind, partition, offset });
  };
  take("lag", 0, 0);
  assert.equal(progress.left(2), "the queue has no end yet");
  take("produced", 0, 10);
  take("produced", 1, 10);
  assert.equal(progress.left(2), "partition 1: an unknown number of records");
  take("lag", 1, 3);
  assert.equal(progress.left(2), "partition 1: 3 records");
  take("lag", 1, 0);
  assert.equal(progress.left(2), undefined);
});
