import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ConsumerGroupHeartbeat,
  errorName,
  FindCoordinator,
  JoinGroup,
  OffsetCommit,
  OffsetFetch,
  type RequestInput,
  SyncGroup,
} from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { alterGroup } from "../support/group-configs.ts";

// Each configuration of classic and consumer groups, and where a client sees it.

async function started(config: Readonly<Record<string, string>>): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start({
    config: {
      "offsets.topic.num.partitions": "1",
      "group.initial.rebalance.delay.ms": "0",
      ...config,
    },
  });
  await createTopic(fixture, "orders", {}, 2);
  await fixture.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ["g"] });
  return fixture;
}

type Beat = Partial<RequestInput<typeof ConsumerGroupHeartbeat>>;

/** A heartbeat of a member; one of epoch 0 joins. */
async function beat(fixture: BrokerFixture, memberId: string, memberEpoch = 0, said: Beat = {}) {
  const joining = {
    rebalanceTimeoutMs: 60_000,
    subscribedTopicNames: ["orders"],
    topicPartitions: [],
  };
  const answer = await fixture.request(ConsumerGroupHeartbeat, 1, {
    groupId: "g",
    memberId,
    memberEpoch,
    ...(memberEpoch === 0 ? joining : {}),
    ...said,
  });
  return { ...answer, error: errorName(answer.errorCode) };
}

/** ConsumerProtocolSubscription of version 0 to "orders". */
const subscription = Buffer.from("00000000000100066f7264657273ffffffff", "hex");

/** The first member of a classic group joins; its answer comes when the group is whole. */
async function joinClassic(fixture: BrokerFixture, sessionTimeoutMs = 30_000): Promise<string> {
  const joined = await fixture.request(JoinGroup, 3, {
    groupId: "g",
    sessionTimeoutMs,
    rebalanceTimeoutMs: 30_000,
    memberId: "",
    protocolType: "consumer",
    protocols: [{ name: "range", metadata: subscription }],
  });
  if (joined.errorCode !== 0) return errorName(joined.errorCode);
  const { memberId, generationId } = joined;
  const assignments = [{ memberId, assignment: Buffer.from("00000000000000000000", "hex") }];
  const body = { groupId: "g", generationId, memberId, assignments };
  return errorName((await fixture.request(SyncGroup, 3, body)).errorCode);
}

async function pass(fixture: BrokerFixture, ms: number): Promise<void> {
  await fixture.platform.clock.advance(ms);
}

test("group.max.session.timeout.ms bounds what a classic member may ask for", async () => {
  await using fixture = await started({ "group.max.session.timeout.ms": "40000" });
  assert.equal(await joinClassic(fixture, 40_001), "INVALID_SESSION_TIMEOUT");
  assert.equal(await joinClassic(fixture, 40_000), "NONE");
});

test("group.consumer.max.session.timeout.ms and max.heartbeat.interval.ms bound a group's own", async () => {
  await using fixture = await started({
    "group.consumer.max.session.timeout.ms": "50000",
    "group.consumer.max.heartbeat.interval.ms": "6000",
  });
  const refusals = [
    await alterGroup(fixture, { "consumer.session.timeout.ms": "50001" }),
    await alterGroup(fixture, { "consumer.heartbeat.interval.ms": "6001" }),
  ];
  assert.deepEqual(refusals, ["INVALID_CONFIG", "INVALID_CONFIG"]);
  assert.equal(await alterGroup(fixture, { "consumer.heartbeat.interval.ms": "6000" }), "NONE");
  assert.equal((await beat(fixture, "a")).heartbeatIntervalMs, 6000);
});

test("a group's own interval that a younger limit forbids counts as the limit", async () => {
  await using fixture = await started({});
  const own = {
    "consumer.heartbeat.interval.ms": "15000",
    "consumer.session.timeout.ms": "60000",
  };
  assert.equal(await alterGroup(fixture, own), "NONE");
  await fixture.restart({
    config: {
      "offsets.topic.num.partitions": "1",
      "group.consumer.max.heartbeat.interval.ms": "9000",
      "group.consumer.max.session.timeout.ms": "50000",
    },
  });
  await pass(fixture, 1000);
  const joined = await beat(fixture, "a");
  assert.equal(joined.heartbeatIntervalMs, 9000);
  await pass(fixture, 51_000);
  assert.equal((await beat(fixture, "a", joined.memberEpoch)).error, "UNKNOWN_MEMBER_ID");
});

