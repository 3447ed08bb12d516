import assert from "node:assert/strict";
import { test } from "node:test";

import {
  DescribeConfigs,
  errorName,
  FindCoordinator,
  IncrementalAlterConfigs,
  OffsetCommit,
  OffsetFetch,
  type RequestInput,
  type ResponseOf,
  StreamsGroupHeartbeat,
  UpdateFeatures,
} from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

type Request = RequestInput<typeof StreamsGroupHeartbeat>;
type Topology = NonNullable<Request["topology"]>;

const internal = (name: string): Topology["subtopologies"][number]["stateChangelogTopics"] => [
  {
    name,
    partitions: 0,
    replicationFactor: 0,
    topicConfigs: [{ key: "cleanup.policy", value: "compact" }],
  },
];

/** Lines go through a repartition topic to a store with a changelog. */
function counting(names: { readonly source?: string; readonly store?: string } = {}): Topology {
  const { source = "lines", store = "g-counts-changelog" } = names;
  const empty = {
    sourceTopics: [],
    sourceTopicRegex: [],
    stateChangelogTopics: [],
    repartitionSinkTopics: [],
    repartitionSourceTopics: [],
    copartitionGroups: [],
  };
  const sink = "g-words-repartition";
  return {
    epoch: 0,
    subtopologies: [
      { ...empty, subtopologyId: "0", sourceTopics: [source], repartitionSinkTopics: [sink] },
      {
        ...empty,
        subtopologyId: "1",
        repartitionSourceTopics: internal(sink),
        stateChangelogTopics: internal(store),
      },
    ],
  };
}

const joining: Request = {
  groupId: "g",
  memberId: "a",
  memberEpoch: 0,
  endpointInformationEpoch: 0,
  rebalanceTimeoutMs: 60_000,
  topology: counting(),
  activeTasks: [],
  standbyTasks: [],
  warmupTasks: [],
  processId: "p",
  clientTags: [],
};

/** A heartbeat of a member that has nothing to tell. */
function beat(memberEpoch: number, news: Partial<Request> = {}): Request {
  return { groupId: "g", memberId: "a", memberEpoch, endpointInformationEpoch: 0, ...news };
}

/** A broker whose coordinator has been found, with a topic of two partitions. */
async function started(config: Record<string, string> = {}): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start({
    config: { "group.streams.initial.rebalance.delay.ms": "0", ...config },
  });
  await createTopic(fixture, "lines", {}, 2);
  await fixture.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ["g"] });
  return fixture;
}

function send(fixture: BrokerFixture, request: Request) {
  return fixture.request(StreamsGroupHeartbeat, 0, request);
}

/** What the answer says of internal topics that are missing. */
function missingTopics(answer: ResponseOf<typeof StreamsGroupHeartbeat>): string {
  return (answer.status ?? []).find(({ statusCode }) => statusCode === 3)?.statusDetail ?? "";
}

function statuses(answer: ResponseOf<typeof StreamsGroupHeartbeat>): readonly unknown[] {
  return (answer.status ?? []).map(({ statusCode }) => statusCode);
}

/** Joins, and sends a heartbeat once the internal topics are there and the interval is over. */
async function running(fixture: BrokerFixture) {
  const joined = await send(fixture, joining);
  await fixture.platform.clock.advance(1000);
  return { joined, working: await send(fixture, beat(joined.memberEpoch)) };
}

test("a member joins, the topics it lacks are made, and it gets its tasks", async () => {
  await using fixture = await started();
  const { joined, working } = await running(fixture);
  assert.equal(errorName(joined.errorCode), "NONE");
  assert.deepEqual([joined.memberEpoch, joined.heartbeatIntervalMs], [2, 5000]);
  assert.deepEqual(joined.activeTasks, []);
  // MISSING_INTERNAL_TOPICS.
  assert.deepEqual(statuses(joined), [3]);
  assert.deepEqual(statuses(working), []);
  assert.deepEqual(working.activeTasks, [
    { subtopologyId: "0", partitions: [0, 1] },
    { subtopologyId: "1", partitions: [0, 1] },
  ]);
  const made = fixture.broker.services.image().topics.byName.get("g-counts-changelog");
  assert.equal(made?.partitions.length, 2);
  const asked = { resourceType: 2, resourceName: "g-counts-changelog", configurationKeys: null };
  const [described] = (await fixture.request(DescribeConfigs, 4, { resources: [asked] })).results;
  const policy = described?.configs.find(({ name }) => name === "cleanup.policy");
  assert.equal(policy?.value, "compact");
});

test("a topic that cannot be made is told of in the next answer, and tried again later", async () => {
  await using fixture = await started();
  const store = "g-store.changelog";
  // Names that differ in dots and underscores alone would share their metrics.
  await createTopic(fixture, "g-store_changelog");
  const joined = await send(fixture, { ...joining, topology: counting({ store }) });
  assert.match(missingTopics(joined), /^Internal topics are missing: [^;]+$/);
  await fixture.platform.clock.advance(100);
  const told = await send(fixture, beat(joined.memberEpoch));
  assert.match(
    missingTopics(told),
    /^Internal topics are missing: g-store.changelog; Creation failed: g-store.changelog \(.+\)\.$/,
  );
  await fixture.platform.clock.advance(11_000);
  const again = await send(fixture, beat(told.memberEpoch));
  assert.equal(missingTopics(again), "Internal topics are missing: g-store.changelog");
});

