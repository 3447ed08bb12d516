import assert from "node:assert/strict";
import { test } from "node:test";
import type { SimPlatform } from "@millrace/platform/sim";
import { simPlatform } from "@millrace/platform/sim";

import type { EmbeddedMetadata } from "../../src/embedded/embedded-metadata.ts";
import type { ClusterImage } from "../../src/image/cluster-image.ts";
import { configsOf } from "../../src/image/configs-image.ts";
import { partitionOf } from "../../src/image/topics-image.ts";
import { topicOf } from "../support/decisions.ts";
import { beat, joinBroker, nodeDirectory, openNode } from "../support/node.ts";
import { settled } from "../support/settled.ts";

function openOn(platform: SimPlatform): Promise<EmbeddedMetadata> {
  return settled(platform.clock, openNode(platform));
}

function stateOf(image: ClusterImage) {
  const topics = [...image.topics.byName.values()].map(({ name, id, partitions }) => [
    name,
    id,
    partitions.length,
  ]);
  return { topics, configs: image.configs, nextProducerId: image.nextProducerId };
}

function create(metadata: EmbeddedMetadata, ...names: readonly string[]) {
  const configs = [{ name: "retention.ms", value: "7" }];
  const topics = names.map((name) => topicOf(name, { numPartitions: 2, configs }));
  return metadata.controller.createTopics({ topics, validateOnly: false });
}

test("a fresh folder begins with the default features, and controls", async () => {
  const platform = simPlatform({ seed: 1 });
  const metadata = await openOn(platform);
  const { features, controllers, configs } = metadata.image();
  assert.equal(features.metadataVersion, 30);
  assert.equal(features.levels.size, 5);
  assert.deepEqual([...controllers.keys()], [1]);
  const cluster = configsOf(configs, { type: "broker", name: "" });
  assert.equal(cluster.get("min.insync.replicas"), "1");
  assert.equal(metadata.controllerEpoch, 1);
  await settled(platform.clock, metadata.close());
});

test("everything survives an orderly stop, and every start has an epoch of its own", async () => {
  const platform = simPlatform({ seed: 1 });
  const first = await openOn(platform);
  const epoch = await settled(platform.clock, joinBroker(platform, first));
  await settled(platform.clock, create(first, "a", "b.c"));
  await settled(platform.clock, beat(first, epoch, true));
  const stop = await settled(platform.clock, beat(first, epoch, true));
  assert.equal(stop.shouldShutDown, true);
  const before = stateOf(first.image());
  await settled(platform.clock, first.close());

  const second = await openOn(platform);
  assert.deepEqual(stateOf(second.image()), before);
  assert.equal(second.controllerEpoch, 2);
  await settled(platform.clock, joinBroker(platform, second, epoch));
  const partition = partitionOf(second.image().topics, "a", 0);
  assert.deepEqual([partition?.leader, partition?.isr, partition?.leaderEpoch], [1, [1], 2]);
  assert.equal(partition?.leaderRecoveryState, "recovered");
  await settled(platform.clock, second.close());
});

test("a listener that joins late learns everything, then each step", async () => {
  const platform = simPlatform({ seed: 1 });
  const metadata = await openOn(platform);
  await settled(platform.clock, joinBroker(platform, metadata));
  await settled(platform.clock, create(metadata, "early"));
  const seen: string[] = [];
  metadata.subscribe({
    onMetadata: ({ delta, image }) => {
      seen.push(...delta.topics.created.map(({ name }) => name));
      assert.equal(image, metadata.image());
    },
  });
  await settled(platform.clock, create(metadata, "late"));
  assert.deepEqual(seen, ["early", "late"]);
  assert.ok(metadata.logEndOffset() > metadata.image().provenance.lastContainedOffset);
  await settled(platform.clock, metadata.close());
});

