import assert from "node:assert/strict";
import { test } from "node:test";

import { configsOf } from "@millrace/metadata";
import { errorName, type Uuid, ZERO_UUID } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

/** A broker with a topic, of which nobody has asked for a share coordinator. */
async function started() {
  const fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const topicId = fixture.broker.services.image().topics.byName.get("orders")?.id ?? ZERO_UUID;
  return { fixture, topicId };
}

async function initialize(fixture: BrokerFixture, topicId: Uuid): Promise<string> {
  const answer = await fixture.settled(
    fixture.broker.services.shareStates.initializeState({
      groupId: "g",
      topics: [{ topicId, partitions: [{ partition: 0, stateEpoch: 1, startOffset: 4 }] }],
    }),
  );
  return errorName(answer.results[0]?.partitions[0]?.errorCode ?? -1);
}

test("the topic of share states is made when the first state is begun", async () => {
  const { fixture, topicId } = await started();
  await using _ = fixture;
  assert.equal(fixture.broker.services.image().topics.byName.has("__share_group_state"), false);
  assert.equal(await initialize(fixture, topicId), "NONE");
  const { configs } = fixture.broker.services.image();
  const topic = configsOf(configs, { type: "topic", name: "__share_group_state" });
  assert.equal(topic.get("cleanup.policy"), "delete");
  assert.equal(topic.get("retention.ms"), "-1");
});

test("a coordinator that still loads is asked again until it answers", async () => {
  const { fixture, topicId } = await started();
  await using _ = fixture;
  await initialize(fixture, topicId);
  await fixture.restart();
  const answer = await fixture.settled(
    fixture.broker.services.shareStates.readState({
      groupId: "g",
      topics: [{ topicId, partitions: [{ partition: 0, leaderEpoch: 0 }] }],
    }),
  );
  const [state] = answer.results[0]?.partitions ?? [];
  assert.deepEqual([errorName(state?.errorCode ?? -1), state?.startOffset], ["NONE", 4]);
});

test("a coordinator that does not come is given up after some seconds", async () => {
  const { fixture, topicId } = await started();
  await using _ = fixture;
  await initialize(fixture, topicId);
  fixture.broker.services.shares.shards.stop();
  const beganMs = fixture.platform.clock.monotonicMs();
  assert.equal(await initialize(fixture, topicId), "COORDINATOR_NOT_AVAILABLE");
  const tookMs = fixture.platform.clock.monotonicMs() - beganMs;
  assert.ok(tookMs > 5000 && tookMs < 10_000, `${tookMs} ms`);
});

test("a coordinator that was stopped for good is not asked again", async () => {
  const { fixture, topicId } = await started();
  await using _ = fixture;
  await initialize(fixture, topicId);
  fixture.broker.services.shares.stop();
  const beganMs = fixture.platform.clock.monotonicMs();
  assert.equal(await initialize(fixture, topicId), "COORDINATOR_NOT_AVAILABLE");
  assert.ok(fixture.platform.clock.monotonicMs() - beganMs < 100);
});
