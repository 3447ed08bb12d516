import assert from "node:assert/strict";
import { test } from "node:test";
import { startOptions } from "../src/start-options.ts";

test("a broker gets a small young generation, and on one core no collector threads", () => {
  assert.deepEqual(startOptions({ words: ["start"], coreCount: 2, given: [] }), [
    "--max-semi-space-size=2",
  ]);
  assert.deepEqual(startOptions({ words: ["start", "a"], coreCount: 1, given: ["--inspect"] }), [
    "--max-semi-space-size=2",
    "--single-threaded-gc",
  ]);
});

test("millrace alone is a broker too", () => {
  const alone = startOptions({ words: [], coreCount: 2, given: [] });
  assert.deepEqual(alone, startOptions({ words: ["dev"], coreCount: 2, given: [] }));
  assert.deepEqual(alone, ["--max-semi-space-size=2"]);
});

test("a process that was begun with them is not begun again", () => {
  const first = startOptions({ words: ["start"], coreCount: 1, given: [] });
  assert.deepEqual(startOptions({ words: ["start"], coreCount: 1, given: first }), []);
});

test("what somebody chose is left alone, and other commands need nothing", () => {
  const given = ["", "--max-semi-space-size=64"];
  assert.deepEqual(startOptions({ words: ["start"], coreCount: 1, given }), []);
  assert.deepEqual(startOptions({ words: ["--version"], coreCount: 1, given: [] }), []);
  assert.deepEqual(startOptions({ words: ["topic"], coreCount: 1, given: [] }), []);
});
