/** Consumers in groups: commits, revocation, concurrent handlers, dead letters, poll interval. */
import assert from "node:assert/strict";

import {
  Client,
  type ConsumerRecord,
  deadLetterHeaders,
  type GroupProtocol,
} from "@millrace/client";

import { eachBroker, uniqueName } from "../src/index.ts";
import { createTopic } from "./topics.ts";

const timeoutMs = 60_000;
const protocols: readonly GroupProtocol[] = ["classic", "consumer"];

async function send(
  client: Client,
  topic: string,
  records: readonly { key?: string; value: string; partition?: number }[],
): Promise<void> {
  await using producer = client.producer();
  await producer.sendMany(
    records.map(({ key, value, partition }) => ({
      topic,
      key: key === undefined ? null : Buffer.from(key),
      value: Buffer.from(value),
      ...(partition === undefined ? {} : { partition }),
    })),
  );
}

const values = (count: number): { value: string; partition: number }[] =>
  Array.from({ length: count }, (_, index) => ({ value: `${index}`, partition: 0 }));

for (const groupProtocol of protocols) {
  eachBroker(
    `auto commit keeps what was finished, not what a break left: ${groupProtocol}`,
    { timeoutMs },
    async (broker) => {
      await using client = new Client({ bootstrap: broker.bootstrap });
      const topic = await createTopic(broker);
      const groupId = uniqueName("group");
      await send(client, topic, values(10));
      const read = async (count: number): Promise<string[]> => {
        await using consumer = client.consumer({ groupId, groupProtocol, offsetReset: "earliest" });
        await consumer.subscribe(topic);
        const texts: string[] = [];
        for await (const record of consumer) {
          texts.push(String(record.value));
          if (texts.length === count) break;
        }
        return texts;
      };
      assert.deepEqual(await read(4), ["0", "1", "2", "3"]);
      assert.deepEqual(await read(3), ["3", "4", "5"]);
      await using consumer = client.consumer({ groupId, groupProtocol, autoCommit: false });
      const [committed] = await consumer.committed([{ topic, partition: 0 }]);
      assert.equal(committed?.offset, 5n);
    },
  );

  eachBroker(`manual commits hold: ${groupProtocol}`, { timeoutMs }, async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const topic = await createTopic(broker);
    const groupId = uniqueName("group");
    await send(client, topic, values(10));
    await using consumer = client.consumer({
      groupId,
      groupProtocol,
      offsetReset: "earliest",
      autoCommit: false,
    });
    await consumer.subscribe([topic]);
    for await (const record of consumer) {
      if (record.offset === 3n) {
        await consumer.commit();
        break;
      }
    }
    assert.equal((await consumer.committed())[0]?.offset, 4n);
    await consumer.commit([{ topic, partition: 0, offset: 7n, metadata: "by hand" }]);
    const [committed] = await consumer.committed();
    assert.equal(committed?.offset, 7n);
    assert.equal(committed?.metadata, "by hand");
    assert.equal(consumer.groupMetadata().groupId, groupId);
  });

  eachBroker(
    `a second member takes over without a gap or a repetition: ${groupProtocol}`,
    { timeoutMs },
    async (broker) => {
      await using client = new Client({ bootstrap: broker.bootstrap });
      const topic = await createTopic(broker, { partitions: 4 });
      const groupId = uniqueName("group");
      const options = {
        groupId,
        groupProtocol,
        offsetReset: "earliest",
        ...(groupProtocol === "classic"
          ? { heartbeatIntervalMs: 300, partitionAssignors: ["cooperative-sticky"] as const }
          : {}),
      } as const;
      const seen = new Map<string, number>();
      const abort = new AbortController();
      const consumers = [client.consumer(options), client.consumer(options)];
      const note = (record: ConsumerRecord): void => {
        const value = String(record.value);
        seen.set(value, (seen.get(value) ?? 0) + 1);
      };
      const read = async (index: number): Promise<void> => {
        const consumer = consumers[index];
        assert.ok(consumer !== undefined);
        await consumer.subscribe(topic);
        for await (const record of consumer.records({ signal: abort.signal })) note(record);
      };
      const until = async (isDone: () => boolean): Promise<void> => {
        while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 50));
      };
      const first = read(0);
      const batch = (name: string): { value: string; partition: number }[] =>
        Array.from({ length: 200 }, (_, index) => ({
          value: `${name}${index}`,
          partition: index % 4,
        }));
      await send(client, topic, batch("a"));
      await until(() => seen.size === 200);
      const second = read(1);
      await until(
        () => consumers[1]?.assignment().length === 2 && consumers[0]?.assignment().length === 2,
      );
      await send(client, topic, batch("b"));
      await until(() => seen.size === 400);
      abort.abort();
      await Promise.all([first, second]);
      assert.ok([...seen.values()].every((count) => count === 1));
      await Promise.all(consumers.map((consumer) => consumer.close()));
    },
  );
}

