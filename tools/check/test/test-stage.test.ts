import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import type { StageResult } from "../src/stage.ts";

const source = join(import.meta.dirname, "..", "src", "test-stage.ts");

/** Runs a stage over one test file in a process of its own: a runner cannot run inside a test. */
function runStage(testText: string, isCi = false): { result: StageResult; printed: string } {
  const root = mkdtempSync(join(tmpdir(), "millrace-stage-"));
  mkdirSync(join(root, "test"));
  writeFileSync(join(root, "test", "a.test.mjs"), testText);
  const script = `
    import { testStage } from ${JSON.stringify(source)};
    const stage = testStage({
      name: "t", claim: "", files: ["test/*.test.mjs"], concurrency: 1, timeoutMs: 10000,
    });
    const root = ${JSON.stringify(root)};
    const context = { root, cacheFolder: root, isCi: ${isCi}, write: false, words: [] };
    console.log("RESULT" + JSON.stringify(await stage.run(context)));
  `;
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const runner = join(root, "runner.mjs");
  writeFileSync(runner, script);
  const { stdout } = spawnSync(process.execPath, [runner], { env, encoding: "utf8" });
  const [printed = "", json = "null"] = stdout.split("RESULT");
  return { result: JSON.parse(json) as StageResult, printed };
}

const header = 'import { test } from "node:test";\n';

test("passing tests are counted", () => {
  const { result } = runStage(`${header}test("a", () => {}); test("b", () => {});`);
  assert.equal(result.outcome, "ok");
  assert.equal(result.counts?.passed, 2);
});

test("a failing test fails the stage, and is printed with its place", () => {
  const { result, printed } = runStage(
    `${header}test("broken", () => { throw new Error("no"); });`,
  );
  assert.equal(result.outcome, "failed");
  assert.match(printed, /test\/a\.test\.mjs:2 {2}broken/);
  assert.match(printed, /Error: no/);
});

test("a skipped test is named with its reason, and is a failure on CI", () => {
  const text = `${header}test("a", () => {}); test("b", { skip: "no Java here" }, () => {});`;
  const { result, printed } = runStage(text);
  assert.equal(result.outcome, "ok");
  assert.match(printed, /skipped: .*b: no Java here/);
  assert.equal(runStage(text, true).result.outcome, "failed");
});

test("a run in which nothing passed is a failure", () => {
  assert.equal(runStage(`${header}test("b", { skip: "no" }, () => {});`).result.outcome, "failed");
});

test("what a test says of itself is printed, the runner's own lines are not", () => {
  const text = `${header}test("a", (context) => { context.diagnostic("10 kills"); });`;
  const { printed } = runStage(text);
  assert.match(printed, /ℹ 10 kills/);
  assert.doesNotMatch(printed, /ℹ tests/);
});

test("what a failed test leaves running does not hold up the stage", () => {
  const text = `${header}test("a", () => { setInterval(() => {}, 1000); throw new Error("no"); });`;
  const { result } = runStage(text);
  assert.equal(result.outcome, "failed");
  assert.equal(result.counts?.failed, 1);
});
