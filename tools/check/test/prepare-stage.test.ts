import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { prepareStage } from "../src/prepare-stage.ts";
import type { StageContext } from "../src/stage.ts";

const root = mkdtempSync(join(tmpdir(), "millrace-prepare-"));
const context: StageContext = { root, cacheFolder: root, isCi: false, write: false, words: [] };

function run(script: string, isCi = false) {
  writeFileSync(join(root, "prepare.mjs"), script);
  const stage = prepareStage({ name: "prepare", claim: "", script: "prepare.mjs" });
  return stage.run({ ...context, isCi });
}

test("a program that says nothing found everything", async () => {
  assert.equal((await run("")).outcome, "ok");
});

test("what is missing is a skip here and a failure on CI", async () => {
  const script = 'console.log("java: not installed");';
  assert.equal((await run(script)).outcome, "skipped");
  assert.equal((await run(script, true)).outcome, "failed");
});

test("a program that breaks is something missing", async () => {
  assert.equal((await run("process.exit(3);", true)).outcome, "failed");
});