test("group.consumer.assignment.interval.ms delays the next assignment", async () => {
  await using fixture = await started({
    "group.consumer.assignment.interval.ms": "4000",
    "group.consumer.min.assignment.interval.ms": "1000",
    "group.consumer.max.assignment.interval.ms": "15000",
  });
  const { memberEpoch } = await beat(fixture, "a");
  await pass(fixture, 1000);
  await beat(fixture, "b");
  const early = await beat(fixture, "a", memberEpoch);
  assert.equal(early.assignment, null, "nothing has changed yet");
  await pass(fixture, 3500);
  const due = await beat(fixture, "a", memberEpoch);
  assert.equal(due.assignment?.topicPartitions[0]?.partitions.length, 1);
  for (const value of ["999", "15001"]) {
    const own = { "consumer.assignment.interval.ms": value };
    assert.equal(await alterGroup(fixture, own), "INVALID_CONFIG", value);
  }
});

test("group.consumer.assignors says which assignors there are, and which one is the first", async () => {
  await using fixture = await started({ "group.consumer.assignors": "range" });
  const asked = await beat(fixture, "a", 0, { serverAssignor: "uniform" });
  assert.equal(asked.error, "UNSUPPORTED_ASSIGNOR");
  assert.equal((await beat(fixture, "a", 0, { serverAssignor: "range" })).error, "NONE");
  await using usual = await started({});
  assert.equal((await beat(usual, "a", 0, { serverAssignor: "uniform" })).error, "NONE");
});

test("group.consumer.migration.policy says whether a classic group becomes a consumer group", async () => {
  for (const [policy, error] of [
    ["disabled", "GROUP_ID_NOT_FOUND"],
    ["downgrade", "GROUP_ID_NOT_FOUND"],
    ["upgrade", "NONE"],
    ["bidirectional", "NONE"],
  ] as const) {
    await using fixture = await started({ "group.consumer.migration.policy": policy });
    assert.equal(await joinClassic(fixture), "NONE");
    assert.equal((await beat(fixture, "a")).error, error, policy);
  }
});

test("group.consumer.regex.refresh.interval.ms: patterns are looked up anew so often", async () => {
  for (const [intervalMs, isRefreshed] of [
    ["30000", true],
    ["600000", false],
  ] as const) {
    await using fixture = await started({
      "group.consumer.regex.refresh.interval.ms": intervalMs,
      "group.consumer.session.timeout.ms": "60000",
    });
    const said = { subscribedTopicNames: [], subscribedTopicRegex: "or.*" };
    await beat(fixture, "a", 0, said);
    await pass(fixture, 20_000);
    const { memberEpoch } = await beat(fixture, "a", 1);
    const log = fixture.broker.services.replicas.partition("__consumer_offsets", 0)?.log;
    const before = log?.logEndOffset;
    await pass(fixture, 20_000);
    // Whoever tells its subscription has the patterns looked at.
    await beat(fixture, "a", memberEpoch, said);
    assert.equal(log?.logEndOffset !== before, isRefreshed, intervalMs);
  }
});

async function commit(fixture: BrokerFixture): Promise<void> {
  const partitions = [{ partitionIndex: 0, committedOffset: 5, committedMetadata: "" }];
  const body = { groupId: "g", memberId: "", topics: [{ name: "orders", partitions }] };
  const answer = await fixture.request(OffsetCommit, 9, body);
  assert.equal(answer.topics[0]?.partitions[0]?.errorCode, 0);
}

async function committed(fixture: BrokerFixture): Promise<number | undefined> {
  const topics = [{ name: "orders", partitionIndexes: [0] }];
  const answer = await fixture.request(OffsetFetch, 8, { groups: [{ groupId: "g", topics }] });
  return answer.groups[0]?.topics[0]?.partitions[0]?.committedOffset;
}

test("offsets.retention.minutes and check.interval.ms say when unused offsets are forgotten", async () => {
  const minuteMs = 60_000;
  await using fixture = await started({
    "offsets.retention.minutes": "5",
    "offsets.retention.check.interval.ms": "30000",
  });
  await commit(fixture);
  await pass(fixture, 4 * minuteMs);
  assert.equal(await committed(fixture), 5);
  await pass(fixture, 2 * minuteMs);
  assert.equal(await committed(fixture), -1);
  await using rare = await started({
    "offsets.retention.minutes": "5",
    "offsets.retention.check.interval.ms": String(60 * minuteMs),
  });
  await commit(rare);
  await pass(rare, 6 * minuteMs);
  assert.equal(await committed(rare), 5, "nobody has looked yet");
  await pass(rare, 60 * minuteMs);
  assert.equal(await committed(rare), -1);
});
