import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, Fetch, Metadata, Produce } from "@millrace/protocol";

import { batchOf, BrokerFixture, createTopic } from "../support/broker-fixture.ts";

async function produce(fixture: BrokerFixture, topic: string): Promise<string> {
  const answer = await fixture.request(Produce, 9, {
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: topic, partitionData: [{ index: 0, records: batchOf("a") }] }],
  });
  return errorName(answer.responses[0]?.partitionResponses[0]?.errorCode ?? -1);
}

test("topics, their records and their configurations are there after a restart and a crash", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders", { "max.message.bytes": "5000" }, 2);
  assert.equal(await produce(fixture, "orders"), "NONE");
  for (const begin of [
    () => fixture.restart(),
    () => fixture.crash("kill"),
    () => fixture.crash("powerLoss"),
  ]) {
    await begin();
    const { replicas } = fixture.broker.services;
    const log = replicas.partition("orders", 0)?.log;
    assert.equal(log?.logEndOffset, 1);
    assert.equal(log.highWatermark, 1);
    assert.equal(log.config.maxMessageBytes, 5000);
    assert.equal(replicas.partition("orders", 1)?.isLeader, true);
  }
});

test("when one log directory fails, its partitions are refused and the others serve", async () => {
  await using fixture = await BrokerFixture.start({ config: { "log.dirs": "/a,/b" } });
  await createTopic(fixture, "one");
  await createTopic(fixture, "two");
  const { replicas } = fixture.broker.services;
  const directoryOf = (topic: string): string =>
    replicas.partition(topic, 0)?.log.path.slice(0, 2) ?? "";
  assert.notEqual(directoryOf("one"), directoryOf("two"));
  // The metadata log lies in /a: what fails is the other one.
  const [failing, working] = directoryOf("one") === "/b" ? ["one", "two"] : ["two", "one"];
  assert.ok(failing !== undefined && working !== undefined);
  fixture.platform.fileSystem.disk.faults.add({
    operations: ["sync", "write"],
    matches: (path) => path.startsWith("/b"),
    systemCode: "EIO",
  });
  assert.equal(await produce(fixture, failing), "KAFKA_STORAGE_ERROR");
  assert.equal(await produce(fixture, working), "NONE");
  await fixture.platform.clock.advance(1000);
  const metadata = await fixture.request(Metadata, 12, { topics: [{ name: failing }] });
  const code = metadata.topics[0]?.partitions[0]?.errorCode ?? 0;
  assert.equal(errorName(code), "LEADER_NOT_AVAILABLE");
  fixture.platform.fileSystem.disk.faults.clear();
});

test("a log whose directory is gone is not begun anew elsewhere", async () => {
  await using fixture = await BrokerFixture.start({ config: { "log.dirs": "/a,/b" } });
  await createTopic(fixture, "one");
  await createTopic(fixture, "two");
  const { replicas } = fixture.broker.services;
  const failing = replicas.partition("one", 0)?.log.path.startsWith("/b") ? "one" : "two";
  await produce(fixture, failing);
  fixture.platform.fileSystem.disk.faults.add({
    operations: ["open", "read", "makeDirectory", "create", "write", "sync"],
    matches: (path) => path.startsWith("/b"),
    systemCode: "EIO",
  });
  await fixture.crash("kill");
  assert.equal(fixture.broker.services.replicas.partition(failing, 0), undefined);
  assert.notEqual(await produce(fixture, failing), "NONE");
  fixture.platform.fileSystem.disk.faults.clear();
  await fixture.crash("kill");
  const read = await fixture.request(Fetch, 11, {
    maxWaitMs: 0,
    minBytes: 1,
    topics: [
      { topic: failing, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] },
    ],
  });
  assert.equal(read.responses[0]?.partitions[0]?.highWatermark, 1);
});

test("a topic that was made on a full disk is served once there is room", async () => {
  await using fixture = await BrokerFixture.start();
  const { faults } = fixture.platform.fileSystem.disk;
  faults.add({
    operations: ["create", "write"],
    matches: (path) => path.includes("/five-0"),
    systemCode: "ENOSPC",
  });
  await createTopic(fixture, "five");
  assert.equal(await produce(fixture, "five"), "KAFKA_STORAGE_ERROR");
  faults.clear();
  await fixture.platform.clock.advance(1000);
  assert.equal(await produce(fixture, "five"), "NONE");
  assert.equal(fixture.broker.services.replicas.partition("five", 0)?.log.logEndOffset, 1);
  await fixture.crash("powerLoss");
  assert.equal(fixture.broker.services.replicas.partition("five", 0)?.log.logEndOffset, 1);
});
