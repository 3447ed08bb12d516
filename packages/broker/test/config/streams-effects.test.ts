import assert from "node:assert/strict";
import { test } from "node:test";

import {
  errorName,
  FindCoordinator,
  type RequestInput,
  StreamsGroupHeartbeat,
} from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { alterGroup } from "../support/group-configs.ts";

// Each configuration of streams groups, and where a member sees it.

async function started(config: Readonly<Record<string, string>>): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start({
    config: { "group.streams.initial.rebalance.delay.ms": "0", ...config },
  });
  await createTopic(fixture, "lines", {}, 2);
  await createTopic(fixture, "g-store-changelog", { "cleanup.policy": "compact" }, 2);
  await fixture.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ["g"] });
  return fixture;
}

type Request = RequestInput<typeof StreamsGroupHeartbeat>;

const topology: Request["topology"] = {
  epoch: 0,
  subtopologies: [
    {
      subtopologyId: "0",
      sourceTopics: ["lines"],
      sourceTopicRegex: [],
      stateChangelogTopics: [
        { name: "g-store-changelog", partitions: 0, replicationFactor: 0, topicConfigs: [] },
      ],
      repartitionSinkTopics: [],
      repartitionSourceTopics: [],
      copartitionGroups: [],
    },
  ],
};

/** A heartbeat of a member, each a process of its own; one of epoch 0 joins. */
async function beat(fixture: BrokerFixture, memberId: string, memberEpoch = 0) {
  const owned = { activeTasks: [], standbyTasks: [], warmupTasks: [] };
  const joining = { topology, rebalanceTimeoutMs: 60_000, processId: memberId, clientTags: [] };
  const answer = await fixture.request(StreamsGroupHeartbeat, 0, {
    groupId: "g",
    memberId,
    memberEpoch,
    endpointInformationEpoch: 0,
    ...(memberEpoch === 0 ? { ...joining, ...owned } : {}),
  });
  return { ...answer, error: errorName(answer.errorCode) };
}

async function pass(fixture: BrokerFixture, ms: number): Promise<void> {
  await fixture.platform.clock.advance(ms);
}

test("group.streams.max.size bounds a group", async () => {
  await using fixture = await started({ "group.streams.max.size": "1" });
  assert.equal((await beat(fixture, "a")).error, "NONE");
  assert.equal((await beat(fixture, "b")).error, "GROUP_MAX_SIZE_REACHED");
});

test("the limits of times bound what a group may have of its own", async () => {
  await using fixture = await started({
    "group.streams.max.session.timeout.ms": "50000",
    "group.streams.max.heartbeat.interval.ms": "6000",
    "group.streams.max.standby.replicas": "1",
  });
  for (const tooMuch of [
    { "streams.session.timeout.ms": "50001" },
    { "streams.heartbeat.interval.ms": "6001" },
    { "streams.num.standby.replicas": "2" },
  ]) {
    assert.equal(await alterGroup(fixture, tooMuch), "INVALID_CONFIG", JSON.stringify(tooMuch));
  }
  const most = { "streams.heartbeat.interval.ms": "6000", "streams.session.timeout.ms": "50000" };
  assert.equal(await alterGroup(fixture, most), "NONE");
  const joined = await beat(fixture, "a");
  assert.equal(joined.heartbeatIntervalMs, 6000);
  await pass(fixture, 49_000);
  assert.equal((await beat(fixture, "a", joined.memberEpoch)).error, "NONE");
  await pass(fixture, 51_000);
  assert.equal((await beat(fixture, "a", joined.memberEpoch)).error, "UNKNOWN_MEMBER_ID");
});

test("group.streams.assignment.interval.ms delays the next assignment", async () => {
  await using fixture = await started({
    "group.streams.assignment.interval.ms": "4000",
    "group.streams.min.assignment.interval.ms": "1000",
    "group.streams.max.assignment.interval.ms": "15000",
  });
  const { memberEpoch } = await beat(fixture, "a");
  await pass(fixture, 1000);
  await beat(fixture, "b");
  assert.equal((await beat(fixture, "a", memberEpoch)).activeTasks, null, "nothing has changed");
  await pass(fixture, 3500);
  const due = await beat(fixture, "a", memberEpoch);
  assert.equal(due.activeTasks?.[0]?.partitions.length, 1);
  for (const value of ["999", "15001"]) {
    const own = { "streams.assignment.interval.ms": value };
    assert.equal(await alterGroup(fixture, own), "INVALID_CONFIG", value);
  }
});

test("group.streams.num.standby.replicas says how many members keep a task's state", async () => {
  for (const [count, isKept] of [
    ["0", false],
    ["1", true],
  ] as const) {
    await using fixture = await started({
      "group.streams.num.standby.replicas": count,
      "group.streams.assignment.interval.ms": "1000",
    });
    await beat(fixture, "a");
    await pass(fixture, 2000);
    const second = await beat(fixture, "b");
    assert.equal((second.standbyTasks ?? []).length > 0, isKept, count);
  }
});
