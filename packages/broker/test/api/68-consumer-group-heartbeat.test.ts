import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ConsumerGroupDescribe,
  ConsumerGroupHeartbeat,
  CreateAcls,
  DescribeGroups,
  errorName,
  FindCoordinator,
  IncrementalAlterConfigs,
  ListGroups,
  Metadata,
  OffsetCommit,
  OffsetFetch,
  type RequestInput,
  UpdateFeatures,
} from "@millrace/protocol";

import { allow, withAuthorizer } from "../support/acls.ts";
import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

const joining: RequestInput<typeof ConsumerGroupHeartbeat> = {
  groupId: "g",
  memberId: "a",
  memberEpoch: 0,
  rebalanceTimeoutMs: 60_000,
  subscribedTopicNames: ["orders"],
  topicPartitions: [],
};

/** A broker whose coordinator has been found, so that the topic behind it is there. */
async function started(config: Record<string, string> = {}): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start({ config });
  await createTopic(fixture, "orders");
  await fixture.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ["g"] });
  return fixture;
}

for (const version of [0, 1]) {
  test(`a member joins, is described and leaves in version ${version}`, async () => {
    await using fixture = await started();
    const joined = await fixture.request(ConsumerGroupHeartbeat, version, joining);
    assert.equal(errorName(joined.errorCode), "NONE");
    assert.equal(joined.memberEpoch, 2);
    assert.deepEqual(joined.assignment?.topicPartitions[0]?.partitions, [0]);
    const described = await fixture.request(ConsumerGroupDescribe, version, {
      groupIds: ["g", "nobody"],
      includeAuthorizedOperations: true,
    });
    const [group, missing] = described.groups;
    assert.equal(group?.groupState, "Stable");
    assert.equal(group?.members[0]?.assignment.topicPartitions[0]?.topicName, "orders");
    assert.equal(group?.members[0]?.memberType, version === 0 ? -1 : 1);
    assert.equal(errorName(missing?.errorCode ?? 0), "GROUP_ID_NOT_FOUND");
    const left = { ...joining, memberEpoch: -1 };
    const answer = await fixture.request(ConsumerGroupHeartbeat, version, left);
    assert.equal(answer.memberEpoch, -1);
  });
}

test("a client of version 0 without an id is given one; one of version 1 must bring its own", async () => {
  await using fixture = await started();
  const nameless = { ...joining, memberId: "" };
  const joined = await fixture.request(ConsumerGroupHeartbeat, 0, nameless);
  assert.match(joined.memberId ?? "", /^[\w-]{22}$/);
  const refused = await fixture.request(ConsumerGroupHeartbeat, 1, nameless);
  assert.equal(errorName(refused.errorCode), "INVALID_REQUEST");
});

test("consumer groups are refused where the configuration or group.version says so", async () => {
  await using without = await started({ "group.coordinator.rebalance.protocols": "classic" });
  const answer = await without.request(ConsumerGroupHeartbeat, 1, joining);
  assert.equal(errorName(answer.errorCode), "UNSUPPORTED_VERSION");
  await using fixture = await started();
  await fixture.request(UpdateFeatures, 1, {
    featureUpdates: [{ feature: "group.version", maxVersionLevel: 0, upgradeType: 2 }],
  });
  const refused = await fixture.request(ConsumerGroupHeartbeat, 1, joining);
  assert.equal(errorName(refused.errorCode), "UNSUPPORTED_VERSION");
  const asked = { groupIds: ["g"], includeAuthorizedOperations: false };
  const [group] = (await fixture.request(ConsumerGroupDescribe, 0, asked)).groups;
  assert.equal(errorName(group?.errorCode ?? 0), "UNSUPPORTED_VERSION");
});

test("a consumer group is listed with its type, and is none to DescribeGroups", async () => {
  await using fixture = await started();
  await fixture.request(ConsumerGroupHeartbeat, 1, joining);
  const filters = { statesFilter: ["stable"], typesFilter: ["consumer"] };
  const listed = await fixture.request(ListGroups, 5, filters);
  assert.deepEqual(
    listed.groups.map(({ groupId, groupType, groupState }) => [groupId, groupType, groupState]),
    [["g", "consumer", "Stable"]],
  );
  assert.equal((await fixture.request(ListGroups, 0, {})).groups[0]?.protocolType, "consumer");
  const [group] = (await fixture.request(DescribeGroups, 6, { groups: ["g"] })).groups;
  assert.equal(errorName(group?.errorCode ?? 0), "GROUP_ID_NOT_FOUND");
  const [old] = (await fixture.request(DescribeGroups, 0, { groups: ["g"] })).groups;
  assert.deepEqual([old?.groupState, old?.errorCode], ["Dead", 0]);
});

