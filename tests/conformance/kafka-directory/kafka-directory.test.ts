/**
 * One data folder, two brokers: what a single combined node of Apache Kafka 4.3.1 wrote is served
 * by Millrace, Kafka's dump tool reads all that Millrace wrote, and Kafka goes on with the folder.
 *
 * Once with the voters in the configuration and Kafka killed, once with the voters in the log
 * (KIP-853) and Kafka stopped in order.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Broker, startKafka, startMillrace } from "../src/broker.ts";
import { freePort } from "../src/free-port.ts";
import { kafkaTool } from "../src/java.ts";
import { kcatValues } from "../src/kcat.ts";
import { lacking } from "../src/needs.ts";
import { output } from "../src/program.ts";

const TOPIC_COMMAND = "org.apache.kafka.tools.TopicCommand";
const CONFIG_COMMAND = "kafka.admin.ConfigCommand";
const DUMP = "org.apache.kafka.tools.DumpLogSegments";
const CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qg";
const orders = Array.from({ length: 200 }, (_, number) => `order-${number}`);
const ours = Array.from({ length: 50 }, (_, number) => `ours-${number}`);

/** Snapshots early, so that both brokers write and read some. */
const common = ["metadata.log.max.record.bytes.between.snapshots=2000"];

const skip = await lacking("java", "kcat");

describe("a folder that goes from Apache Kafka to Millrace and back", { skip }, () => {
  test("voters in the configuration, Kafka killed", async () => {
    await using folder = newFolder();
    await goThere(folder.path, await format(folder.path, "static"), "kill");
  });

  test("voters in the log, Kafka stopped in order", async () => {
    await using folder = newFolder();
    await goThere(folder.path, await format(folder.path, "standalone"), "stop");
  });
});

async function goThere(
  dataFolder: string,
  properties: readonly string[],
  end: "kill" | "stop",
): Promise<void> {
  await using kafka = await startKafka({ dataFolder, properties });
  await createTopic(kafka, "orders", 3, "cleanup.policy=compact", "retention.ms=12345678");
  await createTopic(kafka, "doomed", 2);
  await onTopics(kafka, "--delete", "--topic", "doomed");
  await produce(kafka, "orders", orders);
  await kafka[end]();

  await using millrace = await startMillrace({ dataFolder, properties: common });
  assert.deepEqual(await everyValue(millrace, "orders", 3), [...orders].sort());
  const described = await onTopics(millrace, "--describe");
  assert.match(described, /Topic: orders\t.*PartitionCount: 3\t.*cleanup\.policy=compact/);
  assert.match(described, /retention\.ms=12345678/);
  assert.doesNotMatch(described, /doomed/);
  await createTopic(millrace, "ours", 2, "max.message.bytes=54321");
  await onTopics(millrace, "--alter", "--topic", "ours", "--partitions", "4");
  await alterTopic(millrace, "orders", "retention.ms=7654321");
  await produce(millrace, "ours", ours);
  assert.equal(await millrace.stop(), 0);
  await assertDumped(dataFolder);

  await using again = await startKafka({ dataFolder, properties });
  assert.deepEqual(await everyValue(again, "orders", 3), [...orders].sort());
  assert.deepEqual(await everyValue(again, "ours", 4), [...ours].sort());
  const seen = await onTopics(again, "--describe");
  assert.match(seen, /Topic: orders\t.*retention\.ms=7654321/);
  assert.match(seen, /Topic: ours\t.*PartitionCount: 4\t.*max\.message\.bytes=54321/);
  await produce(again, "ours", ["last"]);
  await again.stop();

  await using last = await startMillrace({ dataFolder, properties: common });
  assert.deepEqual(await everyValue(last, "ours", 4), [...ours, "last"].sort());
}

