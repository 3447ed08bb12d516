import assert from "node:assert/strict";
import { test } from "node:test";

import { AlterReplicaLogDirs, DescribeLogDirs, errorName, Produce } from "@millrace/protocol";

import { batchOf, BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("a replica moves to another directory with all its records, and stays there", async () => {
  await using fixture = await BrokerFixture.start({ config: { "log.dirs": "/a,/b" } });
  await createTopic(fixture, "orders");
  for (const value of ["one", "two"]) {
    const topicData = [{ name: "orders", partitionData: [{ index: 0, records: batchOf(value) }] }];
    await fixture.request(Produce, 9, { acks: -1, timeoutMs: 1000, topicData });
  }
  const { replicas } = fixture.broker.services;
  const from = replicas.partition("orders", 0)?.log.path.slice(0, 2);
  const to = from === "/a" ? "/b" : "/a";
  const move = (path: string) => ({ path, topics: [{ name: "orders", partitions: [0, 5] }] });
  const answer = await fixture.request(AlterReplicaLogDirs, 2, { dirs: [move(to), move("/c")] });
  assert.deepEqual(
    answer.results[0]?.partitions.map(({ errorCode }) => errorName(errorCode)),
    ["NONE", "REPLICA_NOT_AVAILABLE", "LOG_DIR_NOT_FOUND", "LOG_DIR_NOT_FOUND"],
  );
  await fixture.platform.clock.advance(5000);
  assert.equal(replicas.partition("orders", 0)?.log.path, `${to}/orders-0`);
  assert.equal(replicas.partition("orders", 0)?.log.highWatermark, 2);
  await fixture.restart();
  const log = fixture.broker.services.replicas.partition("orders", 0)?.log;
  assert.equal(log?.path, `${to}/orders-0`);
  assert.equal(log?.logEndOffset, 2);
});

test("DescribeLogDirs tells every directory, with the sizes of what was asked for", async () => {
  await using fixture = await BrokerFixture.start({ config: { "log.dirs": "/a,/b" } });
  await createTopic(fixture, "orders", {}, 2);
  const topicData = [{ name: "orders", partitionData: [{ index: 0, records: batchOf("one") }] }];
  await fixture.request(Produce, 9, { acks: -1, timeoutMs: 1000, topicData });
  for (let version = 1; version <= 5; version += 1) {
    const answer = await fixture.request(DescribeLogDirs, version, {
      topics: [{ topic: "orders", partitions: [0] }],
    });
    assert.deepEqual(answer.results.map(({ logDir }) => logDir).sort(), ["/a", "/b"]);
    if (version >= 4) assert.ok(answer.results.every(({ totalBytes }) => totalBytes > 0));
    const partitions = answer.results.flatMap(({ topics }) =>
      topics.flatMap((topic) => topic.partitions),
    );
    assert.deepEqual(
      partitions.map(({ partitionIndex, partitionSize }) => [partitionIndex, partitionSize]),
      [[0, batchOf("one").length]],
    );
  }
});
