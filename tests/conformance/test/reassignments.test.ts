/** Moves of partitions, of which a node that is alone has none, by Kafka's tool and kafkajs. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { Kafka, logLevel } from "kafkajs";

import { startMillrace } from "../src/broker.ts";
import { kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";

const skip = await lacking("java");

test("ReassignPartitionsCommand lists, executes and verifies what changes nothing", {
  skip,
}, async () => {
  await using broker = await startMillrace();
  const folder = mkdtempSync(join(tmpdir(), "millrace-reassign-"));
  const where = ["--bootstrap-server", broker.bootstrap];
  const plan = (replicas: readonly number[]): readonly string[] => {
    const file = join(folder, "plan.json");
    const partitions = [{ topic: "orders", partition: 0, replicas }];
    writeFileSync(file, JSON.stringify({ version: 1, partitions }));
    return ["--reassignment-json-file", file];
  };
  const tool = (...args: readonly string[]): Promise<string> =>
    kafkaTool("org.apache.kafka.tools.reassign.ReassignPartitionsCommand", [...where, ...args]);
  try {
    const create = ["--create", "--topic", "orders", "--partitions", "1"];
    await kafkaTool("org.apache.kafka.tools.TopicCommand", [...where, ...create]);
    assert.match(await tool("--list"), /No partition reassignments found/);
    const done = await tool("--execute", ...plan([1]));
    assert.match(done, /Successfully started partition reassignment for orders-0/);
    assert.match(await tool("--verify", ...plan([1])), /orders-0 is completed/);
    await assert.rejects(tool("--execute", ...plan([7])), /7/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("kafkajs alters and lists reassignments", async () => {
  await using broker = await startMillrace();
  const admin = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await admin.createTopics({ topics: [{ topic: "orders", numPartitions: 1 }] });
    const to = (replicas: number[]) =>
      admin.alterPartitionReassignments({
        topics: [{ topic: "orders", partitionAssignment: [{ partition: 0, replicas }] }],
      });
    await to([1]);
    await assert.rejects(to([7]), /altering partition reassignments/);
    const asked = { topics: [{ topic: "orders", partitions: [0] }] };
    const { topics } = await admin.listPartitionReassignments(asked);
    assert.deepEqual(topics, []);
  } finally {
    await admin.disconnect();
  }
});
