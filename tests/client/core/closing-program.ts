/**
 * A program that uses a part of the client and closes the client alone; its end is up to Node: it
 * comes when no socket and no timer is left.
 *   closing-program.ts BOOTSTRAP PART TOPIC
 */
import process from "node:process";

import { Client, string } from "@millrace/client";

const [bootstrap = "", part = "", topic = ""] = process.argv.slice(2);
const client = new Client({ bootstrap });
const admin = client.admin();
await admin.createTopics([{ name: topic, numPartitions: 1 }]);
const use = parts()[part];
if (use === undefined) throw new Error(`there is no part ${part}`);
await use();
await client.close();

function parts(): Readonly<Record<string, () => Promise<void>>> {
  return {
    producer: async () => {
      const producer = client.producer({ value: string, lingerMs: 60_000 });
      const wait = producer.enqueue({ topic, value: "left to the end" });
      if (wait !== undefined) await wait;
    },
    transaction: async () => {
      const producer = client.producer({ value: string, transactionalId: topic });
      const transaction = await producer.beginTransaction();
      await transaction.send({ topic, value: "never committed" });
    },
    "classic consumer": () => consume("classic"),
    "KIP-848 consumer": () => consume("consumer"),
    "share consumer": async () => {
      const share = client.shareConsumer({ groupId: topic });
      share.subscribe(topic);
      await share.take({ maxWaitMs: 500 });
    },
    "run of a consumer": async () => {
      const consumer = client.consumer({ groupId: topic, value: string, offsetReset: "earliest" });
      const producer = client.producer({ value: string });
      await producer.send({ topic, value: "in hand" });
      await consumer.subscribe(topic);
      await new Promise<void>((begun, fail) => {
        const running = consumer.run(async () => {
          begun();
          await new Promise((resume) => setTimeout(resume, 200));
          // What a handler at work writes is written: readers are closed before writers.
          await producer.send({ topic, value: "made of it" });
        });
        running.catch(fail);
      });
    },
  };
}

async function consume(groupProtocol: "classic" | "consumer"): Promise<void> {
  const consumer = client.consumer({ groupId: topic, groupProtocol });
  await consumer.subscribe(topic);
  await new Promise<void>((joined) => {
    consumer.on("assigned", () => joined());
  });
}
