import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, Fetch, Produce, type RequestInput, type ResponseOf } from "@millrace/protocol";

import { batchOf, BrokerFixture, createTopic } from "../support/broker-fixture.ts";

type FetchInput = RequestInput<typeof Fetch>;

async function fixtureWith(...batches: readonly Buffer[]): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders", {}, 2);
  for (const batch of batches) await produce(fixture, batch);
  return fixture;
}

async function produce(fixture: BrokerFixture, records: Buffer, index = 0): Promise<void> {
  await fixture.request(Produce, 9, {
    acks: 1,
    timeoutMs: 1000,
    topicData: [{ name: "orders", partitionData: [{ index, records }] }],
  });
}

function fetchFrom(
  fetchOffset: number,
  overrides: Partial<FetchInput> & { readonly partitionMaxBytes?: number } = {},
): FetchInput {
  const { partitionMaxBytes = 1_000_000, ...rest } = overrides;
  return {
    maxWaitMs: 0,
    minBytes: 1,
    topics: [{ topic: "orders", partitions: [{ partition: 0, fetchOffset, partitionMaxBytes }] }],
    ...rest,
  };
}

function only(answer: ResponseOf<typeof Fetch>) {
  const partition = answer.responses[0]?.partitions[0];
  assert.ok(partition !== undefined);
  return partition;
}

test("every version gives the records", async () => {
  await using fixture = await fixtureWith(batchOf("apples"));
  const topicId = fixture.broker.services.image().topics.byName.get("orders")?.id;
  assert.ok(topicId !== undefined);
  for (let version = 4; version <= 18; version += 1) {
    const [asked] = fetchFrom(0).topics;
    assert.ok(asked !== undefined);
    const topic = version >= 13 ? { topicId, partitions: asked.partitions } : asked;
    const answer = await fixture.request(Fetch, version, { ...fetchFrom(0), topics: [topic] });
    const partition = only(answer);
    assert.equal(partition.errorCode, 0);
    assert.equal(partition.highWatermark, 1);
    assert.ok(partition.records?.includes("apples"));
  }
});

test("a long poll is answered by the append that it waits for, not by the clock", async () => {
  await using fixture = await fixtureWith();
  const began = fixture.platform.clock.monotonicMs();
  const waiting = fixture.request(Fetch, 11, fetchFrom(0, { maxWaitMs: 30_000 }));
  await produce(fixture, batchOf("late"));
  const partition = only(await waiting);
  assert.ok(partition.records?.includes("late"));
  assert.ok(fixture.platform.clock.monotonicMs() - began < 1000);
});

test("a long poll for more bytes than come ends with its time", async () => {
  await using fixture = await fixtureWith();
  const began = fixture.platform.clock.monotonicMs();
  const request = fetchFrom(0, { maxWaitMs: 500, minBytes: 10_000 });
  const waiting = fixture.request(Fetch, 11, request);
  await produce(fixture, batchOf("small"));
  const partition = only(await waiting);
  assert.ok(partition.records?.includes("small"));
  assert.equal(Math.round(fixture.platform.clock.monotonicMs() - began), 500);
});

test("a topic that is deleted ends the long poll that waits for it", async () => {
  await using fixture = await fixtureWith();
  const began = fixture.platform.clock.monotonicMs();
  const waiting = fixture.request(Fetch, 11, fetchFrom(0, { maxWaitMs: 30_000 }));
  const { controller, image } = fixture.broker.services;
  const topicId = image().topics.byName.get("orders")?.id;
  assert.ok(topicId !== undefined);
  await fixture.settled(controller.deleteTopics([topicId]));
  assert.equal(errorName(only(await waiting).errorCode), "NOT_LEADER_OR_FOLLOWER");
  assert.ok(fixture.platform.clock.monotonicMs() - began < 30_000);
});

test("the first batch is whole however large it is; the bytes are shared in order", async () => {
  const large = batchOf("x".repeat(5000));
  await using fixture = await fixtureWith(large);
  await produce(fixture, batchOf("y".repeat(5000)), 1);
  const partitions = [1, 0].map((partition) => ({
    partition,
    fetchOffset: 0,
    partitionMaxBytes: 1000,
  }));
  const answer = await fixture.request(Fetch, 11, {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 100,
    topics: [{ topic: "orders", partitions }],
  });
  const sizes = answer.responses[0]?.partitions.map((partition) => [
    partition.partitionIndex,
    partition.records?.length,
  ]);
  assert.deepEqual(sizes, [
    [1, large.length],
    [0, 0],
  ]);
});

