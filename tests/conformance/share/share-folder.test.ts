/** Share groups of a folder that changes hands. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { type Broker, startKafka, startMillrace } from "../src/broker.ts";
import { javaCommand, kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { runProgram } from "../src/program.ts";
import { sampleLines } from "../src/records.ts";

const skip = await lacking("java");
const properties = [
  "group.share.min.heartbeat.interval.ms=500",
  "group.share.heartbeat.interval.ms=500",
  "share.coordinator.state.topic.replication.factor=1",
  "share.coordinator.state.topic.min.isr=1",
];
const tools = "org.apache.kafka.tools";

async function produce(broker: Broker, count: number): Promise<void> {
  const input = sampleLines(count)
    .map((line) => `${line}\n`)
    .join("");
  const asked = ["--bootstrap-server", broker.bootstrap, "--topic", "orders"];
  await kafkaTool(`${tools}.ConsoleProducer`, asked, { input });
}

/** Reads what there is with a new member of the group; gives how many it was delivered. */
async function consume(broker: Broker, count: number): Promise<number> {
  const asked = ["--bootstrap-server", broker.bootstrap, "--topic", "orders"];
  const group = ["--group-id", "queue", "--offset-reset-strategy", "earliest"];
  const limit = ["--max-messages", String(count)];
  const words = javaCommand(`${tools}.VerifiableShareConsumer`, [...asked, ...group, ...limit]);
  const { stdout } = await runProgram(words);
  const reports = stdout.toString().matchAll(/"name":"records_consumed","count":(\d+)/g);
  return [...reports].reduce((sum, [, consumed]) => sum + Number(consumed), 0);
}

async function lag(broker: Broker): Promise<string | undefined> {
  const asked = ["--bootstrap-server", broker.bootstrap, "--describe", "--group", "queue"];
  const described = await kafkaTool(`${tools}.consumer.group.ShareGroupCommand`, asked);
  return /^queue +orders +0 +\S+ +(\S+)/m.exec(described)?.[1];
}

test("share groups of a folder go on from Apache Kafka to Millrace and back", {
  skip,
}, async () => {
  await using kafka = await startKafka({ properties });
  const create = ["--create", "--topic", "orders", "--partitions", "1"];
  await kafkaTool(`${tools}.TopicCommand`, ["--bootstrap-server", kafka.bootstrap, ...create]);
  await produce(kafka, 40);
  assert.equal(await consume(kafka, 40), 40);
  await produce(kafka, 10);
  assert.equal(await lag(kafka), "10");
  await kafka.stop();
  await using millrace = await startMillrace({ dataFolder: kafka.dataFolder, properties });
  assert.equal(await lag(millrace), "10");
  assert.equal(await consume(millrace, 10), 10);
  await produce(millrace, 7);
  assert.equal(await lag(millrace), "7");
  await millrace.stop();
  await kafka.start();
  assert.equal(await lag(kafka), "7");
  assert.equal(await consume(kafka, 7), 7);
});
