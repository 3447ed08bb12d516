import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { StageContext } from "../src/stage.ts";
import { toolStage } from "../src/tool-stage.ts";

const root = mkdtempSync(join(tmpdir(), "millrace-check-"));
const context: StageContext = { root, cacheFolder: root, isCi: false, write: false, words: [] };

function stageOf(script: string) {
  writeFileSync(join(root, "tool.mjs"), script);
  const given = {
    name: "tool",
    claim: "",
    script: "tool.mjs",
    args: ["look"],
    writeArgs: ["mend"],
  };
  return toolStage({ ...given, advice: "mend it" });
}

test("a program that ends with 0 holds, and its last line is the detail", async () => {
  const result = await stageOf('console.log("one"); console.log("12 files");').run(context);
  assert.deepEqual(result, { outcome: "ok", detail: "12 files" });
});

test("a program that fails gives all it printed, and what to do", async () => {
  const script = 'console.log("a.ts:1 bad"); console.error("b"); process.exit(3);';
  const result = await stageOf(script).run(context);
  assert.equal(result.outcome, "failed");
  assert.equal(result.detail, "mend it");
  assert.match(result.report ?? "", /a\.ts:1 bad/);
  assert.match(result.report ?? "", /^b$/m);
});

test("mending uses the program's other arguments", async () => {
  const stage = stageOf("console.log(process.argv[2]);");
  assert.equal((await stage.run(context)).detail, "look");
  assert.equal((await stage.run({ ...context, write: true })).detail, "mend");
});
