import assert from "node:assert/strict";
import { test } from "node:test";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { configure, produced, ShareMember } from "../support/share-member.ts";
import { TransactionalProducer } from "../support/transactional-producer.ts";

const configs = { "share.auto.offset.reset": "earliest" };
const options = { group: "g", topic: "orders", configs };

test("a fetch waits for new records, and is answered with them at once", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const member = await ShareMember.join(fixture, options);
  const waiting = member.fetch({ maxWaitMs: 30_000 });
  await fixture.platform.clock.advance(1000);
  const beganMs = fixture.platform.clock.monotonicMs();
  await produced(fixture, "orders", ["a"]);
  assert.deepEqual((await fixture.settled(waiting)).values, ["a"]);
  assert.ok(fixture.platform.clock.monotonicMs() - beganMs < 10_000);
});

test("a fetch is answered with nothing when its time is up", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const member = await ShareMember.join(fixture, options);
  const beganMs = fixture.platform.clock.monotonicMs();
  assert.deepEqual((await member.fetch({ maxWaitMs: 800 })).acquired, []);
  assert.ok(Math.round(fixture.platform.clock.monotonicMs() - beganMs) >= 800);
});

test("a fetch waits for records that another member releases", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a"]);
  const first = await ShareMember.join(fixture, options);
  const second = await ShareMember.join(fixture, { ...options, memberId: "second" });
  await first.fetch();
  const waiting = second.fetch({ maxWaitMs: 20_000 });
  await fixture.platform.clock.advance(100);
  await first.acknowledge([[0, 0, 2]]);
  assert.deepEqual((await fixture.settled(waiting)).acquired, [[0, 0, 2]]);
});

test("locks bound what a group has in flight, and room is news to who waits", async () => {
  await using fixture = await BrokerFixture.start();
  const values = Array.from({ length: 100 }, (_, index) => `v${index}`);
  await produced(fixture, "orders", values);
  await produced(fixture, "orders", ["last"]);
  const few = { ...options, configs: { ...configs, "share.partition.max.record.locks": "100" } };
  const first = await ShareMember.join(fixture, few);
  const second = await ShareMember.join(fixture, { ...few, memberId: "second" });
  assert.deepEqual((await first.fetch({ maxRecords: 100 })).acquired, [[0, 99, 1]]);
  assert.deepEqual((await second.fetch()).acquired, []);
  const waiting = second.fetch({ maxWaitMs: 20_000 });
  await fixture.platform.clock.advance(100);
  await first.acknowledge([[0, 99, 1]]);
  assert.deepEqual((await fixture.settled(waiting)).acquired, [[100, 100, 1]]);
});

test("record_limit gives exactly as many as wanted, batch_optimized ends with a batch", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a", "b", "c", "d"]);
  const exact = await ShareMember.join(fixture, options);
  assert.deepEqual((await exact.fetch({ maxRecords: 2, mode: 1 })).acquired, [[0, 1, 1]]);
  assert.deepEqual((await exact.fetch({ maxRecords: 1, mode: 1 })).acquired, [[2, 2, 1]]);
  const whole = await ShareMember.join(fixture, { ...options, group: "h" });
  assert.deepEqual((await whole.fetch({ maxRecords: 1 })).acquired, [[0, 3, 1]]);
});

test("read_committed delivers committed records only, and waits for open ones", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture);
  assert.equal(await producer.produce("orders", "aborted"), "NONE");
  assert.equal(await producer.end(false), "NONE");
  await fixture.platform.clock.advance(100);
  assert.equal(await producer.produce("orders", "committed"), "NONE");
  const strict = { ...configs, "share.isolation.level": "read_committed" };
  const member = await ShareMember.join(fixture, { ...options, configs: strict });
  // The marker of the aborted transaction is acquired: it is a gap to its member.
  assert.deepEqual((await member.fetch()).acquired, [[1, 1, 1]]);
  assert.equal(await producer.end(true), "NONE");
  await fixture.platform.clock.advance(100);
  const { acquired } = await member.fetch();
  assert.deepEqual(acquired, [[2, 3, 1]]);
});

test("a group begins where share.auto.offset.reset says", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["old"]);
  const join = (group: string, reset: string): Promise<ShareMember> =>
    ShareMember.join(fixture, {
      group,
      topic: "orders",
      configs: { "share.auto.offset.reset": reset },
    });
  const latest = await join("latest", "latest");
  assert.deepEqual((await latest.fetch()).acquired, []);
  await produced(fixture, "orders", ["new"]);
  assert.deepEqual((await latest.fetch()).values, ["new"]);
  // The records of the fixture are of one moment, which is over by now.
  const recent = await join("recent", "by_duration:PT0.001S");
  assert.deepEqual((await recent.fetch()).acquired, []);
  const ancient = await join("ancient", "by_duration:P999D");
  assert.deepEqual((await ancient.fetch()).acquired, [[0, 1, 1]]);
});

test("a log that begins later takes the group along", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a", "b", "c"]);
  const member = await ShareMember.join(fixture, options);
  const { replicas } = fixture.broker.services;
  replicas.partition("orders", 0)?.log.truncatePrefix(2);
  assert.deepEqual((await member.fetch()).acquired, [[2, 2, 1]]);
});

test("the limit on deliveries may change while records are out", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a"]);
  const member = await ShareMember.join(fixture, options);
  await member.fetch();
  await member.acknowledge([[0, 0, 2]]);
  await member.fetch();
  await configure(fixture, 32, "g", { "share.delivery.count.limit": "2" });
  await member.acknowledge([[0, 0, 2]]);
  assert.deepEqual((await member.fetch()).acquired, []);
});
