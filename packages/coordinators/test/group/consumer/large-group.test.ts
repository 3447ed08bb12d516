import assert from "node:assert/strict";
import { test } from "node:test";

import type { ConsumerHeartbeatReply } from "../../../src/group/index.ts";
import { World } from "../../transcript/world.ts";

/** More than the first member's share of everything, less than the target of all. */
const batchSizeBytesMax = 90_000;
const partitionCount = 10_000;

/** A client as it should be: it reads what it was told last, and says so when that has changed. */
class Client {
  readonly memberId: string;
  epoch = 0;
  owned: NonNullable<ConsumerHeartbeatReply["assignment"]> = [];

  constructor(index: number) {
    this.memberId = `member-${index}-${"x".repeat(24)}`;
  }

  ownedCount(): number {
    return this.owned.reduce((sum, { partitions }) => sum + partitions.length, 0);
  }

  async beat(world: World): Promise<void> {
    let mustReport = this.epoch === 0;
    do {
      const isFirst = this.epoch === 0;
      const reply = await world.shard.submit({
        kind: "consumer-heartbeat",
        groupId: "g",
        memberId: this.memberId,
        bringsMemberId: true,
        memberEpoch: this.epoch,
        instanceId: null,
        rackId: null,
        rebalanceTimeoutMs: isFirst ? 300_000 : -1,
        subscribedTopicNames: isFirst ? ["t"] : null,
        subscribedTopicRegex: null,
        serverAssignor: null,
        topicPartitions: mustReport ? this.owned : null,
        clientId: "client",
        clientHost: "/host",
      });
      assert.ok(reply.kind === "consumer-heartbeat");
      assert.equal(reply.error, "NONE");
      this.epoch = reply.memberEpoch;
      mustReport = reply.assignment !== null;
      if (reply.assignment !== null) this.owned = reply.assignment;
    } while (mustReport);
  }
}

/** Heartbeats of all until all are in one epoch and share equally. */
async function settle(world: World, clients: readonly Client[]): Promise<void> {
  for (let round = 0; round < 10; round++) {
    await world.clock.advance(5_000);
    for (const client of clients) await client.beat(world);
    const epochs = new Set(clients.map(({ epoch }) => epoch));
    const counts = new Set(clients.map((client) => client.ownedCount()));
    if (epochs.size === 1 && counts.size === 1) return;
  }
  assert.fail("the group does not settle");
}

test("a target that no batch can hold is written in several, and the group settles", async () => {
  const world = new World();
  world.config = { ...world.config, consumerGroupSizeMax: 1e9, assignmentIntervalMs: 1_000 };
  world.setTopic("t", partitionCount);
  world.log.batchSizeBytesMax = batchSizeBytesMax;
  await world.load();
  const clients = Array.from({ length: 1_000 }, (_, index) => new Client(index));
  for (const client of clients) await client.beat(world);
  await settle(world, clients);
  assert.deepEqual(new Set(clients.map((client) => client.ownedCount())), new Set([10]));
  assert.ok(world.log.batches.every((batch) => batch.length <= batchSizeBytesMax));
  const before = world.persistent();
  await world.load();
  assert.equal(world.persistent(), before);
});

test("a disk that is full between two batches of a target leaves a group that goes on", async () => {
  const world = new World();
  world.config = { ...world.config, consumerGroupSizeMax: 1e9, assignmentIntervalMs: 1_000 };
  world.setTopic("t", partitionCount);
  await world.load();
  const clients = Array.from({ length: 200 }, (_, index) => new Client(index));
  for (const client of clients) await client.beat(world);
  world.log.batchSizeBytesMax = 20_000;
  world.log.refusal = "KAFKA_STORAGE_ERROR";
  world.log.appendsBeforeRefusal = 1;
  await world.clock.advance(5_000);
  await assert.rejects(clients[1]?.beat(world) ?? Promise.resolve());
  world.log.refusal = undefined;
  world.log.batchSizeBytesMax = batchSizeBytesMax;
  // The half of the target that is there is what a new coordinator would find too.
  const before = world.persistent();
  await world.load();
  assert.equal(world.persistent(), before);
  await settle(world, clients);
  assert.equal(
    clients.reduce((sum, client) => sum + client.ownedCount(), 0),
    partitionCount,
  );
});