test("snapshots are written as the log grows, and the folder opens from them", async () => {
  const platform = simPlatform({ seed: 1 });
  const limits = { maxRecordBytesBetweenSnapshots: 2_000 };
  const first = await settled(platform.clock, openNode(platform, { limits }));
  await settled(platform.clock, joinBroker(platform, first));
  for (let number = 0; number < 30; number += 1) {
    await settled(platform.clock, create(first, `topic-${number}`));
  }
  const before = stateOf(first.image());
  await settled(platform.clock, first.close());
  const names = platform.fileSystem
    .readDirectory(`${nodeDirectory}/__cluster_metadata-0`)
    .map(({ name }) => name);
  assert.equal(names.filter((name) => name.endsWith(".checkpoint")).length, 2);
  const second = await openOn(platform);
  assert.deepEqual(stateOf(second.image()), before);
  await settled(platform.clock, second.close());
});

test("an unformatted folder and another node's are refused and left as they are", async () => {
  const bare = simPlatform({ seed: 1 });
  const unformatted = openNode(bare, { logDirectory: "/elsewhere" });
  await assert.rejects(settled(bare.clock, unformatted), { code: "METADATA_FILE_ERROR" });

  const platform = simPlatform({ seed: 1 });
  const metadata = await openOn(platform);
  await settled(platform.clock, metadata.close());
  const changes = platform.fileSystem.disk.changeCount();
  const foreign = openNode(platform, { nodeId: 2 });
  await assert.rejects(settled(platform.clock, foreign), { code: "UNSUPPORTED_METADATA" });
  const log = `${nodeDirectory}/__cluster_metadata-0/quorum-state`;
  assert.match(platform.fileSystem.readFile(log).toString(), /"leaderEpoch":1/);
  assert.ok(platform.fileSystem.disk.changeCount() - changes <= 3);
});

test("a failed sync is fatal: nothing is acknowledged, nothing is decided any more", async () => {
  const platform = simPlatform({ seed: 1 });
  const fatal: string[] = [];
  const onFatal = (message: string) => void fatal.push(message);
  const metadata = await settled(platform.clock, openNode(platform, { onFatal }));
  await settled(platform.clock, joinBroker(platform, metadata));
  const { faults } = platform.fileSystem.disk;
  faults.add({ operations: ["sync"], systemCode: "EIO" });
  const answer = await settled(platform.clock, create(metadata, "lost"));
  assert.equal(answer.kind === "refused" && answer.error, "NOT_CONTROLLER");
  assert.equal(metadata.image().topics.byName.has("lost"), false);
  assert.equal(fatal.length, 1);
});

test("a power loss at any write loses nothing acknowledged, no change is half done", async () => {
  let crashes = 0;
  for (let change = 1; ; change += 1) {
    const platform = simPlatform({ seed: change });
    const acknowledged = await runUntilCrash(platform, change);
    if (!platform.fileSystem.disk.hasCrashed()) break;
    crashes += 1;
    platform.restart(change % 3 === 0 ? "kill" : "powerLoss");
    const metadata = await openOn(platform);
    const { byName } = metadata.image().topics;
    for (const name of acknowledged) assert.ok(byName.has(name), `${name} after ${change}`);
    for (const topic of byName.values()) {
      assert.equal(topic.partitions.length, 2);
      const resource = { type: "topic", name: topic.name } as const;
      assert.equal(configsOf(metadata.image().configs, resource).get("retention.ms"), "7");
    }
    await settled(platform.clock, metadata.close());
  }
  assert.ok(crashes > 60, `${crashes} crashes`);
});

/** Creates topics until the machine stops; gives the names of those acknowledged. */
async function runUntilCrash(platform: SimPlatform, change: number): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  const limits = { maxRecordBytesBetweenSnapshots: 1_500 };
  platform.fileSystem.disk.crashAtChange(change);
  try {
    const onFatal = () => {};
    const metadata = await settled(platform.clock, openNode(platform, { limits, onFatal }));
    await settled(platform.clock, joinBroker(platform, metadata));
    for (let number = 0; number < 12; number += 1) {
      const names = [`topic-${number}-a`, `topic-${number}-b`];
      const answer = await settled(platform.clock, create(metadata, ...names));
      if (answer.kind === "done") acknowledged.push(...names);
    }
    await settled(platform.clock, metadata.close());
  } catch (error) {
    if (!platform.fileSystem.disk.hasCrashed()) throw error;
  }
  return acknowledged;
}
