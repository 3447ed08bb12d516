import assert from "node:assert/strict";
import { test } from "node:test";

import {
  AlterClientQuotas,
  ApiVersions,
  CreatePartitions,
  CreateTopics,
  DeleteTopics,
  errorName,
  Fetch,
  Metadata,
  Produce,
} from "@millrace/protocol";

import { batchOf, BrokerFixture, createTopic } from "../support/broker-fixture.ts";

/** Sets quotas of entities as `user=alice client-id=default`. */
async function setQuota(fixture: BrokerFixture, entity: string, key: string, value: number) {
  const parts = entity.split(" ").map((part) => {
    const [entityType = "", name = ""] = part.split("=");
    return { entityType, entityName: name === "default" ? null : name };
  });
  const ops = [{ key, value, remove: value === 0 }];
  const answer = await fixture.request(AlterClientQuotas, 1, {
    entries: [{ entity: parts, ops }],
    validateOnly: false,
  });
  assert.deepEqual(answer.entries[0]?.errorMessage, null);
}

function produceBody(sizeBytes: number, acks = 1) {
  const records = batchOf("x".repeat(sizeBytes));
  const partitionData = [{ index: 0, records }];
  const topicData = [{ name: "orders", partitionData }];
  return { acks, timeoutMs: 100, transactionalId: null, topicData };
}

function fetchBody(fetchOffset: number) {
  const partitions = [
    { partition: 0, fetchOffset, partitionMaxBytes: 1 << 20, currentLeaderEpoch: -1 },
  ];
  return { maxWaitMs: 0, minBytes: 0, topics: [{ topic: "orders", partitions }] };
}

async function recordsFetched(fixture: BrokerFixture) {
  const answer = await fixture.request(Fetch, 12, fetchBody(0));
  const sizes = answer.responses.flatMap(({ partitions }) =>
    partitions.map(({ records }) => records?.length ?? 0),
  );
  return { throttleTimeMs: answer.throttleTimeMs, bytes: sizes.reduce((a, b) => a + b, 0) };
}

test("a producer above its rate is told Kafka's throttle time, and its connection is muted", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await setQuota(fixture, "client-id=test", "producer_byte_rate", 1000);
  const small = await fixture.request(Produce, 9, produceBody(1000));
  assert.equal(small.throttleTimeMs, 0);
  const answer = await fixture.send(Produce, 9, produceBody(20_000));
  assert.equal(answer.kind, "send");
  // About 21,200 bytes over 10 s are 2,120 a second: (2,120 - 1,000) / 1,000 of 10 s too many.
  const muteMs = (answer.kind === "send" ? answer.muteMs : undefined) ?? 0;
  assert.ok(muteMs > 11_000 && muteMs < 11_600, `${muteMs}`);
  await fixture.platform.clock.advance(muteMs + 10_000);
  assert.equal((await fixture.request(Produce, 9, produceBody(10))).throttleTimeMs, 0);
});

test("a producer that wants no answers is muted all the same", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await setQuota(fixture, "client-id=default", "producer_byte_rate", 1000);
  const answer = await fixture.send(Produce, 9, produceBody(20_000, 0));
  assert.ok(answer.kind === "silent" && (answer.muteMs ?? 0) > 9000);
});

test("a consumer above its rate gets nothing, is told how long, and is not charged for it", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await fixture.request(Produce, 9, produceBody(6000));
  await setQuota(fixture, "client-id=test", "consumer_byte_rate", 1000);
  const first = await recordsFetched(fixture);
  assert.ok(first.bytes > 6000 && first.throttleTimeMs === 0);
  const second = await recordsFetched(fixture);
  assert.equal(second.bytes, 0);
  assert.ok(
    second.throttleTimeMs > 1000 && second.throttleTimeMs < 3500,
    `${second.throttleTimeMs}`,
  );
  // Had the second been charged, this one would have to wait longer.
  const third = await recordsFetched(fixture);
  assert.ok(Math.abs(third.throttleTimeMs - second.throttleTimeMs) < 10);
  await fixture.platform.clock.advance(12_000);
  const later = await recordsFetched(fixture);
  assert.ok(later.bytes > 6000 && later.throttleTimeMs === 0);
});

