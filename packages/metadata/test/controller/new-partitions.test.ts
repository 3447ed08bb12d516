import assert from "node:assert/strict";
import { test } from "node:test";

import { placeAssigned, placePartitions } from "../../src/controller/new-partitions.ts";
import { directoryIds } from "../../src/image/topics-image.ts";
import { brokerOf, clusterOf, contextOf, idOf } from "../support/decisions.ts";

test("a broker with several log directories says later where the replica lies", () => {
  const image = clusterOf(brokerOf(1, { logDirs: [idOf(1), idOf(2)] }));
  const placed = placePartitions(contextOf(image), { partitionCount: 1, replicationFactor: 1 });
  assert.ok(placed.kind === "partitions");
  assert.deepEqual(placed.partitions[0]?.directories, [directoryIds.unassigned]);
});

test("only active brokers of an assignment are in the first ISR, and the first of them leads", () => {
  const image = clusterOf(brokerOf(1, { isFenced: true }), brokerOf(2));
  const placed = placeAssigned(contextOf(image), [[1, 2]], { firstPartition: 0 });
  assert.ok(placed.kind === "partitions");
  assert.deepEqual(placed.partitions[0]?.isr, [2]);
  assert.equal(placed.partitions[0]?.leader, 2);
});

test("an assignment to brokers that are all fenced is refused", () => {
  const image = clusterOf(brokerOf(1, { isFenced: true }));
  const placed = placeAssigned(contextOf(image), [[1]], { firstPartition: 0 });
  assert.equal(placed.kind === "fault" && placed.fault.error, "INVALID_REPLICA_ASSIGNMENT");
});

test("another number of replicas than the topic has is refused", () => {
  const image = clusterOf(brokerOf(1), brokerOf(2));
  const options = { firstPartition: 0, replicationFactor: 2 };
  const placed = placeAssigned(contextOf(image), [[1]], options);
  assert.equal(placed.kind === "fault" && placed.fault.error, "INVALID_REPLICA_ASSIGNMENT");
});