/** Formats with Kafka's own tool; gives what its broker needs besides the usual properties. */
async function format(dataFolder: string, voters: "static" | "standalone") {
  const [port, controllerPort] = [await freePort(), await freePort()];
  const quorum =
    voters === "static"
      ? []
      : [
          "controller.quorum.voters=",
          `controller.quorum.bootstrap.servers=127.0.0.1:${controllerPort}`,
        ];
  const file = `${dataFolder}.properties`;
  const lines = [
    "process.roles=broker,controller",
    "node.id=1",
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "controller.listener.names=CONTROLLER",
    `log.dirs=${dataFolder}`,
    ...quorum,
  ];
  writeFileSync(file, lines.join("\n"));
  const how = voters === "static" ? [] : ["--standalone"];
  await kafkaTool("kafka.tools.StorageTool", ["format", ...how, "-t", CLUSTER_ID, "-c", file]);
  rmSync(file);
  return [...common, ...quorum];
}

/** Kafka's dump tool must read every file of the folder, deeply, without a complaint. */
async function assertDumped(dataFolder: string): Promise<void> {
  const metadata: string[] = [];
  const others: string[] = [];
  for (const entry of readdirSync(dataFolder, { recursive: true, withFileTypes: true })) {
    if (!/\.(log|index|timeindex|txnindex|checkpoint)$/.test(entry.name)) continue;
    if (entry.parentPath.endsWith("-delete")) continue;
    const path = join(entry.parentPath, entry.name);
    (path.includes("__cluster_metadata-0") ? metadata : others).push(path);
  }
  const snapshots = metadata.filter((path) => path.endsWith(".checkpoint"));
  assert.ok(snapshots.length >= 1, "a snapshot was written");
  const dump = async (files: readonly string[], ...how: readonly string[]) => {
    const text = await kafkaTool(DUMP, ["--deep-iteration", ...how, "--files", files.join(",")]);
    assert.doesNotMatch(text, /isvalid: false|mismatch|Exception|Could not|Skipping/i);
    return text;
  };
  const records = await dump(metadata, "--cluster-metadata-decoder");
  assert.match(records, /"type":"TOPIC_RECORD","version":0,"data":\{"name":"ours"/);
  assert.match(records, /LeaderChange/);
  const segments = others.filter((path) => !path.endsWith("bootstrap.checkpoint"));
  assert.match(await dump(segments, "--print-data-log"), /payload: ours-0/);
  const state = readFileSync(join(dataFolder, "__cluster_metadata-0/quorum-state"), "utf8");
  assert.match(state, /"leaderEpoch":2,/);
}

function createTopic(
  broker: Broker,
  name: string,
  partitions: number,
  ...configs: readonly string[]
): Promise<string> {
  const words = configs.flatMap((config) => ["--config", config]);
  const count = String(partitions);
  return onTopics(broker, "--create", "--topic", name, "--partitions", count, ...words);
}

function alterTopic(broker: Broker, name: string, config: string): Promise<string> {
  const entity = ["--entity-type", "topics", "--entity-name", name];
  const words = ["--bootstrap-server", broker.bootstrap, "--alter", ...entity];
  return kafkaTool(CONFIG_COMMAND, [...words, "--add-config", config]);
}

function onTopics(broker: Broker, ...words: readonly string[]): Promise<string> {
  return kafkaTool(TOPIC_COMMAND, ["--bootstrap-server", broker.bootstrap, ...words]);
}

/** A record for each value, with the value as its key too. */
async function produce(broker: Broker, topic: string, values: readonly string[]): Promise<void> {
  const input = values.map((value) => `${value}:${value}\n`).join("");
  const words = ["kcat", "-b", broker.bootstrap, "-t", topic, "-P", "-K:"];
  await output([...words, "-X", "acks=all"], { input });
}

async function everyValue(broker: Broker, topic: string, partitions: number) {
  const indexes = Array.from({ length: partitions }, (_, index) => index);
  const values = await Promise.all(
    indexes.map((index) => kcatValues(broker.bootstrap, topic, index)),
  );
  return values.flat().sort();
}

function newFolder(): AsyncDisposable & { readonly path: string } {
  const parent = mkdtempSync(join(tmpdir(), "millrace-kafka-directory-"));
  return {
    path: join(parent, "data"),
    [Symbol.asyncDispose]: async () => rmSync(parent, { recursive: true, force: true }),
  };
}
