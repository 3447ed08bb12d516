/** `millrace txn`, `producer` and `share` on both brokers. */
import assert from "node:assert/strict";

import { Client } from "@millrace/client";

import { eachBroker, uniqueName } from "../src/index.ts";
import { on, printing, printingJson, until } from "./words.ts";

eachBroker("an open transaction is listed, described and aborted", async (broker) => {
  const run = on(broker);
  const print = printing(broker);
  const topic = uniqueName("topic");
  const id = uniqueName("txn");
  await print(`topic create ${topic} -p 1`);
  await using client = new Client({ bootstrap: broker.bootstrap });
  await using producer = client.producer({ transactionalId: id });
  const transaction = await producer.beginTransaction();
  await transaction.send({ topic, value: Buffer.from("open") });

  assert.match(
    await print("txn list --state Ongoing"),
    new RegExp(`^${id} +Ongoing +\\d+ +\\d+$`, "m"),
  );
  assert.match(
    await print(`txn describe ${id}`),
    new RegExp(`^${id} +Ongoing .* ${topic}-0$`, "m"),
  );
  const [known] = (await printingJson(broker)(`producer list ${topic}`)) as Record<
    string,
    unknown
  >[];
  assert.equal(known?.["currentTransactionStartOffset"], 0);
  // The coordinator knows it: it does not hang.
  assert.deepEqual(await printingJson(broker)(`txn hanging ${topic} --older-than 0ms`), []);

  assert.equal(await print(`txn abort ${id}`), `${id} has no open transaction any more.\n`);
  await until(
    () => print(`txn list --match ${id}`),
    (rows) => / Empty /.test(rows),
  );
  assert.equal(await print(`consume ${topic} -e`), "");
  const absent = await run(`txn abort ${uniqueName("absent")}`);
  assert.equal(absent.code, 3);
  assert.match(absent.errors, /TRANSACTIONAL_ID_NOT_FOUND/);
  await transaction.abort().catch(() => undefined);
});

eachBroker(
  "a share group is listed, described, reset and deleted",
  { needs: ["ShareFetch"] },
  async (broker) => {
    const print = printing(broker);
    const topic = uniqueName("topic");
    const group = uniqueName("share");
    await print(`topic create ${topic} -p 1`);
    await print(`config set group/${group} share.auto.offset.reset=earliest`);
    await print(`produce ${topic}`, "a\nb\nc\n");
    await using client = new Client({ bootstrap: broker.bootstrap });
    const share = client.shareConsumer({ groupId: group });
    share.subscribe([topic]);
    const first = await share[Symbol.asyncIterator]().next();
    assert.equal(first.done, false);
    await share.close();

    assert.match(await print("share list"), new RegExp(`^${group} +\\w+$`, "m"));
    assert.match(await print(`share describe ${group}`), new RegExp(`^${topic} +0 +\\d+ +`, "m"));
    const plan = await on(broker)(`share reset ${group} --topic ${topic} --to 1`);
    assert.match(plan.errors, /--execute carries it out/);
    await until(
      () => on(broker)(`share reset ${group} --topic ${topic} --to 1 --execute`),
      ({ code }) => code === 0,
    );
    assert.match(await print(`share describe ${group}`), new RegExp(`^${topic} +0 +1 +2$`, "m"));
    assert.equal(await print(`share delete ${group}`), `${group} is deleted.\n`);
    assert.equal((await on(broker)(`share describe ${group}`)).code, 3);
  },
);
