import assert from "node:assert/strict";
import { test } from "node:test";

import { Fetch, readRecords, ZERO_UUID } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { configure, produced, ShareMember } from "../support/share-member.ts";

const group = {
  "share.auto.offset.reset": "earliest",
  "errors.deadletterqueue.topic.name": "dlq.g",
};
const reject = 3;
const accept = 1;

/** The records of a topic's first partition: key, value, and headers as name=value. */
async function recordsOf(fixture: BrokerFixture, topic: string): Promise<string[][]> {
  const topicId = fixture.broker.services.image().topics.byName.get(topic)?.id ?? ZERO_UUID;
  const answer = await fixture.request(Fetch, 13, {
    maxWaitMs: 0,
    minBytes: 0,
    topics: [
      {
        topicId,
        partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }],
      },
    ],
    forgottenTopicsData: [],
  });
  const bytes = Buffer.concat([answer.responses[0]?.partitions[0]?.records ?? Buffer.alloc(0)]);
  const records: string[][] = [];
  for (let position = 0; position < bytes.length; ) {
    for (const { value, headers } of readRecords(bytes, position)) {
      const said = headers.map((header) => `${String(header.key)}=${String(header.value)}`);
      records.push([String(value), ...said]);
    }
    position += 12 + bytes.readInt32BE(position + 8);
  }
  return records;
}

async function rejectOne(fixture: BrokerFixture, configs: Readonly<Record<string, string>>) {
  await produced(fixture, "orders", ["a", "b"]);
  const member = await ShareMember.join(fixture, { group: "g", topic: "orders", configs });
  await member.fetch();
  assert.equal(
    await member.acknowledge([
      [0, 0, reject],
      [1, 1, accept],
    ]),
    "NONE",
  );
  return member;
}

const startOffsetOf = (fixture: BrokerFixture): number | undefined => {
  const topicId = fixture.broker.services.image().topics.byName.get("orders")?.id;
  const local = topicId && fixture.broker.services.sharePartitions.find("g", topicId, 0);
  return local?.state?.startOffset;
};

test("a rejected record is told of in the dead-letter topic, without its content", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "dlq.g", { "errors.deadletterqueue.group.enable": "true" });
  await rejectOne(fixture, group);
  await fixture.platform.clock.advance(100);
  assert.deepEqual(await recordsOf(fixture, "dlq.g"), [
    [
      "null",
      "__dlq.errors.topic=orders",
      "__dlq.errors.partition=0",
      "__dlq.errors.offset=0",
      "__dlq.errors.group=g",
      "__dlq.errors.delivery.count=1",
      "__dlq.errors.message=Offset rejected by client.",
    ],
  ]);
  assert.equal(startOffsetOf(fixture), 2);
});

test("the content goes along where the group wants it, but for what is too large", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "dlq.g", {
    "errors.deadletterqueue.group.enable": "true",
    "max.message.bytes": "2000",
  });
  await produced(fixture, "orders", ["small", "x".repeat(3000)]);
  const configs = { ...group, "errors.deadletterqueue.copy.record.enable": "true" };
  const member = await ShareMember.join(fixture, { group: "g", topic: "orders", configs });
  await member.fetch();
  await member.acknowledge([[0, 1, reject]]);
  await fixture.platform.clock.advance(100);
  const copied = await recordsOf(fixture, "dlq.g");
  assert.deepEqual(
    copied.map(([value, , , offset]) => [value, offset]),
    [
      ["small", "__dlq.errors.offset=0"],
      ["null", "__dlq.errors.offset=1"],
    ],
  );
});