test("members commit and fetch in their epoch, and the group outlives a restart", async () => {
  await using fixture = await started();
  await fixture.request(ConsumerGroupHeartbeat, 1, joining);
  const commit = async (epoch: number, version: number) => {
    const partitions = [{ partitionIndex: 0, committedOffset: 5, committedMetadata: "" }];
    const answer = await fixture.request(OffsetCommit, version, {
      groupId: "g",
      generationIdOrMemberEpoch: epoch,
      memberId: "a",
      topics: [{ name: "orders", partitions }],
    });
    return errorName(answer.topics[0]?.partitions[0]?.errorCode ?? 0);
  };
  assert.equal(await commit(3, 9), "STALE_MEMBER_EPOCH");
  assert.equal(await commit(2, 8), "UNSUPPORTED_VERSION");
  assert.equal(await commit(2, 9), "NONE");
  const fetch = async (memberEpoch: number) => {
    const topics = [{ name: "orders", partitionIndexes: [0] }];
    const group = { groupId: "g", memberId: "a", memberEpoch, topics };
    const answer = await fixture.request(OffsetFetch, 9, { groups: [group], requireStable: false });
    const [fetched] = answer.groups;
    const offset = fetched?.topics[0]?.partitions[0]?.committedOffset;
    return [errorName(fetched?.errorCode ?? 0), offset];
  };
  assert.deepEqual(await fetch(0), ["STALE_MEMBER_EPOCH", undefined]);
  assert.deepEqual(await fetch(2), ["NONE", 5]);
  await fixture.crash("kill");
  await fixture.platform.clock.advance(1000);
  assert.deepEqual(await fetch(2), ["NONE", 5]);
  const beat = { groupId: "g", memberId: "a", memberEpoch: 2 };
  const answer = await fixture.request(ConsumerGroupHeartbeat, 1, beat);
  assert.deepEqual([errorName(answer.errorCode), answer.memberEpoch], ["NONE", 2]);
});

test("a group's own configurations hold for it alone, within the broker's limits", async () => {
  await using fixture = await started();
  const set = { configOperation: 0, name: "consumer.heartbeat.interval.ms", value: "7000" };
  const group = { resourceType: 32, resourceName: "g", configs: [set] };
  const body = { resources: [group], validateOnly: false };
  const [altered] = (await fixture.request(IncrementalAlterConfigs, 1, body)).responses;
  assert.equal(errorName(altered?.errorCode ?? 0), "NONE");
  const own = await fixture.request(ConsumerGroupHeartbeat, 1, joining);
  assert.equal(own.heartbeatIntervalMs, 7000);
  const other = { ...joining, groupId: "other" };
  assert.equal((await fixture.request(ConsumerGroupHeartbeat, 1, other)).heartbeatIntervalMs, 5000);
});

test("a pattern stands for no topic that its member may not describe", async () => {
  const config = { ...withAuthorizer };
  await using fixture = await BrokerFixture.start({ config });
  fixture.actAs("admin");
  for (const topic of ["orders", "secret"]) await createTopic(fixture, topic);
  const creations = [
    allow("alice", "READ", "GROUP", "g"),
    allow("alice", "READ", "TOPIC", "orders"),
  ];
  await fixture.request(CreateAcls, 3, { creations });
  fixture.actAs("alice");
  await fixture.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ["g"] });
  const body = { ...joining, subscribedTopicNames: null, subscribedTopicRegex: ".*" };
  const joined = await fixture.request(ConsumerGroupHeartbeat, 1, body);
  assert.equal(errorName(joined.errorCode), "NONE");
  const ids = joined.assignment?.topicPartitions.map(({ topicId }) => topicId) ?? [];
  fixture.actAs("admin");
  const told = await fixture.request(Metadata, 12, { topics: [{ name: "orders" }] });
  assert.deepEqual(ids, [told.topics[0]?.topicId]);
});

test("a pattern that would stop the event loop for long is refused", async () => {
  await using fixture = await started();
  await createTopic(fixture, "x".repeat(200));
  const subscribedTopicRegex = `${".{0,999}".repeat(4)}z`;
  const body = { ...joining, subscribedTopicNames: null, subscribedTopicRegex };
  const answer = await fixture.request(ConsumerGroupHeartbeat, 1, body);
  assert.equal(errorName(answer.errorCode), "INVALID_REGULAR_EXPRESSION");
  assert.match(answer.errorMessage ?? "", /it takes too long to match/);
});
