import assert from "node:assert/strict";
import { test } from "node:test";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("the metadata learns in which directory each replica lies", async () => {
  await using fixture = await BrokerFixture.start({ config: { "log.dirs": "/a,/b" } });
  for (const topic of ["one", "two", "three"]) await createTopic(fixture, topic);
  await fixture.platform.clock.advance(1000);
  const { image, replicas, logs } = fixture.broker.services;
  for (const [name, topic] of image().topics.byName) {
    const log = replicas.partition(name, 0)?.log;
    assert.ok(log !== undefined);
    assert.deepEqual(topic.partitions[0]?.directories, [logs.directoryOf(log).directoryId]);
  }
});
