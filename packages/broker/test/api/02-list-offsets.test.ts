import assert from "node:assert/strict";
import { test } from "node:test";

import { buildRecordBatch, errorName, ListOffsets, Produce } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

const startMs = 1_767_225_600_000;

async function fixtureWithThreeRecords(): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  for (const delay of [0, 2000, 1000]) {
    const record = { key: null, value: Buffer.from("a"), timestamp: startMs + delay };
    const partitionData = [{ index: 0, records: buildRecordBatch([record]) }];
    const topicData = [{ name: "orders", partitionData }];
    await fixture.request(Produce, 9, { acks: 1, timeoutMs: 1000, topicData });
  }
  return fixture;
}

async function list(fixture: BrokerFixture, version: number, timestamps: readonly number[]) {
  return Promise.all(
    timestamps.map(async (timestamp) => {
      const answer = await fixture.request(ListOffsets, version, {
        replicaId: -1,
        topics: [{ name: "orders", partitions: [{ partitionIndex: 0, timestamp }] }],
        ...(version >= 2 ? { isolationLevel: 0 } : {}),
      });
      const partition = answer.topics[0]?.partitions[0];
      return [errorName(partition?.errorCode ?? -1), partition?.offset, partition?.timestamp];
    }),
  );
}

test("times and places are found, in every version", async () => {
  await using fixture = await fixtureWithThreeRecords();
  for (let version = 1; version <= 11; version += 1) {
    const found = await list(fixture, version, [-1, -2, startMs + 500, startMs + 9999]);
    assert.deepEqual(found, [
      ["NONE", 3, -1],
      ["NONE", 0, -1],
      ["NONE", 1, startMs + 2000],
      ["NONE", -1, -1],
    ]);
  }
});

test("a special timestamp may be asked for from its version on", async () => {
  await using fixture = await fixtureWithThreeRecords();
  assert.deepEqual(await list(fixture, 6, [-3]), [["UNSUPPORTED_VERSION", -1, -1]]);
  assert.deepEqual(await list(fixture, 11, [-3, -4, -5, -6]), [
    ["NONE", 1, startMs + 2000],
    ["NONE", 0, -1],
    ["NONE", -1, -1],
    ["NONE", -1, -1],
  ]);
});

test("a partition named twice is refused once, and an unknown one by name", async () => {
  await using fixture = await fixtureWithThreeRecords();
  const asked = { partitionIndex: 0, timestamp: -1 };
  const answer = await fixture.request(ListOffsets, 7, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [
      { name: "orders", partitions: [asked, asked, { partitionIndex: 4, timestamp: -1 }] },
      { name: "missing", partitions: [asked] },
    ],
  });
  const errors = answer.topics.flatMap((topic) =>
    topic.partitions.map((partition) => errorName(partition.errorCode)),
  );
  assert.deepEqual(errors, [
    "INVALID_REQUEST",
    "UNKNOWN_TOPIC_OR_PARTITION",
    "UNKNOWN_TOPIC_OR_PARTITION",
  ]);
});
