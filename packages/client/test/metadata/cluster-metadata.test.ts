import assert from "node:assert/strict";
import { test } from "node:test";
import { errorCodes, Metadata, uuidFromBytes } from "@millrace/protocol";
import type { Cluster } from "../../src/cluster.ts";
import { ScriptedCluster, type ScriptedTopic } from "../support/scripted-cluster.ts";

async function open(
  partitions = 1,
): Promise<{ world: ScriptedCluster; cluster: Cluster; topic: ScriptedTopic }> {
  const world = await new ScriptedCluster({ brokers: 2 }).start();
  const topic = world.addTopic("orders", partitions);
  const cluster = world.connect();
  await world.settle(cluster.metadata.load(["orders"]));
  return { world, cluster, topic };
}

const leaderOf = (cluster: Cluster): readonly (number | undefined)[] => {
  const partition = cluster.metadata.topic("orders")?.partitions[0];
  return [partition?.leader, partition?.leaderEpoch];
};

test("a leader epoch never goes backwards, unless the topic is another one of that name", async () => {
  const { world, cluster, topic } = await open();
  topic.partitions[0] = { leader: 2, leaderEpoch: 7 };
  await world.settle(cluster.metadata.refreshSoon("test"));
  assert.deepEqual(leaderOf(cluster), [2, 7]);
  topic.partitions[0] = { leader: 1, leaderEpoch: 6 };
  await world.settle(cluster.metadata.refreshSoon("test"));
  assert.deepEqual(leaderOf(cluster), [2, 7]);
  topic.id = uuidFromBytes(Buffer.alloc(16, 9));
  topic.partitions[0] = { leader: 1, leaderEpoch: 0 };
  await world.settle(cluster.metadata.refreshSoon("test"));
  assert.deepEqual(leaderOf(cluster), [1, 0]);
  await cluster.close();
});

test("a leader that an answer names is taken over when it is newer (KIP-951)", async () => {
  const { cluster } = await open();
  const changes: string[] = [];
  cluster.metadata.onChange(({ topics }) => changes.push(...topics));
  const learned = { topic: "orders", partition: 0, leader: 2, leaderEpoch: 3 };
  assert.equal(cluster.metadata.learnLeader(learned), true);
  assert.equal(cluster.metadata.learnLeader({ ...learned, leader: 1 }), false);
  assert.deepEqual(leaderOf(cluster), [2, 3]);
  assert.deepEqual(changes, ["orders"]);
  await cluster.close();
});

test("a topic that is unknown is asked for until it is there", async () => {
  const { world, cluster } = await open();
  const loading = cluster.metadata.load(["late"]);
  await world.advance(3000);
  world.addTopic("late", 2);
  const topic = (await world.settle(loading)).get("late");
  assert.ok(topic !== undefined && "partitions" in topic && topic.partitions.length === 2);
  const asked = world.brokers.flatMap((broker) => broker.requestsOf(Metadata)).length;
  assert.ok(asked < 12, `${asked} questions in three seconds`);
  await cluster.close();
});

test("a topic that never comes is an error of its own; others of the call are given", async () => {
  const { world, cluster } = await open();
  const loaded = await world.settle(cluster.metadata.load(["orders", "nope"], { timeoutMs: 900 }));
  const orders = loaded.get("orders");
  assert.ok(orders !== undefined && "partitions" in orders);
  const nope = loaded.get("nope");
  assert.ok(nope instanceof Error && nope.code === "UNKNOWN_TOPIC_OR_PARTITION");
  await cluster.close();
});

test("a topic that may not be seen is refused at once", async () => {
  const { world, cluster } = await open();
  world.onAll(Metadata, () => ({
    brokers: [],
    clusterId: null,
    controllerId: 1,
    topics: [
      {
        errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED,
        name: "secret",
        topicId: uuidFromBytes(Buffer.alloc(16)),
        partitions: [],
      },
    ],
  }));
  const loaded = await world.settle(cluster.metadata.load(["secret"]), 1000);
  const secret = loaded.get("secret");
  assert.ok(secret instanceof Error && secret.code === "TOPIC_AUTHORIZATION_FAILED");
  await cluster.close();
});

test("questions of one moment are one; refreshes keep their distance", async () => {
  const { world, cluster } = await open();
  const count = (): number => world.brokers.flatMap((one) => one.requestsOf(Metadata)).length;
  const before = count();
  const names = ["a", "b", "c"];
  for (const name of names) world.addTopic(name);
  await world.settle(Promise.all(names.map((name) => cluster.metadata.load([name]))));
  assert.equal(count(), before + 1);
  for (let index = 0; index < 100; index += 1) void cluster.metadata.refreshSoon("a burst");
  await world.advance(60);
  assert.equal(count(), before + 1);
  await world.advance(1000);
  assert.equal(count(), before + 2);
  await cluster.close();
});

test("metadata is asked for again when it is old, and kept topics with it", async () => {
  const { world, cluster, topic } = await open();
  const release = cluster.metadata.keep(["orders"]);
  topic.partitions[0] = { leader: 2, leaderEpoch: 1 };
  await world.advance(301_000);
  assert.deepEqual(leaderOf(cluster), [2, 1]);
  release();
  await cluster.close();
});

test("REBOOTSTRAP_REQUIRED makes the client begin again (KIP-1102)", async () => {
  const { world, cluster } = await open();
  let isAsked = false;
  for (const { id } of world.brokers) {
    world.broker(id).on(Metadata, () => {
      isAsked = true;
      const errorCode = errorCodes.REBOOTSTRAP_REQUIRED;
      return { brokers: [], clusterId: null, controllerId: -1, topics: [], errorCode };
    });
  }
  await world.settle(cluster.metadata.refreshSoon("test"));
  assert.ok(isAsked);
  await assert.rejects(world.settle(cluster.connect(1)), { code: "BROKER_NOT_AVAILABLE" });
  await cluster.close();
});
