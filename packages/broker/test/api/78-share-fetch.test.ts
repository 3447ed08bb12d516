import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, ShareFetch } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";
import { produced, ShareMember } from "../support/share-member.ts";

const earliest = { "share.auto.offset.reset": "earliest" };

test("a member acquires records, accepts them, and gets no more of them", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a", "b", "c"]);
  const member = await ShareMember.join(fixture, {
    group: "g",
    topic: "orders",
    configs: earliest,
  });
  const first = await member.fetch();
  assert.deepEqual(first.acquired, [[0, 2, 1]]);
  assert.deepEqual(first.values, ["a", "b", "c"]);
  const second = await member.fetch({ acknowledge: [[0, 2, 1]] });
  assert.equal(second.acknowledgeError, "NONE");
  assert.deepEqual(second.acquired, []);
});

test("released records are delivered to the next member with a higher count", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a", "b", "c"]);
  const options = { group: "g", topic: "orders", configs: earliest };
  const first = await ShareMember.join(fixture, options);
  const second = await ShareMember.join(fixture, { ...options, memberId: "second" });
  await first.fetch();
  assert.deepEqual((await second.fetch()).acquired, []);
  await first.acknowledge([[1, 1, 2]]);
  assert.deepEqual((await second.fetch()).acquired, [[1, 1, 2]]);
});

test("a lock ends after its time, and the record is another member's", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a"]);
  const options = { group: "g", topic: "orders", configs: earliest };
  const first = await ShareMember.join(fixture, options);
  const second = await ShareMember.join(fixture, { ...options, memberId: "second" });
  await first.fetch();
  const waited = await second.fetch({ maxWaitMs: 40_000 });
  assert.deepEqual(waited.acquired, [[0, 0, 2]]);
  assert.equal(await first.acknowledge([[0, 0, 1]]), "INVALID_RECORD_STATE");
});

test("the end of a session gives its records back", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a", "b"]);
  const options = { group: "g", topic: "orders", configs: earliest };
  const first = await ShareMember.join(fixture, options);
  const second = await ShareMember.join(fixture, { ...options, memberId: "second" });
  await first.fetch();
  await first.leave();
  assert.deepEqual((await second.fetch()).acquired, [[0, 1, 2]]);
});

test("what was accepted stays accepted after a restart, what was acquired comes again", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a", "b", "c", "d"]);
  const options = { group: "g", topic: "orders", configs: earliest };
  const first = await ShareMember.join(fixture, options);
  await first.fetch();
  await first.acknowledge([[1, 1, 1]]);
  await first.acknowledge([[2, 2, 2]]);
  await fixture.restart();
  const second = await ShareMember.join(fixture, { ...options, memberId: "second" });
  assert.deepEqual((await second.fetch()).acquired, [
    [0, 0, 1],
    [2, 2, 2],
    [3, 3, 1],
  ]);
});

test("sessions: unknown ones, old epochs and acknowledgements at the beginning are refused", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a"]);
  const member = await ShareMember.join(fixture, {
    group: "g",
    topic: "orders",
    configs: earliest,
  });
  const errorOf = async (shareSessionEpoch: number): Promise<string> => {
    const answer = await fixture.request(ShareFetch, 2, {
      ...member.request(),
      shareSessionEpoch,
      maxWaitMs: 0,
    });
    return errorName(answer.errorCode);
  };
  assert.equal(await errorOf(5), "SHARE_SESSION_NOT_FOUND");
  assert.equal(await errorOf(-1), "SHARE_SESSION_NOT_FOUND");
  assert.equal(await errorOf(0), "NONE");
  assert.equal(await errorOf(2), "INVALID_SHARE_SESSION_EPOCH");
  assert.equal(await errorOf(1), "NONE");
  const early = await fixture.request(ShareFetch, 2, member.request({ acknowledge: [[0, 0, 1]] }));
  assert.equal(errorName(early.errorCode), "INVALID_REQUEST");
});
