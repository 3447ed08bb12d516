import assert from "node:assert/strict";
import { test } from "node:test";
import type { SimPlatform } from "@millrace/platform/sim";
import { simPlatform } from "@millrace/platform/sim";

import type { EmbeddedMetadata } from "../../src/embedded/embedded-metadata.ts";
import { configsOf } from "../../src/image/configs-image.ts";
import { partitionOf } from "../../src/image/topics-image.ts";
import { readQuorumState } from "../../src/log/quorum-state.ts";
import { topicOf } from "../support/decisions.ts";
import type { Fixture } from "../support/fixtures.ts";
import { copyFixture } from "../support/fixtures.ts";
import { joinBroker, nodeDirectory, openNode } from "../support/node.ts";
import { settled } from "../support/settled.ts";

const fixtures: readonly Fixture[] = ["kafka-4.3.1-static", "kafka-4.3.1-standalone"];

function open(platform: SimPlatform): Promise<EmbeddedMetadata> {
  return settled(platform.clock, openNode(platform));
}

for (const fixture of fixtures) {
  test(`the metadata of ${fixture} is read whole`, async () => {
    const platform = simPlatform({ seed: 1 });
    copyFixture(fixture, platform.fileSystem, nodeDirectory);
    const metadata = await open(platform);
    const image = metadata.image();
    assert.deepEqual([...image.topics.byName.keys()].sort(), ["audit", "orders"]);
    assert.equal(image.topics.byName.get("orders")?.partitions.length, 3);
    const set = (type: "topic" | "broker" | "group" | "client-metrics", name: string) =>
      Object.fromEntries(configsOf(image.configs, { type, name }));
    assert.deepEqual(set("topic", "orders"), {
      "cleanup.policy": "compact",
      "retention.ms": "12345678",
    });
    assert.deepEqual(set("topic", "audit"), { "min.insync.replicas": "2" });
    assert.deepEqual(set("broker", ""), {
      "log.cleaner.threads": "2",
      "min.insync.replicas": "1",
    });
    assert.deepEqual(set("group", "g1"), { "consumer.heartbeat.interval.ms": "6000" });
    assert.deepEqual(set("client-metrics", "sub"), { "interval.ms": "10000" });
    assert.equal(image.nextProducerId, 1_000n);
    assert.equal(image.clientQuotas.size, 3);
    assert.equal(image.acls.size, 1);
    const users = [...image.scramCredentials.values()].map(({ name }) => name).sort();
    assert.deepEqual(users, fixture === "kafka-4.3.1-static" ? ["admin", "bob"] : ["bob"]);
    await settled(platform.clock, metadata.close());
  });

  test(`${fixture} is continued in an epoch of its own and opens again`, async () => {
    const platform = simPlatform({ seed: 1 });
    copyFixture(fixture, platform.fileSystem, nodeDirectory);
    const first = await open(platform);
    assert.equal(first.controllerEpoch, 2);
    await settled(platform.clock, joinBroker(platform, first));
    assert.equal(partitionOf(first.image().topics, "orders", 0)?.leader, 1);
    const topics = [topicOf("ours")];
    const created = first.controller.createTopics({ topics, validateOnly: false });
    const answer = await settled(platform.clock, created);
    assert.equal(answer.kind === "done" && answer.value[0]?.error, "NONE");
    await settled(platform.clock, first.close());
    const second = await open(platform);
    assert.deepEqual([...second.image().topics.byName.keys()].sort(), ["audit", "orders", "ours"]);
    const path = `${nodeDirectory}/__cluster_metadata-0/quorum-state`;
    const state = readQuorumState(platform.fileSystem, path);
    assert.deepEqual(
      [state?.leaderEpoch, state?.version],
      [3, fixture === "kafka-4.3.1-static" ? 0 : 1],
    );
    await settled(platform.clock, second.close());
  });
}

test("a broker that Kafka stopped in order keeps its place; one that it killed loses it", async () => {
  for (const [fixture, previousBrokerEpoch, recovery] of [
    ["kafka-4.3.1-standalone", 13, "recovered"],
    ["kafka-4.3.1-static", -1, "recovering"],
  ] as const) {
    const platform = simPlatform({ seed: 1 });
    copyFixture(fixture, platform.fileSystem, nodeDirectory);
    const metadata = await open(platform);
    await settled(platform.clock, joinBroker(platform, metadata, previousBrokerEpoch));
    const partition = partitionOf(metadata.image().topics, "orders", 0);
    assert.deepEqual([partition?.leader, partition?.isr], [1, [1]]);
    assert.equal(partition?.leaderRecoveryState, recovery, fixture);
    await settled(platform.clock, metadata.close());
  }
});

test("users given to a folder that was never started count as well", async () => {
  const platform = simPlatform({ seed: 1 });
  copyFixture("kafka-4.3.1-static", platform.fileSystem, nodeDirectory);
  platform.fileSystem.removeDirectory(`${nodeDirectory}/__cluster_metadata-0`);
  const opening = openNode(platform, { servedSecurity: [] });
  await assert.rejects(settled(platform.clock, opening), {
    code: "UNSUPPORTED_METADATA",
    message: /SCRAM users \(1\)/,
  });
  const metadata = await open(platform);
  const users = [...metadata.image().scramCredentials.values()].map(({ name }) => name);
  assert.deepEqual(users, ["admin"]);
  await settled(platform.clock, metadata.close());
});
