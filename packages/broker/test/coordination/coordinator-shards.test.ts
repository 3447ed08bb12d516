import assert from "node:assert/strict";
import { test } from "node:test";

import { DeleteTopics, errorName, FindCoordinator, Heartbeat, ZERO_UUID } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

async function findGroup(fixture: BrokerFixture): Promise<void> {
  const asked = { keyType: 0, coordinatorKeys: ["g"] };
  const answer = await fixture.request(FindCoordinator, 4, asked);
  assert.equal(errorName(answer.coordinators[0]?.errorCode ?? -1), "NONE");
}

async function heartbeat(fixture: BrokerFixture): Promise<string> {
  const body = { groupId: "g", generationId: 1, memberId: "m" };
  return errorName((await fixture.request(Heartbeat, 0, body)).errorCode);
}

test("before its topic is there a coordinator is not available", async () => {
  await using fixture = await BrokerFixture.start();
  assert.equal(await heartbeat(fixture), "COORDINATOR_NOT_AVAILABLE");
  await findGroup(fixture);
  assert.equal(await heartbeat(fixture), "UNKNOWN_MEMBER_ID");
});

test("every partition of the topic that the broker leads has a shard", async () => {
  const config = { "offsets.topic.num.partitions": "7" };
  await using fixture = await BrokerFixture.start({ config });
  await findGroup(fixture);
  const { shards } = fixture.broker.services.groups;
  assert.equal([...shards.shards()].length, 7);
  await fixture.restart();
  const again = fixture.broker.services.groups.shards;
  assert.deepEqual(
    [...again.shards()].map(({ phase }) => phase),
    Array.from({ length: 7 }, () => "active"),
  );
});

test("the shards of a deleted topic end", async () => {
  await using fixture = await BrokerFixture.start();
  await findGroup(fixture);
  const before = [...fixture.broker.services.groups.shards.shards()];
  const topics = [{ name: "__consumer_offsets", topicId: ZERO_UUID }];
  await fixture.request(DeleteTopics, 6, { topics, timeoutMs: 1000 });
  assert.ok(before.every(({ phase }) => phase === "closed"));
  assert.equal(await heartbeat(fixture), "COORDINATOR_NOT_AVAILABLE");
});
