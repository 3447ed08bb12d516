/** `millrace group` on both brokers. */
import assert from "node:assert/strict";

import { Client } from "@millrace/client";

import { type ClientBroker, eachBroker, uniqueName } from "../src/index.ts";
import { on, printing, printingJson, until } from "./words.ts";

/** A topic of one partition with four records, of which a group has read two. */
async function halfRead(broker: ClientBroker): Promise<{ topic: string; group: string }> {
  const print = printing(broker);
  const topic = uniqueName("topic");
  const group = uniqueName("group");
  await print(`topic create ${topic} -p 1`);
  await print(`produce ${topic}`, "a\nb\nc\nd\n");
  assert.equal(await print(`consume ${topic} -g ${group} -n 2`), "a\nb\n");
  return { topic, group };
}

eachBroker("groups of all types are listed", { needs: ["ShareFetch"] }, async (broker) => {
  const { topic, group } = await halfRead(broker);
  await using client = new Client({ bootstrap: broker.bootstrap });
  const shareGroup = uniqueName("share");
  await using share = client.shareConsumer({ groupId: shareGroup });
  share.subscribe([topic]);
  const reading = share[Symbol.asyncIterator]().next();
  const listed = await until(
    async () => (await printingJson(broker)("group list")) as Record<string, unknown>[],
    (rows) => rows.some(({ groupId, state }) => groupId === shareGroup && state === "Stable"),
  );
  const own = new Map(listed.map((row) => [row["groupId"], row]));
  assert.equal(own.get(shareGroup)?.["type"], "share");
  assert.match(String(own.get(group)?.["type"]), /^(classic|consumer)$/);
  const row = new RegExp(`^\\S+ +${shareGroup} .*${topic}:0$`, "m");
  await until(
    () => printing(broker)(`group members ${shareGroup} -o wide`),
    (members) => row.test(members),
  );
  assert.equal((await printing(broker)("group list --type share -o name")).includes(group), false);
  await share.close();
  await reading.catch(() => undefined);
});

eachBroker("a group's lag is told, and its members", async (broker) => {
  const { topic, group } = await halfRead(broker);
  const print = printing(broker);
  assert.match(
    await print(`group lag ${group}`),
    new RegExp(`^GROUP.*LAG\n${group} +${topic} +0 +2 +4 +2\n$`),
  );
  assert.match(await print(`group describe ${group}`), /^State +Empty$/m);
  assert.match(await print(`group describe ${group}`), /^Lag +2$/m);
  assert.deepEqual(await printingJson(broker)(`group members ${group}`), []);
  const absent = await on(broker)(`group describe ${uniqueName("absent")}`);
  assert.equal(absent.code, 3, absent.errors);
  const interrupted = AbortSignal.abort();
  assert.equal((await on(broker)(`group lag ${group} --watch`, { signal: interrupted })).code, 0);
});

eachBroker("a reset is a plan until it is to be executed", async (broker) => {
  const { topic, group } = await halfRead(broker);
  const json = printingJson(broker);
  const run = on(broker);
  const plan = await run(`group reset ${group} --to start`);
  assert.match(plan.printed, new RegExp(`^${topic} +0 +2 +0 +-2$`, "m"));
  assert.match(plan.errors, /--execute carries it out/);
  const lag = async (): Promise<unknown> =>
    ((await json(`group lag ${group}`)) as Record<string, unknown>[])[0]?.["committedOffset"];
  assert.equal(await lag(), 2);

  await json(`group reset ${group} --to start --execute`);
  assert.equal(await lag(), 0);
  await json(`group reset ${group} --shift-by 3 --execute`);
  assert.equal(await lag(), 3);
  await json(`group reset ${group} --shift-by -100 --execute`);
  assert.equal(await lag(), 0);
  await json(`group reset ${group} --to @-1h --topic ${topic}:0 --execute`);
  assert.equal(await lag(), 0);
  await json(`group reset ${group} --to -1 --execute`);
  assert.equal(await lag(), 3);

  const second = uniqueName("group");
  assert.deepEqual(await json(`group reset ${second} --from-group ${group} --execute`), [
    { topic, partition: 0, to: 3 },
  ]);
  assert.equal((await run(`group reset ${uniqueName("new")} --to end`)).code, 2);
  assert.equal((await run(`group reset ${group}`)).code, 2);
  assert.equal((await run(`group reset ${group} --to end --shift-by 1`)).code, 2);
});

eachBroker("groups are deleted, and what they committed for a topic", async (broker) => {
  const { topic, group } = await halfRead(broker);
  const print = printing(broker);
  assert.equal(
    await print(`group delete ${group} --topic ${topic}`),
    `${group} has forgotten 1 partitions.\n`,
  );
  const again = await halfRead(broker);
  assert.equal(await print(`group delete ${again.group}`), `${again.group} is deleted.\n`);
  const gone = await on(broker)(`group delete ${again.group}`);
  assert.equal(gone.code, 3);
  assert.match(gone.errors, /GROUP_ID_NOT_FOUND/);
});