eachBroker(
  "run keeps the order of each key and commits what is finished without a gap",
  { timeoutMs },
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const topic = await createTopic(broker, { partitions: 2 });
    const groupId = uniqueName("group");
    const records = Array.from({ length: 300 }, (_, index) => ({
      key: `k${index % 7}`,
      value: `${index}`,
    }));
    await send(client, topic, records);
    await using consumer = client.consumer({ groupId, offsetReset: "earliest" });
    await consumer.subscribe(topic);
    const abort = new AbortController();
    const byKey = new Map<string, number[]>();
    let atATime = 0;
    let atATimeMax = 0;
    let count = 0;
    await consumer.run(
      async (record) => {
        atATime += 1;
        atATimeMax = Math.max(atATimeMax, atATime);
        await new Promise((resolve) => setTimeout(resolve, Number(record.value) % 5));
        atATime -= 1;
        const list = byKey.get(String(record.key)) ?? [];
        byKey.set(String(record.key), list);
        list.push(Number(record.value));
        count += 1;
        if (count === 300) abort.abort();
      },
      { concurrency: 10, orderBy: "key", signal: abort.signal },
    );
    assert.ok(atATimeMax > 1 && atATimeMax <= 10, `${atATimeMax} at a time`);
    assert.equal(byKey.size, 7);
    for (const list of byKey.values())
      assert.deepEqual(
        list,
        list.toSorted((a, b) => a - b),
      );
    const committed = await consumer.committed();
    assert.equal(
      committed.reduce((sum, { offset }) => sum + offset, 0n),
      300n,
    );
  },
);

eachBroker(
  "a record that cannot be handled is retried and then put aside",
  { timeoutMs },
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const topic = await createTopic(broker);
    const graves = await createTopic(broker);
    const groupId = uniqueName("group");
    await send(client, topic, values(5));
    await using consumer = client.consumer({ groupId, offsetReset: "earliest" });
    await consumer.subscribe(topic);
    const abort = new AbortController();
    const attempts: string[] = [];
    await consumer.run(
      (record, { attempt }) => {
        attempts.push(`${String(record.value)}.${attempt}`);
        if (String(record.value) === "2") throw new Error("cannot be handled");
        if (String(record.value) === "4") abort.abort();
      },
      {
        retry: { attemptsMax: 3, backoffMs: 1 },
        deadLetter: { topic: graves },
        signal: abort.signal,
      },
    );
    assert.deepEqual(attempts, ["0.1", "1.1", "2.1", "2.2", "2.3", "3.1", "4.1"]);
    assert.equal((await consumer.committed())[0]?.offset, 5n);
    await using reader = client.consumer({ offsetReset: "earliest" });
    reader.assign([{ topic: graves, partition: 0 }]);
    for await (const letter of reader) {
      assert.equal(String(letter.value), "2");
      assert.equal(letter.headers.text(deadLetterHeaders.topic), topic);
      assert.equal(letter.headers.text(deadLetterHeaders.offset), "2");
      assert.equal(letter.headers.text(deadLetterHeaders.attempts), "3");
      assert.equal(letter.headers.text(deadLetterHeaders.message), "cannot be handled");
      break;
    }
  },
);

eachBroker(
  "a consumer that asks for nothing leaves its group and comes back",
  { timeoutMs },
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const topic = await createTopic(broker);
    const groupId = uniqueName("group");
    await send(client, topic, values(3));
    await using consumer = client.consumer({
      groupId,
      offsetReset: "earliest",
      maxPollIntervalMs: 1_000,
    });
    const events: string[] = [];
    consumer.on("assigned", (partitions) => void events.push(`assigned ${partitions.length}`));
    consumer.on("lost", (partitions) => void events.push(`lost ${partitions.length}`));
    await consumer.subscribe(topic);
    const texts: string[] = [];
    for await (const record of consumer) {
      texts.push(String(record.value));
      if (texts.length === 1) {
        // Longer than the poll interval; heartbeats go on, and do not help.
        while (!events.includes("lost 1")) await new Promise((resolve) => setTimeout(resolve, 50));
        assert.equal(consumer.health().isHealthy, false);
      }
      if (texts.length === 4) break;
    }
    // What was in its hands was not committed: it comes again.
    assert.deepEqual(texts, ["0", "0", "1", "2"]);
    assert.ok(events.includes("assigned 1"));
  },
);

eachBroker("a pattern finds topics that come later", { timeoutMs }, async (broker) => {
  await using client = new Client({ bootstrap: broker.bootstrap, metadataMaxAgeMs: 500 });
  const prefix = uniqueName("pattern");
  const first = await createTopic(broker, { name: `${prefix}-a` });
  await send(client, first, [{ value: "a" }]);
  await using consumer = client.consumer({ groupId: uniqueName("group"), offsetReset: "earliest" });
  await consumer.subscribe({ pattern: `${prefix}-.*` });
  const texts: string[] = [];
  for await (const record of consumer) {
    texts.push(String(record.value));
    if (texts.length === 2) break;
    const second = await createTopic(broker, { name: `${prefix}-b` });
    await send(client, second, [{ value: "b" }]);
  }
  assert.deepEqual(texts, ["a", "b"]);
});
