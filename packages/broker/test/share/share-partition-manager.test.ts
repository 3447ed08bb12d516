import assert from "node:assert/strict";
import { test } from "node:test";

import { DeleteTopics, errorName, ShareFetch, ZERO_UUID } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";
import { produced, ShareMember } from "../support/share-member.ts";

const configs = { "share.auto.offset.reset": "earliest" };
const options = { group: "g", topic: "orders", configs };

test("a connection that closes gives back what its members hold, at once", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a", "b"]);
  const first = await ShareMember.join(fixture, options);
  await first.fetch();
  fixture.disconnect();
  const second = await ShareMember.join(fixture, { ...options, memberId: "second" });
  assert.deepEqual((await second.fetch({ maxWaitMs: 1000 })).acquired, [[0, 1, 2]]);
});

test("who waits when its connection closes acquires nothing", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a"]);
  const first = await ShareMember.join(fixture, options);
  await first.fetch({ acknowledge: [] });
  await first.acknowledge([[0, 0, 1]]);
  const waiting = first.fetch({ maxWaitMs: 5000 });
  await fixture.platform.clock.advance(10);
  fixture.disconnect();
  await produced(fixture, "orders", ["b"]);
  assert.deepEqual((await waiting).acquired, []);
  const second = await ShareMember.join(fixture, { ...options, memberId: "second" });
  assert.deepEqual((await second.fetch({ maxWaitMs: 1000 })).acquired, [[1, 1, 1]]);
});

test("a group without sessions leaves nothing in memory, and finds its state again", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a", "b"]);
  const first = await ShareMember.join(fixture, options);
  await first.fetch();
  await first.acknowledge([[0, 0, 1]]);
  const { sharePartitions, image } = fixture.broker.services;
  const topicId = image().topics.byName.get("orders")?.id ?? ZERO_UUID;
  assert.equal(sharePartitions.find("g", topicId, 0)?.state?.startOffset, 1);
  await first.leave();
  assert.equal(sharePartitions.find("g", topicId, 0), undefined);
  const second = await ShareMember.join(fixture, { ...options, memberId: "second" });
  assert.deepEqual((await second.fetch()).acquired, [[1, 1, 2]]);
});

test("a member without room for its session is refused when its time is up", async () => {
  await using fixture = await BrokerFixture.start({
    config: { "group.share.max.share.sessions": "1" },
  });
  await produced(fixture, "orders", ["a"]);
  const first = await ShareMember.join(fixture, options);
  await first.fetch();
  const second = await ShareMember.join(fixture, { ...options, memberId: "second" });
  const beganMs = fixture.platform.clock.monotonicMs();
  const answer = await fixture.request(ShareFetch, 2, second.request({ maxWaitMs: 700 }));
  assert.equal(errorName(answer.errorCode), "SHARE_SESSION_LIMIT_REACHED");
  assert.ok(Math.round(fixture.platform.clock.monotonicMs() - beganMs) >= 700);
});

test("a deleted topic is unknown to its members, and its share partition is gone", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a"]);
  const member = await ShareMember.join(fixture, options);
  await member.fetch();
  const { sharePartitions, image } = fixture.broker.services;
  const topicId = image().topics.byName.get("orders")?.id ?? ZERO_UUID;
  await fixture.request(DeleteTopics, 6, {
    topics: [{ name: "orders", topicId: ZERO_UUID }],
    timeoutMs: 5000,
  });
  assert.equal(sharePartitions.find("g", topicId, 0), undefined);
  assert.equal((await member.fetch()).error, "UNKNOWN_TOPIC_ID");
});
