/** Transactions of this client and of Apache Kafka's Java client, read by the other. */
import assert from "node:assert/strict";

import { Client, string } from "@millrace/client";
import { javaCommand, output } from "@millrace/conformance/harness";

import { eachBroker, uniqueName } from "../src/index.ts";
import { committedOffset, makeTopic } from "./support.ts";

const copier = "org.apache.kafka.tools.TransactionalMessageCopier";
const needs = ["AddPartitionsToTxn", "TxnOffsetCommit"] as const;
const timeoutMs = 60_000;

eachBroker(
  "Java copies our committed records in transactions, and we read what it committed",
  { needs, timeoutMs },
  async (broker) => {
    const input = await makeTopic(broker);
    const copy = await makeTopic(broker);
    await using client = new Client({ bootstrap: broker.bootstrap });
    const producer = client.producer({ value: string, transactionalId: uniqueName("t") });
    for (const [round, isKept] of [true, false, true, false, true].entries()) {
      const transaction = await producer.beginTransaction();
      for (let index = 0; index < 20; index += 1) {
        void transaction.enqueue({ topic: input, value: `${round}-${index}` });
      }
      await (isKept ? transaction.commit() : transaction.abort());
    }
    const kept = [0, 2, 4].flatMap((round) =>
      Array.from({ length: 20 }, (_, index) => `${round}-${index}`),
    );
    const group = uniqueName("copier");
    const words = [
      `--broker-list=${broker.bootstrap}`,
      `--input-topic=${input}`,
      "--input-partition=0",
      `--output-topic=${copy}`,
      `--transactional-id=${uniqueName("j")}`,
      `--consumer-group=${group}`,
      "--transaction-size=10",
      `--max-messages=${kept.length}`,
      // Some of its transactions it takes back, and does them again.
      "--enable-random-aborts",
    ];
    await output(javaCommand(copier, words));
    assert.ok((await committedOffset(broker, group, input)) > kept.length);

    const read = async (isolation: "read_committed" | "read_uncommitted"): Promise<string[]> => {
      const consumer = client.consumer({ value: string, isolation, offsetReset: "earliest" });
      const place = { topic: copy, partition: 0 };
      consumer.assign([place]);
      const texts: string[] = [];
      const [end] = await consumer.endOffsets([place]);
      for await (const { records } of consumer.batches({ maxWaitMs: 500 })) {
        texts.push(...records.map(({ value }) => value ?? ""));
        if ((await consumer.position(place)) >= (end?.offset ?? 0n)) break;
      }
      await consumer.close();
      return texts;
    };
    assert.deepEqual(await read("read_committed"), kept);
    assert.ok((await read("read_uncommitted")).length >= kept.length);
  },
);