test("a topic that is not there is made if the broker may, and else waited for", async () => {
  await using fixture = await BrokerFixture.start();
  await rejectOne(fixture, group);
  await fixture.platform.clock.advance(5000);
  // Held back, neither lost nor delivered: the start offset stays before it.
  assert.equal(startOffsetOf(fixture), 0);
  await createTopic(fixture, "dlq.g");
  await fixture.platform.clock.advance(60_000);
  assert.equal(startOffsetOf(fixture), 0);
  await configure(fixture, 2, "dlq.g", { "errors.deadletterqueue.group.enable": "true" });
  await fixture.platform.clock.advance(120_000);
  assert.equal(startOffsetOf(fixture), 2);
  assert.equal((await recordsOf(fixture, "dlq.g")).length, 1);
});

test("dead letters that a restart interrupted are copied after it", async () => {
  await using fixture = await BrokerFixture.start();
  await rejectOne(fixture, group);
  await fixture.restart({
    config: { "errors.deadletterqueue.auto.create.topics.enable": "true" },
  });
  const member = await ShareMember.join(fixture, { group: "g", topic: "orders", memberId: "next" });
  const { acquired } = await member.fetch();
  assert.deepEqual(acquired, []);
  await fixture.platform.clock.advance(1000);
  assert.equal((await recordsOf(fixture, "dlq.g")).length, 1);
  assert.equal(startOffsetOf(fixture), 2);
});

test("a topic whose name has not the prefix takes nothing; without a topic all is archived", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "letters", { "errors.deadletterqueue.group.enable": "true" });
  await rejectOne(fixture, { ...group, "errors.deadletterqueue.topic.name": "letters" });
  await fixture.platform.clock.advance(10_000);
  assert.equal(startOffsetOf(fixture), 0);
  await configure(fixture, 32, "g", { "errors.deadletterqueue.topic.name": "" });
  await fixture.platform.clock.advance(120_000);
  assert.equal(startOffsetOf(fixture), 2);
  assert.deepEqual(await recordsOf(fixture, "letters"), []);
});

test("a record that was delivered too often goes the same way", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "dlq.g", { "errors.deadletterqueue.group.enable": "true" });
  await produced(fixture, "orders", ["a"]);
  const configs = { ...group, "share.delivery.count.limit": "2" };
  const member = await ShareMember.join(fixture, { group: "g", topic: "orders", configs });
  await member.fetch();
  const again = await member.fetch({ maxWaitMs: 40_000 });
  assert.deepEqual(again.acquired, [[0, 0, 2]]);
  await fixture.platform.clock.advance(31_000);
  const [letter] = await recordsOf(fixture, "dlq.g");
  assert.equal(
    letter?.at(-1),
    "__dlq.errors.message=Offset delivery count exceeded the threshold.",
  );
});

for (const [what, configs] of [
  ["compacted, which takes no record without a key", { "cleanup.policy": "compact" }],
  ["too small for the headers alone", { "max.message.bytes": "100" }],
] as const) {
  test(`a topic that is ${what} holds the records back until it is mended`, async () => {
    await using fixture = await BrokerFixture.start();
    await createTopic(fixture, "dlq.g", {
      "errors.deadletterqueue.group.enable": "true",
      ...configs,
    });
    await rejectOne(fixture, group);
    await fixture.platform.clock.advance(10_000);
    assert.equal(startOffsetOf(fixture), 0);
    await configure(fixture, 2, "dlq.g", {
      "cleanup.policy": "delete",
      "max.message.bytes": "1000",
    });
    await fixture.platform.clock.advance(120_000);
    assert.equal(startOffsetOf(fixture), 2);
    assert.equal((await recordsOf(fixture, "dlq.g")).length, 1);
  });
}

test("a topic is never its own dead-letter topic", async () => {
  await using fixture = await BrokerFixture.start({
    config: { "errors.deadletterqueue.topic.name.prefix": "" },
  });
  const own = { "errors.deadletterqueue.topic.name": "orders" };
  await createTopic(fixture, "orders", { "errors.deadletterqueue.group.enable": "true" });
  await rejectOne(fixture, { ...group, ...own });
  await fixture.platform.clock.advance(10_000);
  assert.equal(startOffsetOf(fixture), 0);
  assert.equal((await recordsOf(fixture, "orders")).length, 2);
});
