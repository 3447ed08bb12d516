import assert from "node:assert/strict";
import { test } from "node:test";

import {
  AlterShareGroupOffsets,
  ApiVersions,
  ConsumerGroupHeartbeat,
  DeleteGroups,
  DeleteShareGroupOffsets,
  DescribeShareGroupOffsets,
  errorName,
  FindCoordinator,
  IncrementalAlterConfigs,
  ListGroups,
  Produce,
  type RequestInput,
  ShareGroupDescribe,
  ShareGroupHeartbeat,
  UpdateFeatures,
} from "@millrace/protocol";

import { batchOf, BrokerFixture, createTopic } from "../support/broker-fixture.ts";

const joining: RequestInput<typeof ShareGroupHeartbeat> = {
  groupId: "g",
  memberId: "a",
  memberEpoch: 0,
  rackId: null,
  subscribedTopicNames: ["orders"],
};

/** A broker with a topic of two partitions, whose group coordinator has been found. */
async function started(config: Record<string, string> = {}): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start({ config });
  await createTopic(fixture, "orders", {}, 2);
  await fixture.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ["g"] });
  return fixture;
}

/** Sends heartbeats until a member has partitions; gives its last answer. */
async function joined(fixture: BrokerFixture) {
  let answer = await fixture.request(ShareGroupHeartbeat, 1, joining);
  for (let beats = 0; (answer.assignment?.topicPartitions ?? []).length === 0; beats++) {
    assert.ok(beats < 5, "no partitions are assigned");
    await fixture.platform.clock.advance(5000);
    answer = await fixture.request(ShareGroupHeartbeat, 1, {
      ...joining,
      memberEpoch: answer.memberEpoch,
    });
    assert.equal(errorName(answer.errorCode), "NONE");
  }
  return answer;
}

async function left(fixture: BrokerFixture): Promise<void> {
  const answer = await fixture.request(ShareGroupHeartbeat, 1, { ...joining, memberEpoch: -1 });
  assert.equal(errorName(answer.errorCode), "NONE");
}

async function offsets(fixture: BrokerFixture) {
  const answer = await fixture.request(DescribeShareGroupOffsets, 1, {
    groups: [{ groupId: "g", topics: null }],
  });
  const partitions = answer.groups[0]?.topics[0]?.partitions ?? [];
  return partitions.map(({ startOffset, lag }) => ({ startOffset, lag }));
}

async function alter(fixture: BrokerFixture, partitionIndex: number, startOffset: number) {
  const answer = await fixture.request(AlterShareGroupOffsets, 0, {
    groupId: "g",
    topics: [{ topicName: "orders", partitions: [{ partitionIndex, startOffset }] }],
  });
  const partition = answer.responses[0]?.partitions[0];
  return errorName(answer.errorCode === 0 ? (partition?.errorCode ?? 0) : answer.errorCode);
}

test("a member is given partitions once their states are begun, is described and leaves", async () => {
  await using fixture = await started();
  const answer = await joined(fixture);
  assert.deepEqual(answer.assignment?.topicPartitions[0]?.partitions, [0, 1]);
  const described = await fixture.request(ShareGroupDescribe, 1, {
    groupIds: ["g", "nobody", ""],
    includeAuthorizedOperations: true,
  });
  const [group, missing, unnamed] = described.groups;
  assert.equal(group?.groupState, "Stable");
  assert.equal(group?.assignorName, "simple");
  assert.equal(group?.members[0]?.assignment.topicPartitions[0]?.topicName, "orders");
  assert.equal(errorName(missing?.errorCode ?? 0), "GROUP_ID_NOT_FOUND");
  assert.equal(errorName(unnamed?.errorCode ?? 0), "INVALID_GROUP_ID");
  assert.deepEqual(await offsets(fixture), [
    { startOffset: -1, lag: -1 },
    { startOffset: -1, lag: -1 },
  ]);
  await left(fixture);
  const listed = await fixture.request(ListGroups, 5, { statesFilter: [], typesFilter: ["share"] });
  assert.deepEqual(
    listed.groups.map(({ groupId, groupState, groupType }) => [groupId, groupState, groupType]),
    [["g", "Empty", "share"]],
  );
});

test("offsets are altered and deleted while the group has no members", async () => {
  await using fixture = await started();
  await fixture.request(Produce, 9, {
    acks: -1,
    timeoutMs: 1000,
    transactionalId: null,
    topicData: [
      {
        name: "orders",
        partitionData: [{ index: 1, records: batchOf("one", "two", "three") }],
      },
    ],
  });
  await joined(fixture);
  assert.equal(await alter(fixture, 1, 2), "NON_EMPTY_GROUP");
  await left(fixture);
  assert.equal(await alter(fixture, 1, 2), "NONE");
  assert.equal(await alter(fixture, 2, 2), "UNKNOWN_TOPIC_OR_PARTITION");
  assert.deepEqual(await offsets(fixture), [
    { startOffset: -1, lag: -1 },
    { startOffset: 2, lag: 1 },
  ]);
  const removing = { groupId: "g", topics: [{ topicName: "orders" }, { topicName: "nowhere" }] };
  const removed = await fixture.request(DeleteShareGroupOffsets, 0, removing);
  assert.deepEqual(
    removed.responses.map(({ topicName, errorCode }) => [topicName, errorName(errorCode)]),
    [
      ["orders", "NONE"],
      ["nowhere", "UNKNOWN_TOPIC_OR_PARTITION"],
    ],
  );
  assert.deepEqual(await offsets(fixture), []);
  const again = await fixture.request(DeleteShareGroupOffsets, 0, removing);
  assert.equal(errorName(again.responses[0]?.errorCode ?? 0), "UNKNOWN_TOPIC_OR_PARTITION");
});

