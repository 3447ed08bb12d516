import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ConsumerGroupHeartbeat,
  errorName,
  FindCoordinator,
  Heartbeat,
  IncrementalAlterConfigs,
  JoinGroup,
  OffsetCommit,
  OffsetFetch,
  SyncGroup,
} from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

/** One partition of `__consumer_offsets`: every group of a test is in the same shard. */
async function started(config: Record<string, string> = {}): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start({
    config: { "offsets.topic.num.partitions": "1", ...config },
  });
  await createTopic(fixture, "orders");
  await fixture.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ["g"] });
  return fixture;
}

async function commit(
  fixture: BrokerFixture,
  groupId: string,
  { offset = 5, metadata = "" }: { readonly offset?: number; readonly metadata?: string } = {},
): Promise<string> {
  const partitions = [{ partitionIndex: 0, committedOffset: offset, committedMetadata: metadata }];
  const answer = await fixture.request(OffsetCommit, 9, {
    groupId,
    memberId: "",
    topics: [{ name: "orders", partitions }],
  });
  return errorName(answer.topics[0]?.partitions[0]?.errorCode ?? -1);
}

async function committed(fixture: BrokerFixture, groupId: string): Promise<number | undefined> {
  const topics = [{ name: "orders", partitionIndexes: [0] }];
  const answer = await fixture.request(OffsetFetch, 8, { groups: [{ groupId, topics }] });
  return answer.groups[0]?.topics[0]?.partitions[0]?.committedOffset;
}

async function join(fixture: BrokerFixture, groupId: string, metadata = Buffer.alloc(10)) {
  return fixture.request(JoinGroup, 3, {
    groupId,
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    memberId: "",
    protocolType: "consumer",
    protocols: [{ name: "range", metadata }],
  });
}

async function sync(
  fixture: BrokerFixture,
  groupId: string,
  member: Awaited<ReturnType<typeof join>>,
): Promise<string> {
  const { memberId, generationId } = member;
  const assignments = [{ memberId, assignment: Buffer.alloc(4) }];
  const body = { groupId, generationId, memberId, assignments };
  return errorName((await fixture.request(SyncGroup, 3, body)).errorCode);
}

async function limitBatches(fixture: BrokerFixture, bytes: string): Promise<void> {
  const configs = [{ name: "max.message.bytes", configOperation: 0, value: bytes }];
  await fixture.request(IncrementalAlterConfigs, 1, {
    resources: [{ resourceType: 2, resourceName: "__consumer_offsets", configs }],
    validateOnly: false,
  });
}

function heartbeat(fixture: BrokerFixture, groupId: string, memberId: string) {
  return fixture.request(ConsumerGroupHeartbeat, 1, {
    groupId,
    memberId,
    memberEpoch: 0,
    rebalanceTimeoutMs: 60_000,
    subscribedTopicNames: ["orders"],
    topicPartitions: [],
  });
}

test("a classic group takes as many members as group.max.size says", async () => {
  await using fixture = await started({
    "group.max.size": "1",
    "group.initial.rebalance.delay.ms": "0",
  });
  const first = await join(fixture, "g");
  assert.equal(errorName(first.errorCode), "NONE");
  assert.equal(await sync(fixture, "g", first), "NONE");
  assert.equal(errorName((await join(fixture, "g")).errorCode), "GROUP_MAX_SIZE_REACHED");
  const { memberId, generationId } = first;
  const beat = await fixture.request(Heartbeat, 3, { groupId: "g", generationId, memberId });
  assert.equal(errorName(beat.errorCode), "NONE");
  assert.equal(errorName((await join(fixture, "other")).errorCode), "NONE");
});

test("a consumer group takes as many members as group.consumer.max.size says", async () => {
  await using fixture = await started({ "group.consumer.max.size": "1" });
  assert.equal(errorName((await heartbeat(fixture, "g", "a")).errorCode), "NONE");
  const second = await heartbeat(fixture, "g", "b");
  assert.equal(errorName(second.errorCode), "GROUP_MAX_SIZE_REACHED");
});

test("metadata above offset.metadata.max.bytes is refused for its partition alone", async () => {
  await using fixture = await started({ "offset.metadata.max.bytes": "4" });
  assert.equal(await commit(fixture, "g", { metadata: "four" }), "NONE");
  const refused = await commit(fixture, "g", { offset: 9, metadata: "fives" });
  assert.equal(refused, "OFFSET_METADATA_TOO_LARGE");
  assert.equal(await committed(fixture, "g"), 5);
});

test("a group that outgrows a batch of its topic is refused, and its neighbours are not", async () => {
  await using fixture = await started({ "group.initial.rebalance.delay.ms": "0" });
  assert.equal(await commit(fixture, "neighbour"), "NONE");
  await limitBatches(fixture, "600");
  const large = await join(fixture, "g", Buffer.alloc(2_000));
  assert.equal(await sync(fixture, "g", large), "UNKNOWN_SERVER_ERROR");
  const consumer = await heartbeat(fixture, "c", "m".repeat(700));
  assert.equal(errorName(consumer.errorCode), "UNKNOWN_SERVER_ERROR");
  assert.match(consumer.errorMessage ?? "", /max\.message\.bytes of __consumer_offsets/);
  const long = await commit(fixture, "neighbour", { offset: 9, metadata: "x".repeat(700) });
  assert.equal(long, "INVALID_COMMIT_OFFSET_SIZE");
  assert.equal(await commit(fixture, "neighbour", { offset: 6 }), "NONE");
  await fixture.restart();
  // The coordinator replays its log beside the first requests.
  await fixture.platform.clock.advance(100);
  assert.equal(await committed(fixture, "neighbour"), 6);
});

test("a full disk refuses what must be written, and forgets nothing", async () => {
  await using fixture = await started();
  assert.equal(await commit(fixture, "g"), "NONE");
  const joined = await heartbeat(fixture, "c", "a");
  const { disk } = fixture.platform.fileSystem;
  disk.setCapacity(disk.usedBytes());
  assert.equal(await commit(fixture, "g", { offset: 6 }), "NOT_COORDINATOR");
  assert.equal(await committed(fixture, "g"), 5);
  const beat = await fixture.request(ConsumerGroupHeartbeat, 1, {
    groupId: "c",
    memberId: "a",
    memberEpoch: joined.memberEpoch,
  });
  assert.equal(errorName(beat.errorCode), "NONE", "who needs nothing written is served");
  disk.setCapacity(Number.POSITIVE_INFINITY);
  assert.equal(await commit(fixture, "g", { offset: 7 }), "NONE");
  assert.equal(await committed(fixture, "g"), 7);
});