test("a topology with names that no topic may have is refused before anything is kept", async () => {
  await using fixture = await started();
  const ofKafka = { ...joining, topology: counting({ source: "__consumer_offsets" }) };
  const prohibited = await send(fixture, ofKafka);
  assert.equal(errorName(prohibited.errorCode), "STREAMS_INVALID_TOPOLOGY");
  assert.match(prohibited.errorMessage ?? "", /Use of Kafka internal topics __consumer_offsets /);
  const invalid = await send(fixture, { ...joining, topology: counting({ store: "a b" }) });
  assert.equal(errorName(invalid.errorCode), "STREAMS_INVALID_TOPOLOGY");
  assert.match(invalid.errorMessage ?? "", /Topic names a b are not valid/);
  assert.equal(errorName((await send(fixture, beat(1))).errorCode), "GROUP_ID_NOT_FOUND");
});

test("a refusal is told with its words, and without an assignment", async () => {
  await using fixture = await started();
  const refused = await send(fixture, { ...joining, instanceId: "i" });
  assert.equal(errorName(refused.errorCode), "INVALID_REQUEST");
  assert.equal(refused.errorMessage, "Static membership is not yet supported.");
  assert.deepEqual([refused.status, refused.activeTasks], [[], null]);
});

test("streams groups are refused where the configuration or streams.version says so", async () => {
  await using without = await started({ "group.coordinator.rebalance.protocols": "classic" });
  assert.equal(errorName((await send(without, joining)).errorCode), "UNSUPPORTED_VERSION");
  await using fixture = await started();
  await fixture.request(UpdateFeatures, 1, {
    featureUpdates: [{ feature: "streams.version", maxVersionLevel: 0, upgradeType: 2 }],
  });
  assert.equal(errorName((await send(fixture, joining)).errorCode), "UNSUPPORTED_VERSION");
});

test("members commit and fetch in their epoch, and the group outlives a restart", async () => {
  await using fixture = await started();
  const { working } = await running(fixture);
  const commit = async (epoch: number, version: number) => {
    const partitions = [{ partitionIndex: 0, committedOffset: 5, committedMetadata: "" }];
    const answer = await fixture.request(OffsetCommit, version, {
      groupId: "g",
      generationIdOrMemberEpoch: epoch,
      memberId: "a",
      topics: [{ name: "lines", partitions }],
    });
    return errorName(answer.topics[0]?.partitions[0]?.errorCode ?? 0);
  };
  const epoch = working.memberEpoch;
  assert.equal(await commit(epoch + 1, 9), "STALE_MEMBER_EPOCH");
  assert.equal(await commit(epoch, 8), "UNSUPPORTED_VERSION");
  assert.equal(await commit(epoch, 9), "NONE");
  const fetch = async (memberEpoch: number) => {
    const topics = [{ name: "lines", partitionIndexes: [0] }];
    const group = { groupId: "g", memberId: "a", memberEpoch, topics };
    const answer = await fixture.request(OffsetFetch, 9, { groups: [group], requireStable: false });
    const [fetched] = answer.groups;
    const offset = fetched?.topics[0]?.partitions[0]?.committedOffset;
    return [errorName(fetched?.errorCode ?? 0), offset];
  };
  assert.deepEqual(await fetch(epoch - 1), ["STALE_MEMBER_EPOCH", undefined]);
  await fixture.crash("kill");
  await fixture.platform.clock.advance(1000);
  assert.deepEqual(await fetch(epoch), ["NONE", 5]);
  const again = await send(fixture, beat(epoch));
  assert.deepEqual([errorName(again.errorCode), again.memberEpoch], ["NONE", epoch]);
  // The tasks are what they were: nobody was told to give anything up.
  assert.deepEqual([again.activeTasks, statuses(again)], [null, []]);
});

test("a group's own configurations hold for it alone, within the broker's limits", async () => {
  await using fixture = await started();
  const set = (name: string, value: string) => ({ configOperation: 0, name, value });
  const configs = [
    set("streams.heartbeat.interval.ms", "7000"),
    set("streams.num.standby.replicas", "1"),
    set("streams.initial.rebalance.delay.ms", "2000"),
    set("streams.assignment.interval.ms", "0"),
  ];
  const group = { resourceType: 32, resourceName: "g", configs };
  const body = { resources: [group], validateOnly: false };
  const [altered] = (await fixture.request(IncrementalAlterConfigs, 1, body)).responses;
  assert.equal(errorName(altered?.errorCode ?? 0), "NONE");
  const own = await send(fixture, joining);
  assert.equal(own.heartbeatIntervalMs, 7000);
  // MISSING_INTERNAL_TOPICS, and ASSIGNMENT_DELAYED while the group waits for members.
  assert.deepEqual(statuses(own), [5, 3]);
  await send(fixture, { ...joining, memberId: "b", processId: "q" });
  await fixture.platform.clock.advance(2000);
  const working = await send(fixture, beat(own.memberEpoch));
  assert.deepEqual(statuses(working), []);
  assert.equal(working.activeTasks?.length, 2);
  // One of the two tasks with state is active at each, and its copy at the other.
  assert.equal(working.standbyTasks?.[0]?.partitions.length, 1);
  const other = await send(fixture, { ...joining, groupId: "other" });
  assert.equal(other.heartbeatIntervalMs, 5000);
  const limit = { ...group, configs: [set("streams.num.standby.replicas", "3")] };
  const tooMany = { resources: [limit], validateOnly: false };
  const [refused] = (await fixture.request(IncrementalAlterConfigs, 1, tooMany)).responses;
  assert.equal(errorName(refused?.errorCode ?? 0), "INVALID_CONFIG");
});
