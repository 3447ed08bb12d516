/** `millrace log`, `doctor` and `completion`. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { buildRecordBatch } from "@millrace/protocol";
import { runWords } from "millrace/run-words";

import { eachBroker, uniqueName } from "../src/index.ts";
import { on, printing, printingJson, until } from "./words.ts";

eachBroker("a segment file is dumped and verified without its broker", async (broker) => {
  const topic = uniqueName("topic");
  await printing(broker)(`topic create ${topic} -p 1`);
  await printing(broker)(`produce ${topic} -k 1`, "one\ntwo\n");
  const dirs = (await printingJson(broker)("cluster log-dirs")) as { path: string }[];
  const file = dirs
    .map(({ path }) => join(path, `${topic}-0`, "00000000000000000000.log"))
    .find((path) => exists(path));
  assert.ok(file !== undefined);
  const [batch] = (await printingJson(broker)(`log dump ${file}`)) as Record<string, unknown>[];
  assert.equal(batch?.["baseOffset"], 0);
  assert.equal(batch?.["isChecksumGood"], true);
  const records = (await printing(broker)(`log dump ${file} --records`)).trim().split("\n");
  const consumed = (await printing(broker)(`consume ${topic} -e --json`)).trim().split("\n");
  assert.deepEqual(records, consumed);
  assert.match(await printing(broker)(`log verify ${file}`), /2 records, all good\n$/);
});

function exists(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    // The other log directory has it.
    return false;
  }
}

test("damage in a segment file is told with its place", async () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-log-"));
  try {
    mkdirSync(join(folder, "orders-0"));
    const file = join(folder, "orders-0", "00000000000000000000.log");
    const batch = buildRecordBatch([{ timestamp: 1, key: null, value: Buffer.from("a") }], {});
    const bytes = Buffer.concat([batch]);
    writeFileSync(file, bytes);
    assert.equal((await runWords(["log", "verify", file])).code, 0);
    writeFileSync(file, bytes.with(bytes.length - 2, (bytes.at(-2) ?? 0) ^ 1));
    const damaged = await runWords(["log", "verify", file]);
    assert.equal(damaged.code, 1);
    assert.match(damaged.errors, /the checksum is wrong at byte 0/);
    writeFileSync(file, bytes.subarray(0, -1));
    assert.match((await runWords(["log", "verify", file])).errors, /not all there/);
    assert.equal((await runWords(["log", "verify", join(folder, "absent")])).code, 2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

eachBroker("doctor tells which address cannot be reached", async (broker) => {
  const good = await printing(broker)("doctor");
  assert.match(good, /advertised by broker \d+\) +yes +reachable/);
  const bad = await runWords(["doctor", "-b", "127.0.0.1:1"], { environment: {} });
  assert.equal(bad.code, 1);
  assert.match(bad.printed, /127\.0\.0\.1:1 \(bootstrap\) +NO +ECONNREFUSED: nobody listens there/);
});

eachBroker("completion knows words, topics and groups", async (broker) => {
  const topic = uniqueName("completed");
  await printing(broker)(`topic create ${topic}`);
  const complete = (words: string): Promise<string> =>
    printing(broker)(`completion candidates -- ${words}`);
  await until(
    () => complete(`consume ${topic.slice(0, -1)}`),
    (found) => found.split("\n").includes(topic),
  );
  assert.equal(await complete("topic des"), "describe\n");
  assert.equal(await complete("conf"), "config\n");
  assert.match(
    await printing(broker)("completion bash"),
    /complete -o default -F _millrace millrace/,
  );
  const nobody = await runWords(["completion", "candidates", "--", "consume", ""], {
    environment: { MILLRACE_BOOTSTRAP: "127.0.0.1:1" },
  });
  assert.equal(nobody.printed, "");
  assert.equal(nobody.code, 0);
  assert.equal((await on(broker)("completion tcsh")).code, 2);
});

test("completion knows every word of the tree", async () => {
  const { printed } = await runWords(["--help"]);
  const words = [...printed.matchAll(/^ {2}(?!millrace)([a-z]\S+) {2,}/gmu)].map(
    ([, word]) => word,
  );
  const known = (await runWords(["completion", "candidates", "--", ""])).printed.split("\n");
  assert.ok(words.length > 10);
  for (const word of words)
    assert.ok(word?.startsWith("kafka-") || known.includes(word ?? ""), word);
});
