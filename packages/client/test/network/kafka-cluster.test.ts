import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiVersions, ListGroups, Metadata } from "@millrace/protocol";
import { ScriptedCluster } from "../support/scripted-cluster.ts";

const noGroups = { errorCode: 0, groups: [] };

test("topics are loaded, with the leaders that Metadata names", async () => {
  const world = await new ScriptedCluster({ brokers: 2 }).start();
  world.addTopic("orders", 3);
  const cluster = world.connect();
  const topics = await world.settle(cluster.metadata.load(["orders"]));
  const topic = topics.get("orders");
  assert.ok(topic !== undefined && "partitions" in topic);
  assert.deepEqual(
    topic.partitions.map(({ leader }) => leader),
    [1, 2, 1],
  );
  assert.equal(cluster.metadata.topicById(topic.id)?.name, "orders");
  await cluster.close();
});

test("a request without an answer times out and closes its connection; others on it fail", async () => {
  const world = await new ScriptedCluster().start();
  world.broker(1).on(ListGroups, () => new Promise(() => undefined));
  const cluster = world.connect();
  await world.settle(cluster.metadata.load([]).then(() => cluster.metadata.loadAll()));
  const slow = cluster.send(1, ListGroups, {}, { timeoutMs: 1000 });
  const other = cluster.send(1, ListGroups, {}, { timeoutMs: 5000 });
  await assert.rejects(world.settle(slow), { code: "REQUEST_TIMED_OUT", retriable: true });
  await assert.rejects(world.settle(other, 1), { code: "NETWORK_EXCEPTION", retriable: true });
  assert.equal(world.broker(1).connections.size <= 1, true);
  await cluster.close();
});

test("lanes have connections of their own: one that waits does not hold up another", async () => {
  const world = await new ScriptedCluster().start();
  let answer: (() => void) | undefined;
  world.broker(1).on(ListGroups, ({ statesFilter }) => {
    if (statesFilter.length === 0) return noGroups;
    return new Promise((resolve) => {
      answer = () => resolve(noGroups);
    });
  });
  const cluster = world.connect();
  await world.settle(cluster.metadata.loadAll());
  const long = cluster.send(1, ListGroups, { statesFilter: ["Stable"] }, { lane: "fetch" });
  await world.settle(cluster.send(1, ListGroups, {}));
  await world.advance(10);
  answer?.();
  await world.settle(long);
  await cluster.close();
});

test("a broker that refuses our ApiVersions is asked in the version that it told", async () => {
  const world = await new ScriptedCluster().start();
  world.broker(1).versions.set(ApiVersions.key, { first: 0, last: 2 });
  const cluster = world.connect();
  await world.settle(cluster.metadata.loadAll());
  const asked = world.broker(1).seen.filter(({ api }) => api === "ApiVersions");
  assert.deepEqual(
    asked.map(({ version }) => version),
    [4, 2],
  );
  await cluster.close();
});

test("a version that the broker does not offer is refused, with both ranges", async () => {
  const world = await new ScriptedCluster().start();
  world.broker(1).versions.set(Metadata.key, { first: 0, last: 5 });
  const cluster = world.connect();
  const asked = cluster.sendToAny(Metadata, { topics: null }, { minVersion: 9 });
  await assert.rejects(world.settle(asked), {
    code: "UNSUPPORTED_VERSION",
    message: /Metadata is wanted in versions 9 to 13, the broker offers 0 to 5/,
  });
  await cluster.close();
});

test("a coordinator is found once, and again when it was forgotten", async () => {
  const world = await new ScriptedCluster({ brokers: 2 }).start();
  world.coordinatorOf = () => 2;
  const cluster = world.connect();
  assert.equal(await world.settle(cluster.coordinator("group", "readers")), 2);
  world.coordinatorOf = () => 1;
  assert.equal(await world.settle(cluster.coordinator("group", "readers")), 2);
  cluster.forgetCoordinator("group", "readers");
  assert.equal(await world.settle(cluster.coordinator("group", "readers")), 1);
  assert.equal(await world.settle(cluster.coordinator("transaction", "readers")), 1);
  await cluster.close();
});

test("closing ends a connection that is just being made: nothing is left open", async () => {
  const world = await new ScriptedCluster().start();
  const broker = world.broker(1);
  broker.isFrozen = true;
  const cluster = world.connect();
  const asked = cluster.metadata.loadAll();
  await world.simulation.heap.runUntil(() => broker.connections.size === 1, 1000);
  await assert.rejects(world.settle(Promise.all([asked, cluster.close()])), {
    code: "CLIENT_CLOSED",
  });
  await world.simulation.heap.runUntil(() => broker.connections.size === 0, 100);
  assert.equal(broker.connections.size, 0);
});

test("closing has readers closed, then writers, and tells none twice", async () => {
  const world = await new ScriptedCluster().start();
  const cluster = world.connect();
  const closed: string[] = [];
  const note = (name: string) => async (): Promise<void> => {
    await Promise.resolve();
    closed.push(`${name}, ${cluster.closed.aborted ? "too late" : "in time"}`);
  };
  cluster.beforeClose("writer", note("writer"));
  cluster.beforeClose("reader", note("reader"));
  cluster.beforeClose("reader", () => Promise.reject(new Error("cannot be closed")));
  const takeBack = cluster.beforeClose("reader", note("gone before"));
  takeBack();
  await world.settle(Promise.all([cluster.close(), cluster.close()]));
  assert.deepEqual(closed, ["reader, in time", "writer, in time"]);
});