test("offsets are described for what is asked for, too, whether it is there or not", async () => {
  await using fixture = await started();
  await joined(fixture);
  await left(fixture);
  assert.equal(await alter(fixture, 0, 0), "NONE");
  assert.equal(await alter(fixture, 1, -2), "INVALID_REQUEST");
  const answer = await fixture.request(DescribeShareGroupOffsets, 1, {
    groups: [
      {
        groupId: "g",
        topics: [
          { topicName: "orders", partitions: [0, 5] },
          { topicName: "nowhere", partitions: [0] },
        ],
      },
      { groupId: "nobody", topics: null },
      { groupId: "", topics: null },
    ],
  });
  const [known, missing, unnamed] = answer.groups;
  const described = known?.topics.flatMap(({ topicName, partitions }) =>
    partitions.map(({ startOffset, lag, errorCode }) => [topicName, startOffset, lag, errorCode]),
  );
  assert.deepEqual(described, [
    ["orders", 0, 0, 0],
    ["orders", -1, -1, 0],
    ["nowhere", -1, -1, 0],
  ]);
  assert.deepEqual(missing?.topics, []);
  assert.equal(errorName(unnamed?.errorCode ?? 0), "INVALID_GROUP_ID");
});

test("a deleted group leaves no state behind", async () => {
  await using fixture = await started();
  await joined(fixture);
  const refused = await fixture.request(DeleteGroups, 2, { groupsNames: ["g"] });
  assert.equal(errorName(refused.results[0]?.errorCode ?? 0), "NON_EMPTY_GROUP");
  await left(fixture);
  const deleted = await fixture.request(DeleteGroups, 2, { groupsNames: ["g", "nobody"] });
  assert.deepEqual(
    deleted.results.map(({ errorCode }) => errorName(errorCode)),
    ["NONE", "GROUP_ID_NOT_FOUND"],
  );
  const kept = [...fixture.broker.services.shares.shards.shards()].map(
    (shard) => shard.state.partitions.size,
  );
  assert.equal(Math.max(...kept), 0);
});

test("members survive a restart, and are dropped when they are not heard of", async () => {
  await using fixture = await started();
  const { memberEpoch } = await joined(fixture);
  await fixture.restart();
  const { groups } = fixture.broker.services;
  const isLoaded = (): boolean =>
    [...groups.shards.shards()].every(({ phase }) => phase === "active");
  assert.ok(await fixture.platform.clock.runUntil(isLoaded, 1000));
  const answer = await fixture.request(ShareGroupHeartbeat, 1, { ...joining, memberEpoch });
  assert.equal(errorName(answer.errorCode), "NONE");
  await fixture.platform.clock.advance(46_000);
  const late = await fixture.request(ShareGroupHeartbeat, 1, { ...joining, memberEpoch });
  assert.equal(errorName(late.errorCode), "UNKNOWN_MEMBER_ID");
});

test("a group's own configurations are told to its members, within the broker's limits", async () => {
  await using fixture = await started();
  for (const [value, told] of [
    ["7000", 7000],
    ["15000", 15_000],
  ] as const) {
    const altered = await fixture.request(IncrementalAlterConfigs, 1, {
      resources: [
        {
          resourceType: 32,
          resourceName: "g",
          configs: [{ name: "share.heartbeat.interval.ms", configOperation: 0, value }],
        },
      ],
      validateOnly: false,
    });
    assert.equal(errorName(altered.responses[0]?.errorCode ?? 0), "NONE");
    const answer = await fixture.request(ShareGroupHeartbeat, 1, joining);
    assert.equal(answer.heartbeatIntervalMs, told);
  }
});

test("share groups are served as long as share.version says so", async () => {
  await using fixture = await started();
  const features = await fixture.request(ApiVersions, 4, {
    clientSoftwareName: "t",
    clientSoftwareVersion: "1",
  });
  const finalized = features.finalizedFeatures.find(({ name }) => name === "share.version");
  assert.equal(finalized?.maxVersionLevel, 1);
  await fixture.request(UpdateFeatures, 1, {
    timeoutMs: 1000,
    featureUpdates: [{ feature: "share.version", maxVersionLevel: 0, upgradeType: 2 }],
    validateOnly: false,
  });
  const answer = await fixture.request(ShareGroupHeartbeat, 1, joining);
  assert.equal(errorName(answer.errorCode), "UNSUPPORTED_VERSION");
  assert.equal(await alter(fixture, 0, 0), "UNSUPPORTED_VERSION");
});

test("a group of another kind is no share group, nor the other way round", async () => {
  await using fixture = await started();
  await joined(fixture);
  const consumer = await fixture.request(ConsumerGroupHeartbeat, 1, {
    groupId: "g",
    memberId: "b",
    memberEpoch: 0,
    rebalanceTimeoutMs: 60_000,
    subscribedTopicNames: ["orders"],
    topicPartitions: [],
  });
  assert.equal(errorName(consumer.errorCode), "GROUP_ID_NOT_FOUND");
});
