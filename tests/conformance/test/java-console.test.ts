import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Broker, startBrokerUnderTest } from "../src/broker.ts";
import { codecs } from "../src/clients.ts";
import { kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { sampleLines } from "../src/records.ts";

const lines = sampleLines(200);
const input = lines.map((line) => `${line}\n`).join("");

describe("Apache Kafka's console tools", async () => {
  const skip = await lacking("java");
  let broker: Broker;
  before(async () => {
    broker = await startBrokerUnderTest();
  });
  after(async () => broker[Symbol.asyncDispose]());

  const tool = (mainClass: string, ...args: readonly string[]) =>
    kafkaTool(
      `org.apache.kafka.tools.${mainClass}`,
      ["--bootstrap-server", broker.bootstrap, ...args],
      { input },
    );

  for (const codec of codecs) {
    test(`console producer sends ${codec}, console consumer reads it by partition`, {
      skip,
    }, async () => {
      const topic = `console-${codec}`;
      await tool("TopicCommand", "--create", "--topic", topic, "--partitions", "1");
      await tool("ConsoleProducer", "--topic", topic, "--compression-codec", codec);
      const place = ["--partition", "0", "--offset", "earliest"];
      const count = ["--max-messages", String(lines.length), "--timeout-ms", "20000"];
      const text = await tool("consumer.ConsoleConsumer", "--topic", topic, ...place, ...count);
      assert.equal(text, input);
    });
  }
});
