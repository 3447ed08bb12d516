import assert from "node:assert/strict";
import process from "node:process";
import { afterEach, test } from "node:test";
import { runJq } from "../../src/records/run-jq.ts";

// jq sets the exit code of the process that it runs in, like the program it was.
afterEach(() => {
  process.exitCode = undefined;
});

const lines = '{"value":{"total":12}}\n{"value":{"total":3}}\n';

test("a program makes lines of lines", async () => {
  const output = await runJq("select(.value.total > 10) | .value", lines);
  assert.equal(output.toString(), '{"total":12}\n');
  assert.equal((await runJq("empty", lines)).toString(), "");
});

test("a program that is none says why", async () => {
  await assert.rejects(runJq(".value |", lines), /--jq: .*syntax error/su);
});
