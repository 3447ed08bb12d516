/** `millrace config` and `millrace cluster` on both brokers. */
import assert from "node:assert/strict";

import { eachBroker, uniqueName } from "../src/index.ts";
import { on, printing, printingJson, until } from "./words.ts";

eachBroker("configurations are set, shown, compared and unset", async (broker) => {
  const run = on(broker);
  const print = printing(broker);
  const [left, right] = [uniqueName("left"), uniqueName("right")];
  await print(`topic create ${left} ${right}`);
  assert.equal(
    await print(`config set topic/${left} retention.ms=7000 cleanup.policy=compact`),
    `topic/${left} is altered.\n`,
  );
  await print(`config set topic/${left} cleanup.policy=delete --append`);
  const set = await until(
    async () =>
      (await printingJson(broker)(`config get topic/${left}`)) as { name: string; value: string }[],
    (rows) => rows.some(({ value }) => value.includes(",")),
  );
  const values = Object.fromEntries(set.map(({ name, value }) => [name, value]));
  assert.equal(values["retention.ms"], "7000");
  assert.deepEqual(values["cleanup.policy"]?.split(",").toSorted(), ["compact", "delete"]);
  assert.match(
    await print(`config get topic/${left} retention.ms segment.bytes`),
    /^segment\.bytes +1073741824 +DEFAULT_CONFIG$/m,
  );
  assert.match(
    await print(`config diff topic/${left} topic/${right}`),
    new RegExp(
      `^NAME +topic/${left} +topic/${right}\ncleanup\\.policy .*\nretention\\.ms +7000 +604800000\n$`,
    ),
  );
  await print(`config unset topic/${left} cleanup.policy --dry-run`);
  await print(`config unset topic/${left} retention.ms cleanup.policy`);
  await until(
    () => print(`config get topic/${left} -o name`),
    (names) => names === "",
  );
  const near = await run(`config get topic/${left} retention.mss`);
  assert.equal(near.code, 2);
  assert.match(near.errors, /did you mean retention\.ms\?/);
  assert.equal((await run("config get topic")).code, 2);
  assert.equal((await run("config get broker/first")).code, 2);
  const invalid = await run(`config set topic/${left} retention.ms=soon`);
  assert.equal(invalid.code, 1);
});

eachBroker("groups and brokers have configurations", async (broker) => {
  const print = printing(broker);
  const group = uniqueName("group");
  await print(`config set group/${group} consumer.heartbeat.interval.ms=6000`);
  await until(
    () => print(`config get group/${group}`),
    (rows) => /^consumer\.heartbeat\.interval\.ms +6000 +DYNAMIC_GROUP_CONFIG$/m.test(rows),
  );
  const [id] = (await print("cluster brokers -o name")).split("\n");
  assert.match(
    await print(`config get broker/${id} node.id`),
    new RegExp(`^node\\.id +${id} `, "m"),
  );
  await print("config get broker/default");
});

eachBroker("a cluster is looked at", async (broker) => {
  const print = printing(broker);
  assert.match(await print("cluster status"), /^Cluster +[\w-]{22}\nController +\d+\nBrokers +1$/m);
  assert.match(
    await print("cluster brokers"),
    /^ID +ADDRESS .*\n +?\d+ +127\.0\.0\.1:\d+ +- +yes$/m,
  );
  assert.match(await print("cluster features"), /^metadata\.version +\d+ +\d+ +\d+$/m);
  assert.match(await print("cluster quorum"), /^ +?\d+ +leader +\d+ +0$/m);
  assert.match(await print("cluster log-dirs"), /^ +?\d+ +\/\S+ +\d+ +\S+ [KM]?i?B /m);
  assert.match(await print("cluster health"), /^there is a controller +yes +-$/m);
  assert.equal(await print("cluster reassign list -o json"), "[]\n");
});

eachBroker("an election that is not needed is no failure", async (broker) => {
  const topic = uniqueName("topic");
  await printing(broker)(`topic create ${topic} -p 2`);
  const elected = await until(
    () => on(broker)(`cluster elect ${topic}:1`),
    ({ code }) => code === 0,
  );
  assert.match(elected.errors, new RegExp(`^${topic}-1 needs no election`));
  assert.equal((await on(broker)("cluster elect")).code, 2);
});