test("offsets outside the log, and leader epochs that are not ours, are named", async () => {
  await using fixture = await fixtureWith(batchOf("a"));
  const cases = [
    [2, -1, "OFFSET_OUT_OF_RANGE"],
    [0, 7, "UNKNOWN_LEADER_EPOCH"],
    [1, 0, "NONE"],
  ] as const;
  for (const [fetchOffset, currentLeaderEpoch, error] of cases) {
    const answer = await fixture.request(Fetch, 12, {
      ...fetchFrom(0),
      topics: [
        {
          topic: "orders",
          partitions: [{ partition: 0, fetchOffset, currentLeaderEpoch, partitionMaxBytes: 1000 }],
        },
      ],
    });
    assert.equal(errorName(only(answer).errorCode), error);
  }
  const restarted = fixture.restart();
  await restarted;
  const answer = await fixture.request(Fetch, 12, {
    ...fetchFrom(0),
    topics: [
      {
        topic: "orders",
        partitions: [
          { partition: 0, fetchOffset: 0, currentLeaderEpoch: 0, partitionMaxBytes: 1000 },
        ],
      },
    ],
  });
  assert.equal(errorName(only(answer).errorCode), "FENCED_LEADER_EPOCH");
});

test("a fetcher whose log went another way is told where, instead of records", async () => {
  await using fixture = await fixtureWith(batchOf("a", "b"));
  const answer = await fixture.request(Fetch, 12, {
    ...fetchFrom(0),
    topics: [
      {
        topic: "orders",
        partitions: [
          { partition: 0, fetchOffset: 9, lastFetchedEpoch: 0, partitionMaxBytes: 1000 },
        ],
      },
    ],
  });
  const partition = only(answer);
  assert.equal(partition.errorCode, 0);
  assert.deepEqual(partition.divergingEpoch, { epoch: 0, endOffset: 2 });
  assert.equal(partition.records?.length, 0);
});

test("an incremental fetch answers news only, and nothing when there is none", async () => {
  await using fixture = await fixtureWith(batchOf("a"));
  const full = await fixture.request(Fetch, 12, {
    ...fetchFrom(1),
    sessionId: 0,
    sessionEpoch: 0,
  });
  assert.ok(full.sessionId > 0);
  assert.equal(full.responses.length, 1);
  const increment = (sessionEpoch: number): FetchInput => ({
    maxWaitMs: 0,
    minBytes: 1,
    sessionId: full.sessionId,
    sessionEpoch,
    topics: [],
  });
  const quiet = await fixture.request(Fetch, 12, increment(1));
  assert.equal(quiet.responses.length, 0);
  await produce(fixture, batchOf("news"));
  const news = await fixture.request(Fetch, 12, increment(2));
  assert.ok(only(news).records?.includes("news"));
  const wrong = await fixture.request(Fetch, 12, increment(2));
  assert.equal(errorName(wrong.errorCode), "INVALID_FETCH_SESSION_EPOCH");
});

test("a topic id that nobody knows is refused by itself", async () => {
  await using fixture = await fixtureWith(batchOf("a"));
  const topicId = "b8tRS7h4TJ2Vt43Dp85v2A" as ResponseOf<
    typeof Fetch
  >["responses"][number]["topicId"];
  const [asked] = fetchFrom(0).topics;
  assert.ok(asked !== undefined);
  const answer = await fixture.request(Fetch, 15, {
    ...fetchFrom(0),
    topics: [{ topicId, partitions: asked.partitions }],
  });
  assert.equal(errorName(only(answer).errorCode), "UNKNOWN_TOPIC_ID");
});

test("a request that poses as a follower's is refused: they move high watermarks", async () => {
  await using fixture = await fixtureWith(batchOf("a"));
  const answer = await fixture.request(Fetch, 11, fetchFrom(0, { replicaId: 2 }));
  assert.equal(errorName(only(answer).errorCode), "NOT_LEADER_OR_FOLLOWER");
});
