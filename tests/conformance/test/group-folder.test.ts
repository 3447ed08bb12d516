import assert from "node:assert/strict";
import { test } from "node:test";
import { type Broker, startKafka, startMillrace } from "../src/broker.ts";
import { kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { sampleLines } from "../src/records.ts";

const skip = await lacking("java");
const input = sampleLines(100)
  .map((line) => `${line}\n`)
  .join("");

async function tool(broker: Broker, name: string, ...args: readonly string[]): Promise<string> {
  const where = ["--bootstrap-server", broker.bootstrap];
  return kafkaTool(`org.apache.kafka.tools.${name}`, [...where, ...args], { input });
}

async function read(broker: Broker, protocol: string, count: number): Promise<void> {
  const group = ["--group", protocol, "--command-property", `group.protocol=${protocol}`];
  const limit = ["--from-beginning", "--max-messages", String(count), "--timeout-ms", "30000"];
  await tool(broker, "consumer.ConsoleConsumer", "--topic", "orders", ...group, ...limit);
}

async function describe(broker: Broker): Promise<readonly string[]> {
  const command = "consumer.group.ConsumerGroupCommand";
  const offsets = await tool(broker, command, "--describe", "--all-groups");
  const list = await tool(broker, command, "--list", "--type", "--state");
  const rows = `${offsets}\n${list}`.split("\n").map((row) => row.trim().replaceAll(/ +/g, " "));
  return rows.filter((row) => /^(classic|consumer) /.test(row)).sort();
}

test("groups of a folder go on from Apache Kafka to Millrace and back", { skip }, async () => {
  await using kafka = await startKafka();
  await tool(kafka, "TopicCommand", "--create", "--topic", "orders", "--partitions", "1");
  await tool(kafka, "ConsoleProducer", "--topic", "orders");
  for (const protocol of ["classic", "consumer"]) await read(kafka, protocol, 40);
  const expected = await describe(kafka);
  assert.equal(expected.length, 4);
  await kafka.stop();
  await using millrace = await startMillrace({ dataFolder: kafka.dataFolder });
  assert.deepEqual(await describe(millrace), expected);
  for (const protocol of ["classic", "consumer"]) await read(millrace, protocol, 60);
  const read100 = expected.map((row) => row.replace("orders 0 40 100 60", "orders 0 100 100 0"));
  assert.deepEqual(await describe(millrace), read100);
  await millrace.stop();
  await kafka.start();
  assert.deepEqual(await describe(kafka), read100);
});
