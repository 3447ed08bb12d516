import assert from "node:assert/strict";
import { test } from "node:test";

import { errorCodes, Produce } from "@millrace/protocol";

import { producing, texts } from "../support/producing.ts";

test("while five requests are on their way, records gather", async () => {
  const { producer, logs, settle, scripted } = await producing();
  await settle(producer.send({ topic: "orders", value: "first" }));
  logs.seen.length = 0;
  const sent: Promise<unknown>[] = [];
  scripted.broker(1).isFrozen = true;
  for (let turn = 0; turn < 20; turn += 1) {
    sent.push(producer.send({ topic: "orders", value: `v${turn}` }));
    await scripted.advance(1);
  }
  const produced = scripted.broker(1).requestsOf(Produce).length;
  assert.equal(produced, 6);
  scripted.broker(1).isFrozen = false;
  scripted.broker(1).disconnect();
  await settle(Promise.all(sent));
  assert.deepEqual(logs.values("orders"), ["first", ...texts(20)]);
  const sizes = logs.seen.map(({ records }) => records.length);
  assert.equal(Math.max(...sizes), 15);
});

test("records after lost leadership go to the leader that the refusal names, at once", async () => {
  const { producer, logs, settle, scripted } = await producing({}, { brokers: 2 });
  await settle(producer.send({ topic: "orders", value: "first" }));
  const topic = scripted.topics.get("orders");
  assert.ok(topic?.partitions[0] !== undefined);
  topic.partitions[0] = { leader: 2, leaderEpoch: 1 };
  const currentLeader = { leaderId: 2, leaderEpoch: 1 };
  logs.fault = ({ broker }) =>
    broker === 1 ? { errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER, currentLeader } : undefined;
  const startMs = scripted.client.clock.monotonicMs();
  await settle(producer.send({ topic: "orders", value: "second" }));
  assert.ok(scripted.client.clock.monotonicMs() - startMs < 50);
  assert.equal(logs.seen.at(-1)?.broker, 2);
  assert.deepEqual(logs.values("orders"), ["first", "second"]);
});

test("records of a partition without a leader wait for one", async () => {
  const { producer, logs, settle, scripted } = await producing();
  await settle(producer.send({ topic: "orders", value: "first" }));
  const partition = scripted.topics.get("orders")?.partitions[0];
  assert.ok(partition !== undefined);
  partition.leader = -1;
  partition.leaderEpoch = 1;
  logs.fault = () => (partition.leader < 0 ? "NOT_LEADER_OR_FOLLOWER" : undefined);
  const sent = producer.send({ topic: "orders", value: "second" });
  await scripted.advance(3_000);
  partition.leader = 1;
  partition.leaderEpoch = 2;
  await settle(sent);
  assert.deepEqual(logs.values("orders"), ["first", "second"]);
});

test("a topic that was made anew is found by its new id", async () => {
  const { producer, logs, settle, scripted } = await producing();
  await settle(producer.send({ topic: "orders", value: "first" }));
  const { id } = scripted.addTopic("orders");
  logs.forgetProducers();
  logs.fault = ({ topic }) => (topic === "" ? "UNKNOWN_TOPIC_ID" : undefined);
  await settle(producer.send({ topic: "orders", value: "second" }));
  assert.equal(scripted.topics.get("orders")?.id, id);
  assert.deepEqual(logs.values("orders"), ["first", "second"]);
});

test("lingerMs holds records back, flush does not wait for it", async () => {
  const { producer, logs, settle, scripted } = await producing({ lingerMs: 1_000 });
  await settle(producer.flush());
  const first = producer.send({ topic: "orders", value: "a" });
  await scripted.advance(500);
  const second = producer.send({ topic: "orders", value: "b" });
  await settle(Promise.all([first, second]));
  assert.equal(logs.seen.length, 1);
  const third = producer.send({ topic: "orders", value: "c" });
  const startMs = scripted.client.clock.monotonicMs();
  await settle(producer.flush());
  assert.ok(scripted.client.clock.monotonicMs() - startMs < 100);
  await third;
});

test("without acknowledgements records have no offset", async () => {
  const { producer, logs, settle, scripted } = await producing({ acks: 0 });
  const metadata = await settle(producer.send({ topic: "orders", value: "v" }));
  assert.equal(metadata.offset, -1n);
  await scripted.advance(100);
  assert.deepEqual(logs.values("orders"), ["v"]);
  assert.equal(logs.seen[0]?.producerId, -1);
});
