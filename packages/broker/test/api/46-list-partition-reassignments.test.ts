import assert from "node:assert/strict";
import { test } from "node:test";

import { ListPartitionReassignments } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("a node alone moves no partition, whichever is asked for", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  for (const topics of [
    null,
    [],
    [{ name: "orders", partitionIndexes: [0, 9] }],
    [{ name: "ghost", partitionIndexes: [0] }],
  ]) {
    const answer = await fixture.request(ListPartitionReassignments, 0, { topics });
    assert.deepEqual([answer.errorCode, answer.topics], [0, []]);
  }
});
