import assert from "node:assert/strict";
import { test } from "node:test";
import { configsOf } from "@millrace/metadata";
import { errorName, FindCoordinator, ShareGroupHeartbeat, ZERO_UUID } from "@millrace/protocol";
import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { alterGroup } from "../support/group-configs.ts";
import { produced, ShareMember } from "../support/share-member.ts";

// Each configuration of share groups and of their states, and where a client or an operator sees
// it.

async function started(config: Record<string, string>): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start({ config });
  await createTopic(fixture, "orders");
  await fixture.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ["g"] });
  return fixture;
}

/** A heartbeat of a member; what it subscribes to is only told when it joins. */
async function beat(fixture: BrokerFixture, memberId: string, memberEpoch = 0) {
  const subscribedTopicNames = memberEpoch === 0 ? ["orders"] : null;
  const request = { groupId: "g", memberId, memberEpoch, subscribedTopicNames };
  const answer = await fixture.request(ShareGroupHeartbeat, 1, request);
  return { ...answer, error: errorName(answer.errorCode) };
}

async function pass(fixture: BrokerFixture, ms: number): Promise<void> {
  await fixture.platform.clock.advance(ms);
}

test("group.share.max.size bounds a group", async () => {
  await using fixture = await started({ "group.share.max.size": "1" });
  assert.equal((await beat(fixture, "a")).error, "NONE");
  assert.equal((await beat(fixture, "b")).error, "GROUP_MAX_SIZE_REACHED");
});

test("group.share.session.timeout.ms drops a member, and a group may have its own", async () => {
  await using fixture = await started({
    "group.share.session.timeout.ms": "20000",
    "group.share.min.session.timeout.ms": "10000",
    "group.share.max.session.timeout.ms": "30000",
  });
  const { memberEpoch } = await beat(fixture, "a");
  await pass(fixture, 19_000);
  assert.equal((await beat(fixture, "a", memberEpoch)).error, "NONE");
  await pass(fixture, 21_000);
  assert.equal((await beat(fixture, "a", memberEpoch)).error, "UNKNOWN_MEMBER_ID");
  const tooLong = { "share.session.timeout.ms": "40000" };
  assert.equal(await alterGroup(fixture, tooLong), "INVALID_CONFIG");
  assert.equal(await alterGroup(fixture, { "share.session.timeout.ms": "10000" }), "NONE");
  const again = await beat(fixture, "a");
  await pass(fixture, 11_000);
  assert.equal((await beat(fixture, "a", again.memberEpoch)).error, "UNKNOWN_MEMBER_ID");
});

test("group.share.heartbeat.interval.ms is told to members, kept within its limits", async () => {
  await using fixture = await started({
    "group.share.heartbeat.interval.ms": "3000",
    "group.share.min.heartbeat.interval.ms": "2000",
    "group.share.max.heartbeat.interval.ms": "4000",
  });
  assert.equal((await beat(fixture, "a")).heartbeatIntervalMs, 3000);
  const tooShort = { "share.heartbeat.interval.ms": "1000" };
  assert.equal(await alterGroup(fixture, tooShort), "INVALID_CONFIG");
  assert.equal(await alterGroup(fixture, { "share.heartbeat.interval.ms": "4000" }), "NONE");
  assert.equal((await beat(fixture, "a")).heartbeatIntervalMs, 4000);
});

test("group.share.assignment.interval.ms delays the next assignment", async () => {
  await using fixture = await started({
    "group.share.assignment.interval.ms": "4000",
    "group.share.min.assignment.interval.ms": "1000",
    "group.share.max.assignment.interval.ms": "15000",
  });
  const joined = await beat(fixture, "a");
  await pass(fixture, 1000);
  const early = await beat(fixture, "a", joined.memberEpoch);
  assert.equal(early.memberEpoch, joined.memberEpoch, "the states are there, the time is not");
  await pass(fixture, 3500);
  const due = await beat(fixture, "a", joined.memberEpoch);
  assert.equal(due.assignment?.topicPartitions.length, 1);
  assert.equal(
    await alterGroup(fixture, { "share.assignment.interval.ms": "500" }),
    "INVALID_CONFIG",
  );
});

test("group.share.initialize.retry.interval.ms: what was lost on the way is begun again", async () => {
  await using fixture = await started({ "group.share.initialize.retry.interval.ms": "10000" });
  // The share coordinator is not there: the first attempt takes its time and fails.
  fixture.broker.services.shares.stop();
  const { memberEpoch } = await beat(fixture, "a");
  await fixture.restart();
  const { groups } = fixture.broker.services;
  const isLoaded = (): boolean =>
    [...groups.shards.shards()].every(({ phase }) => phase === "active");
  assert.ok(await fixture.platform.clock.runUntil(isLoaded, 1000));
  await pass(fixture, 11_000);
  let answer = await beat(fixture, "a", memberEpoch);
  await pass(fixture, 5000);
  answer = await beat(fixture, "a", answer.memberEpoch);
  assert.equal(answer.assignment?.topicPartitions.length, 1);
});