test("a batch that is larger than its windows comes to a consumer that has rested", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await fixture.request(Produce, 9, produceBody(50_000));
  await setQuota(fixture, "client-id=test", "consumer_byte_rate", 1000);
  const first = await recordsFetched(fixture);
  assert.ok(first.bytes > 50_000 && first.throttleTimeMs > 40_000, `${first.throttleTimeMs}`);
  assert.equal((await recordsFetched(fixture)).bytes, 0);
  await fixture.platform.clock.advance(first.throttleTimeMs);
  assert.ok((await recordsFetched(fixture)).bytes > 50_000);
});

test("who is not limited, or not any more, is not held up", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await setQuota(fixture, "user=alice", "producer_byte_rate", 10);
  assert.equal((await fixture.request(Produce, 9, produceBody(20_000))).throttleTimeMs, 0);
  fixture.actAs("alice");
  assert.ok((await fixture.request(Produce, 9, produceBody(2000))).throttleTimeMs > 0);
  await setQuota(fixture, "user=alice", "producer_byte_rate", 0);
  assert.equal((await fixture.request(Produce, 9, produceBody(2000))).throttleTimeMs, 0);
});

test("the time that requests take is limited, and nobody waits longer than a window", async () => {
  await using fixture = await BrokerFixture.start();
  await setQuota(fixture, "client-id=test", "request_percentage", 0.0001);
  const { clock } = fixture.platform;
  const started = clock.monotonicMs.bind(clock);
  let workMs = 0;
  // Each look at the clock takes two milliseconds: a simulation's own work takes none.
  clock.monotonicMs = () => started() + (workMs += 2);
  const first = await fixture.request(ApiVersions, 3, {
    clientSoftwareName: "test",
    clientSoftwareVersion: "1",
  });
  assert.equal(first.throttleTimeMs, 1000);
  const later = await fixture.request(Metadata, 9, { topics: [] });
  assert.equal(later.throttleTimeMs, 1000);
});

test("strict changes of metadata are refused while tokens are owed, earlier versions wait", async () => {
  await using fixture = await BrokerFixture.start();
  await setQuota(fixture, "user=default", "controller_mutation_rate", 1);
  const topic = (name: string, numPartitions: number) => ({
    topics: [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }],
  });
  // The bucket holds 11 tokens; what is begun with a token left is done as a whole.
  const first = await fixture.request(CreateTopics, 7, topic("a", 20));
  assert.deepEqual([first.topics[0]?.errorCode, first.throttleTimeMs], [0, 0]);
  const second = await fixture.request(CreateTopics, 7, topic("b", 1));
  assert.equal(errorName(second.topics[0]?.errorCode ?? 0), "THROTTLING_QUOTA_EXCEEDED");
  assert.ok(second.throttleTimeMs > 8000 && second.throttleTimeMs <= 9000);
  const more = { topics: [{ name: "a", count: 21, assignments: null }], timeoutMs: 1 };
  const third = await fixture.request(CreatePartitions, 3, { ...more, validateOnly: false });
  assert.equal(errorName(third.results[0]?.errorCode ?? 0), "THROTTLING_QUOTA_EXCEEDED");
  const permissive = await fixture.request(CreateTopics, 5, topic("c", 2));
  assert.deepEqual(permissive.topics[0]?.errorCode, 0);
  assert.ok(permissive.throttleTimeMs > 10_000 && permissive.throttleTimeMs <= 11_000);
  const gone = await fixture.request(DeleteTopics, 5, { topicNames: ["a"], timeoutMs: 1 });
  assert.equal(errorName(gone.responses[0]?.errorCode ?? 0), "THROTTLING_QUOTA_EXCEEDED");
  const made = await fixture.request(Metadata, 9, {
    topics: [{ name: "made-by-asking" }],
    allowAutoTopicCreation: true,
  });
  assert.equal(errorName(made.topics[0]?.errorCode ?? 0), "UNKNOWN_TOPIC_OR_PARTITION");
  assert.ok(made.throttleTimeMs > 0);
  await fixture.platform.clock.advance(11_000);
  const again = await fixture.request(DeleteTopics, 5, { topicNames: ["a"], timeoutMs: 1 });
  assert.equal(again.responses[0]?.errorCode, 0);
});
