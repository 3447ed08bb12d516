/** Transactions of the producer, as readers of committed records see them. */
import assert from "node:assert/strict";

import { Client, KafkaError } from "@millrace/client";

import { eachBroker, uniqueName } from "../src/index.ts";
import { committedOffset, cuttableClient, kcatRead, makeTopic, utf8 } from "./support.ts";

const needs = ["InitProducerId", "EndTxn", "TxnOffsetCommit", "AddPartitionsToTxn"] as const;
const nobody = { generationId: -1, memberId: "", groupInstanceId: undefined };

eachBroker("committed records are read, aborted ones are not", { needs }, async (broker) => {
  const topic = await makeTopic(broker);
  await using client = new Client({ bootstrap: broker.bootstrap });
  await using producer = client.producer({ value: utf8, transactionalId: uniqueName("t") });
  for (let round = 0; round < 6; round += 1) {
    const work = producer.transaction(async (transaction) => {
      for (let index = 0; index < 10; index += 1) {
        void transaction.enqueue({ topic, value: `${round}` });
      }
      await transaction.flush();
      if (round % 2 === 1) throw new Error("taken back");
    });
    if (round % 2 === 1) await assert.rejects(work, /taken back/);
    else await work;
  }
  const read = await kcatRead(broker, topic);
  assert.deepEqual(
    read,
    ["0", "2", "4"].flatMap((round) => Array.from({ length: 10 }, () => round)),
  );
  const all = await kcatRead(broker, topic, { isolation: "read_uncommitted" });
  assert.equal(all.length, 60);
});

eachBroker(
  "a group's offsets are committed with the records, or not at all",
  { needs },
  async (broker) => {
    const topic = await makeTopic(broker);
    const groupId = uniqueName("g");
    await using client = new Client({ bootstrap: broker.bootstrap });
    await using producer = client.producer({ value: utf8, transactionalId: uniqueName("t") });
    await producer.transaction(async (transaction) => {
      await transaction.send({ topic, value: "copied" });
      await transaction.sendOffsets({ groupId, ...nobody }, [{ topic, partition: 0, offset: 3n }]);
    });
    assert.equal(await committedOffset(broker, groupId, topic), 3);
    const failed = producer.transaction(async (transaction) => {
      await transaction.sendOffsets({ groupId, ...nobody }, [{ topic, partition: 0, offset: 9n }]);
      throw new Error("taken back");
    });
    await assert.rejects(failed, /taken back/);
    assert.equal(await committedOffset(broker, groupId, topic), 3);
  },
);

eachBroker(
  "offsets of a member that the group does not have abort the transaction alone",
  { needs },
  async (broker) => {
    const topic = await makeTopic(broker);
    const group = {
      groupId: uniqueName("g"),
      generationId: 4,
      memberId: "x",
      groupInstanceId: undefined,
    };
    await using client = new Client({ bootstrap: broker.bootstrap });
    await using producer = client.producer({ value: utf8, transactionalId: uniqueName("t") });
    const failed = producer.transaction(async (transaction) => {
      await transaction.send({ topic, value: "lost" });
      await transaction.sendOffsets(group, [{ topic, partition: 0, offset: 1n }]);
    });
    await assert.rejects(failed, (error: unknown) => {
      assert.ok(error instanceof KafkaError);
      assert.deepEqual([error.abortable, error.fatal], [true, false]);
      return true;
    });
    await producer.transaction((transaction) => transaction.send({ topic, value: "kept" }));
    assert.deepEqual(await kcatRead(broker, topic), ["kept"]);
  },
);

eachBroker(
  "a producer that takes over fences the one before it, and takes its records back",
  { needs },
  async (broker) => {
    const topic = await makeTopic(broker);
    const transactionalId = uniqueName("t");
    await using client = new Client({ bootstrap: broker.bootstrap });
    const first = client.producer({ value: utf8, transactionalId });
    const open = await first.beginTransaction();
    await open.send({ topic, value: "of the first" });
    await using second = client.producer({ value: utf8, transactionalId });
    await second.transaction((transaction) => transaction.send({ topic, value: "of the second" }));
    await assert.rejects(open.commit(), (error: unknown) => {
      assert.ok(error instanceof KafkaError);
      assert.equal(error.code, "PRODUCER_FENCED");
      assert.equal(error.fatal, true);
      assert.match(error.message, /Another producer with this transactionalId has taken over/);
      return true;
    });
    await first.close();
    assert.deepEqual(await kcatRead(broker, topic), ["of the second"]);
  },
);

eachBroker(
  "over cut connections each transaction is there once or not at all",
  { needs, timeoutMs: 60_000 },
  async (broker) => {
    const topic = await makeTopic(broker, { partitions: 1 });
    const { client, cut } = cuttableClient({ bootstrap: broker.bootstrap, reconnectBackoffMs: 5 });
    const producer = client.producer({
      value: utf8,
      transactionalId: uniqueName("t"),
      retryBackoffMs: 10,
    });
    const expected: string[] = [];
    for (let round = 0; round < 30; round += 1) {
      const values = Array.from({ length: 20 }, (_, index) => `${round}.${index}`);
      await producer.transaction(async (transaction) => {
        const sent = transaction.sendMany(values.map((value) => ({ topic, value })));
        if (round % 3 === 0) setImmediate(cut);
        await sent;
        if (round % 3 === 1) setImmediate(cut);
      });
      expected.push(...values);
    }
    await producer.close();
    await client.close();
    assert.deepEqual(await kcatRead(broker, topic), expected);
  },
);
