import assert from "node:assert/strict";
import { test } from "node:test";

import { SimRandom } from "@millrace/platform/sim";
import { ZERO_UUID } from "@millrace/protocol";

import type { TopicMetadata } from "../../../src/metadata/metadata-cache.ts";
import { StickyPartition } from "../../../src/producer/partitioner/sticky-partition.ts";

test("a partition stays until it got its bytes and its batch is full", () => {
  const sticky = stickyOf({ stickySizeBytes: 100 });
  const topic = topicOf(8);
  const first = sticky.get(topic);
  sticky.count(99, true);
  assert.equal(sticky.get(topic), first);
  sticky.count(50, false);
  assert.equal(sticky.get(topic), first, "leaving a half-filled batch would cost a request");
  const left = new Set<number>();
  for (let round = 0; round < 50; round += 1) {
    sticky.count(100, true);
    left.add(sticky.get(topic));
  }
  assert.equal(left.size, 8);
});

test("twice the bytes end the stay even when the batch is not full", () => {
  const sticky = stickyOf({ stickySizeBytes: 100 });
  const seen = new Set<number>();
  for (let round = 0; round < 50; round += 1) {
    seen.add(sticky.get(topicOf(8)));
    sticky.count(200, false);
  }
  assert.equal(seen.size, 8);
});

test("partitions without a leader, and those left out, are not chosen while others are there", () => {
  const sticky = stickyOf({ waitingBatches: (partition) => (partition === 2 ? -1 : 0) });
  const topic = topicOf(4, (partition) => (partition === 1 ? -1 : 1));
  const seen = new Set<number>();
  for (let round = 0; round < 100; round += 1) {
    seen.add(sticky.get(topic));
    sticky.count(1000, true);
  }
  assert.deepEqual(
    [...seen].sort((left, right) => left - right),
    [0, 3],
  );
});

test("with no leader anywhere some partition is chosen all the same", () => {
  const sticky = stickyOf({});
  const partition = sticky.get(topicOf(4, () => -1));
  assert.ok(partition >= 0 && partition < 4);
});

test("adaptive: the share of a partition falls with the batches that wait for it (KIP-794)", () => {
  // "the probability of choosing a partition is proportional to the inverse of queue size"
  const waiting = [0, 3, 1];
  const sticky = stickyOf({ waitingBatches: (partition) => waiting[partition] ?? 0 });
  const counts = [0, 0, 0];
  for (let round = 0; round < 8000; round += 1) {
    const partition = sticky.get(topicOf(3));
    counts[partition] = (counts[partition] ?? 0) + 1;
    sticky.count(1000, true);
  }
  const shares = counts.map((count) => Math.round(count / 100));
  for (const [index, expected] of [40, 10, 30].entries()) {
    assert.ok(Math.abs((shares[index] ?? 0) - expected) <= 2, shares.join());
  }
});

test("not adaptive: every partition has the same share", () => {
  const sticky = stickyOf({
    isAdaptive: false,
    waitingBatches: (partition) => (partition === 0 ? 9 : 0),
  });
  let first = 0;
  for (let round = 0; round < 4000; round += 1) {
    if (sticky.get(topicOf(4)) === 0) first += 1;
    sticky.count(1000, true);
  }
  assert.ok(Math.abs(first - 1000) < 100, `${first}`);
});

function stickyOf(options: {
  readonly stickySizeBytes?: number;
  readonly isAdaptive?: boolean;
  readonly waitingBatches?: (partition: number) => number;
}): StickyPartition {
  const { stickySizeBytes = 1000, isAdaptive = true, waitingBatches = () => 0 } = options;
  return new StickyPartition({
    random: new SimRandom(7),
    stickySizeBytes,
    isAdaptive,
    waitingBatches,
  });
}

function topicOf(count: number, leaderOf: (partition: number) => number = () => 1): TopicMetadata {
  const partitions = Array.from({ length: count }, (_, partition) => ({
    partition,
    leader: leaderOf(partition),
    leaderEpoch: 0,
    replicas: [1],
    inSyncReplicas: [1],
    offlineReplicas: [],
    error: undefined,
  }));
  return { name: "orders", id: ZERO_UUID, isInternal: false, partitions };
}
