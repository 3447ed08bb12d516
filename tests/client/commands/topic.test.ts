/** `millrace topic` on both brokers. */
import assert from "node:assert/strict";

import { eachBroker, uniqueName } from "../src/index.ts";
import { on, printing, printingJson, until } from "./words.ts";

eachBroker("topics are made, listed, described and deleted", async (broker) => {
  const run = on(broker);
  const print = printing(broker);
  const name = uniqueName("topic");
  const created = await print(`topic create ${name} -p 3 --config retention.ms=1000`);
  assert.match(
    created,
    new RegExp(`^NAME +PARTITIONS +REPLICAS +ID\n${name} +3 +1 +[\\w-]{22}\n$`),
  );
  await until(
    () => run(`topic describe ${name} -o json`),
    ({ code }) => code === 0,
  );
  assert.ok((await print("topic list -o name")).split("\n").includes(name));
  assert.match(await print("topic list"), new RegExp(`^${name} +3 +1$`, "m"));
  assert.doesNotMatch(await print("topic list -o name"), /^__consumer_offsets$/m);

  await print(`produce ${name} -p 1`, "one\ntwo\n");
  const [described] = (await printingJson(broker)(`topic describe ${name}`)) as [
    { partitions: { partition: number; endOffset: number; sizeBytes: number }[] } & Record<
      string,
      unknown
    >,
  ];
  const { partitions, id, ...facts } = described;
  assert.match(String(id), /^[\w-]{22}$/);
  assert.ok(Number(facts["sizeBytes"]) > 0);
  assert.deepEqual(
    { ...facts, sizeBytes: 0 },
    {
      name,
      isInternal: false,
      partitionCount: 3,
      replicationFactor: 1,
      sizeBytes: 0,
      configs: { "retention.ms": "1000" },
    },
  );
  assert.deepEqual(
    partitions.map(({ partition, endOffset }) => [partition, endOffset]),
    [
      [0, 0],
      [1, 2],
      [2, 0],
    ],
  );
  assert.match(await print(`topic describe ${name}`), /^retention\.ms +1000$/m);
  assert.match(
    await print(`topic partitions ${name}`),
    new RegExp(`^${name} +1 +\\d+ .* 0 +2 +\\d+ B$`, "m"),
  );

  assert.equal(
    await print(`topic delete ${name} --dry-run`),
    `${name} would be deleted with 3 partitions.\n`,
  );
  assert.equal(await print(`topic delete ${name}`), `${name} is deleted.\n`);
  const gone = await until(
    () => run(`topic describe ${name}`),
    ({ code }) => code !== 0,
  );
  assert.equal(gone.code, 3);
  assert.match(gone.errors, new RegExp(`^${name}: .*UNKNOWN_TOPIC_OR_PARTITION`));
});

eachBroker("a topic that is there already is a failure, unless it may be", async (broker) => {
  const run = on(broker);
  const name = uniqueName("topic");
  const trial = await run(`topic create ${name} --dry-run`);
  assert.equal(trial.code, 0);
  assert.match(trial.errors, /Nothing was created/);
  await printing(broker)(`topic create ${name}`);
  const again = await run(`topic create ${name}`);
  assert.equal(again.code, 1);
  assert.match(again.errors, /TOPIC_ALREADY_EXISTS/);
  assert.equal((await run(`topic create ${name} --if-not-exists`)).code, 0);
});

eachBroker("configurations and partitions are altered", async (broker) => {
  const run = on(broker);
  const print = printing(broker);
  const name = uniqueName("topic");
  await print(`topic create ${name} -p 1 --config segment.bytes=2000000`);
  await print(`topic alter ${name} --config retention.ms=5000 --unset segment.bytes -p 4`);
  const facts = await until(
    async () => (await printingJson(broker)(`topic describe ${name}`)) as Record<string, unknown>[],
    ([one]) => one?.["partitionCount"] === 4,
  );
  assert.deepEqual(facts[0]?.["configs"], { "retention.ms": "5000" });
  const wrong = await run(`topic alter ${name} --config retention.ms=soon`);
  assert.equal(wrong.code, 1);
  assert.match(wrong.errors, /INVALID_CONFIG/);
  assert.equal((await run(`topic alter ${name}`)).code, 2);
  assert.equal((await run(`topic alter ${name} --config retention`)).code, 2);
});

eachBroker("records before an offset are trimmed, and shown before it is done", async (broker) => {
  const print = printing(broker);
  const name = uniqueName("topic");
  await print(`topic create ${name} -p 2`);
  await print(`produce ${name} -p 1`, "a\nb\nc\nd\n");
  const plan = await printingJson(broker)(`topic trim ${name} --to -1 --dry-run`);
  assert.deepEqual(plan, [
    { topic: name, partition: 0, startOffset: 0 },
    { topic: name, partition: 1, startOffset: 3 },
  ]);
  assert.equal(await print(`consume ${name} -e`), "a\nb\nc\nd\n");
  const done = await printingJson(broker)(`topic trim ${name} --to -1 -p 1`);
  assert.deepEqual(done, [{ topic: name, partition: 1, startOffset: 3 }]);
  assert.equal(await print(`consume ${name} -e`), "d\n");
});

eachBroker("a topic's lag is told for each group", async (broker) => {
  const print = printing(broker);
  const name = uniqueName("topic");
  const group = uniqueName("group");
  await print(`topic create ${name} -p 1`);
  await print(`produce ${name}`, "a\nb\nc\n");
  assert.equal(await print(`consume ${name} -g ${group} -n 2`), "a\nb\n");
  const rows = await printingJson(broker)(`topic lag ${name}`);
  assert.deepEqual(rows, [
    { group, topic: name, partition: 0, committedOffset: 2, endOffset: 3, lag: 1 },
  ]);
});