/** A first member of the group, which reads a topic of three batches with 100 records each. */
async function joined(
  fixture: BrokerFixture,
  configs: Readonly<Record<string, string>> = {},
): Promise<ShareMember> {
  const all = { "share.auto.offset.reset": "earliest", ...configs };
  const member = await ShareMember.join(fixture, { group: "g", topic: "orders", configs: all });
  for (let batch = 0; batch < 3; batch += 1) {
    await produced(
      fixture,
      "orders",
      Array.from({ length: 100 }, (_, index) => `${index}`),
    );
  }
  return member;
}

test("group.share.record.lock.duration.ms, kept within its limits, is how long a record is held", async () => {
  await using fixture = await started({
    "group.share.record.lock.duration.ms": "20000",
    "group.share.min.record.lock.duration.ms": "10000",
    "group.share.max.record.lock.duration.ms": "40000",
  });
  const member = await joined(fixture);
  const tooLong = { "share.record.lock.duration.ms": "40001" };
  assert.equal(await alterGroup(fixture, tooLong), "INVALID_CONFIG");
  assert.deepEqual((await member.fetch()).acquired.length, 1);
  await pass(fixture, 19_000);
  assert.deepEqual((await member.fetch({ maxWaitMs: 100 })).acquired, []);
  await pass(fixture, 2000);
  assert.equal((await member.fetch()).acquired[0]?.[2], 2, "delivered for the second time");
});

test("group.share.partition.max.record.locks bounds what is held at once", async () => {
  await using fixture = await started({
    "group.share.partition.max.record.locks": "200",
    "group.share.min.partition.max.record.locks": "150",
    "group.share.max.partition.max.record.locks": "2000",
  });
  for (const value of ["149", "2001"]) {
    const own = { "share.partition.max.record.locks": value };
    assert.equal(await alterGroup(fixture, own), "INVALID_CONFIG", value);
  }
  const member = await joined(fixture);
  assert.deepEqual((await member.fetch({ maxRecords: 1000 })).acquired, [[0, 199, 1]]);
  assert.deepEqual((await member.fetch({ maxRecords: 1000, maxWaitMs: 100 })).acquired, []);
});

test("group.share.delivery.count.limit, kept within its limits, ends the deliveries of a record", async () => {
  await using fixture = await started({
    "group.share.min.delivery.count.limit": "3",
    "group.share.delivery.count.limit": "4",
    "group.share.max.delivery.count.limit": "5",
  });
  for (const value of ["2", "6"]) {
    const own = { "share.delivery.count.limit": value };
    assert.equal(await alterGroup(fixture, own), "INVALID_CONFIG", value);
  }
  const member = await joined(fixture, { "share.delivery.count.limit": "3" });
  const counts: (number | undefined)[] = [];
  for (let delivery = 0; delivery < 4; delivery += 1) {
    const { acquired } = await member.fetch({ maxRecords: 100, maxWaitMs: 100 });
    counts.push(acquired[0]?.[0] === 0 ? acquired[0][2] : undefined);
    await pass(fixture, 31_000);
  }
  assert.deepEqual(counts, [1, 2, 3, undefined]);
});

test("errors.deadletterqueue.topic.name.prefix begins the name of a topic of dead letters", async () => {
  for (const [prefix, count] of [
    ["letters-", 1],
    ["dlq.", 0],
  ] as const) {
    await using fixture = await started({ "errors.deadletterqueue.topic.name.prefix": prefix });
    await createTopic(fixture, "letters-g", { "errors.deadletterqueue.group.enable": "true" });
    const member = await joined(fixture, { "errors.deadletterqueue.topic.name": "letters-g" });
    await member.fetch();
    assert.equal(await member.acknowledge([[0, 0, 3]]), "NONE");
    await pass(fixture, 1000);
    const log = fixture.broker.services.replicas.partition("letters-g", 0)?.log;
    assert.equal(log?.logEndOffset, count, prefix);
  }
});

test("share.coordinator.state.topic.* shape the topic of states", async () => {
  await using fixture = await started({
    "share.coordinator.state.topic.num.partitions": "7",
    "share.coordinator.state.topic.replication.factor": "3",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.segment.bytes": "1048576",
  });
  await fixture.request(FindCoordinator, 6, {
    keyType: 2,
    coordinatorKeys: [`g:${ZERO_UUID}:0`],
  });
  const { topics, configs } = fixture.broker.services.image();
  const partitions = topics.byName.get("__share_group_state")?.partitions ?? [];
  assert.equal(partitions.length, 7);
  assert.equal(partitions[0]?.replicas.length, 1, "no more replicas than brokers");
  const config = configsOf(configs, { type: "topic", name: "__share_group_state" });
  assert.equal(config.get("min.insync.replicas"), "1");
  assert.equal(config.get("segment.bytes"), "1048576");
});

test("share.coordinator.cold.partition.snapshot.interval.ms writes idle states down anew", async () => {
  await using fixture = await started({
    "share.coordinator.cold.partition.snapshot.interval.ms": "60000",
  });
  await beat(fixture, "a");
  await pass(fixture, 1000);
  const epochs = (): readonly number[] =>
    [...fixture.broker.services.shares.shards.shards()].flatMap((shard) =>
      [...shard.state.partitions.values()].map(({ snapshotEpoch }) => snapshotEpoch),
    );
  assert.deepEqual(epochs(), [0]);
  await pass(fixture, 125_000);
  assert.deepEqual(epochs(), [1]);
});
