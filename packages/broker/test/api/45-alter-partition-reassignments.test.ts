import assert from "node:assert/strict";
import { test } from "node:test";

import { AlterPartitionReassignments, errorName } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

async function errorOf(
  fixture: BrokerFixture,
  replicas: readonly number[] | null,
  place: { readonly name: string; readonly partitionIndex: number },
): Promise<string> {
  const { name, partitionIndex } = place;
  const answer = await fixture.request(AlterPartitionReassignments, 1, {
    topics: [{ name, partitions: [{ partitionIndex, replicas }] }],
  });
  assert.equal(answer.errorCode, 0);
  const [partition] = answer.responses[0]?.partitions ?? [];
  return errorName(partition?.errorCode ?? -1);
}

test("the replicas that a partition has are granted, and all others refused", async () => {
  await using fixture = await BrokerFixture.start({ config: { "node.id": "1" } });
  await createTopic(fixture, "orders");
  const orders = { name: "orders", partitionIndex: 0 };
  assert.equal(await errorOf(fixture, [1], orders), "NONE");
  assert.equal(await errorOf(fixture, [2], orders), "INVALID_REPLICA_ASSIGNMENT");
  assert.equal(await errorOf(fixture, [1, 1], orders), "INVALID_REPLICA_ASSIGNMENT");
  assert.equal(await errorOf(fixture, [], orders), "INVALID_REPLICA_ASSIGNMENT");
});

test("there is no reassignment to cancel, and none of what does not exist", async () => {
  await using fixture = await BrokerFixture.start({ config: { "node.id": "1" } });
  await createTopic(fixture, "orders");
  const orders = { name: "orders", partitionIndex: 0 };
  assert.equal(await errorOf(fixture, null, orders), "NO_REASSIGNMENT_IN_PROGRESS");
  for (const place of [
    { name: "orders", partitionIndex: 1 },
    { name: "ghost", partitionIndex: 0 },
  ]) {
    assert.equal(await errorOf(fixture, [1], place), "UNKNOWN_TOPIC_OR_PARTITION");
  }
});
