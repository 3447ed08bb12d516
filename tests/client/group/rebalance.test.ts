/** Members of this client come and go, in both protocols. */
import assert from "node:assert/strict";

import { Client, type ConsumerOptions } from "@millrace/client";

import { createTopic } from "../consumer/topics.ts";
import { eachBroker, uniqueName } from "../src/index.ts";
import { join, until, untilShared } from "./members.ts";

const timeoutMs = 60_000;
const partitions = 4;

const ways: readonly (readonly [string, ConsumerOptions])[] = [
  ["range", { groupProtocol: "classic", partitionAssignors: ["range"] }],
  ["cooperative-sticky", { groupProtocol: "classic", partitionAssignors: ["cooperative-sticky"] }],
  ["KIP-848", { groupProtocol: "consumer" }],
];

async function send(client: Client, topic: string, texts: readonly string[]): Promise<void> {
  await using producer = client.producer();
  await producer.sendMany(
    texts.map((text, index) => ({
      topic,
      partition: index % partitions,
      key: null,
      value: Buffer.from(text),
    })),
  );
}

const texts = (prefix: string): readonly string[] =>
  Array.from({ length: 20 }, (_, index) => `${prefix}${index}`);

for (const [way, options] of ways) {
  eachBroker(
    `members share a topic, and who stays goes on where the other stopped: ${way}`,
    { timeoutMs },
    async (broker) => {
      await using client = new Client({ bootstrap: broker.bootstrap });
      const topic = await createTopic(broker, { partitions });
      const groupId = uniqueName("group");
      await send(client, topic, texts("early"));
      await using first = await join(client, topic, { groupId, ...options });
      await untilShared([first], partitions);
      await until(
        () => first.seen.length === 20,
        () => first.seen,
      );
      const second = await join(client, topic, { groupId, ...options });
      await untilShared([first, second], partitions);
      await send(client, topic, texts("middle"));
      await until(
        () => first.seen.length + second.seen.length >= 40,
        () => ({ first: first.seen, second: second.seen }),
      );
      await second.close();
      await untilShared([first], partitions);
      await send(client, topic, texts("late"));
      await until(
        () => first.seen.length + second.seen.length >= 60,
        () => ({ first: first.seen, second: second.seen }),
      );
      const all = [...first.seen, ...second.seen];
      assert.equal(new Set(all).size, 60);
      // Everything was committed before it was given up: nothing came twice.
      assert.equal(all.length, 60);
      assert.ok(second.seen.length > 0);
      assert.deepEqual(
        [...first.events, ...second.events].filter((event) => event.startsWith("lost")),
        [],
      );
    },
  );
}

eachBroker("a cooperative rebalance takes only what moves", { timeoutMs }, async (broker) => {
  await using client = new Client({ bootstrap: broker.bootstrap });
  const topic = await createTopic(broker, { partitions });
  const options: ConsumerOptions = {
    groupId: uniqueName("group"),
    groupProtocol: "classic",
    partitionAssignors: ["cooperative-sticky"],
  };
  await using first = await join(client, topic, options);
  await untilShared([first], partitions);
  await using second = await join(client, topic, options);
  await untilShared([first, second], partitions);
  const revoked = first.events.filter((event) => event.startsWith("revoked"));
  assert.deepEqual(revoked, ["revoked 2,3"]);
  assert.deepEqual(first.partitions(), [0, 1]);
});

for (const groupProtocol of ["classic", "consumer"] as const) {
  eachBroker(
    `a static member that comes back gets what it had, and nobody else notices: ${groupProtocol}`,
    { timeoutMs },
    async (broker) => {
      await using client = new Client({ bootstrap: broker.bootstrap });
      const topic = await createTopic(broker, { partitions });
      const options: ConsumerOptions = { groupId: uniqueName("group"), groupProtocol };
      await using other = await join(client, topic, { ...options, groupInstanceId: "a" });
      await untilShared([other], partitions);
      const leaving = await join(client, topic, { ...options, groupInstanceId: "b" });
      await untilShared([other, leaving], partitions);
      const had = leaving.partitions();
      const quiet = other.events.length;
      await leaving.close();
      await using back = await join(client, topic, { ...options, groupInstanceId: "b" });
      await until(
        () => back.partitions().length > 0,
        () => back.consumer.health(),
      );
      assert.deepEqual(back.partitions(), had);
      assert.deepEqual(other.events.slice(quiet), []);
    },
  );
}

eachBroker(
  "by default a group speaks KIP-848, unless it has classic members: it is not converted",
  { timeoutMs },
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const topic = await createTopic(broker, { partitions });
    await using alone = await join(client, topic, { groupId: uniqueName("group") });
    await untilShared([alone], partitions);
    assert.equal(alone.consumer.health().membership?.protocol, "consumer");
    const groupId = uniqueName("group");
    await using classic = await join(client, topic, { groupId, groupProtocol: "classic" });
    await untilShared([classic], partitions);
    await using guest = await join(client, topic, { groupId });
    await untilShared([classic, guest], partitions);
    assert.equal(guest.consumer.health().membership?.protocol, "classic");
  },
);

eachBroker("a pattern follows topics that come", { timeoutMs }, async (broker) => {
  await using client = new Client({ bootstrap: broker.bootstrap, metadataMaxAgeMs: 1_000 });
  const prefix = uniqueName("pattern");
  await createTopic(broker, { name: `${prefix}.a` });
  for (const groupProtocol of ["classic", "consumer"] as const) {
    const groupId = uniqueName("group");
    await using consumer = client.consumer({ groupId, groupProtocol });
    await consumer.subscribe({ pattern: `${prefix}\\..*` });
    const topics = (): readonly string[] => consumer.assignment().map(({ topic }) => topic);
    await until(() => topics().includes(`${prefix}.a`), topics);
    const added = `${prefix}.${groupProtocol}`;
    await createTopic(broker, { name: added });
    await until(() => topics().includes(added), topics);
  }
});
