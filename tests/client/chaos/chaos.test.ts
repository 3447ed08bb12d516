/** Show 2 of the client: all its kinds at work while broker and wires suffer, and then a judge. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { execArgv, execPath } from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

test("clients lose, double and reorder nothing while broker and wires suffer, and get well", {
  timeout: 120_000,
}, (context) => {
  const seed = String(Math.floor(Math.random() * 1_000_000));
  const args = ["--seconds", "6", "--seed", seed, "--rate", "50", "--calm", "600"];
  const { status, stdout } = spawnSync(execPath, [...execArgv, main, ...args], {
    encoding: "utf8",
  });
  for (const line of stdout.trim().split("\n")) context.diagnostic(line);
  assert.equal(status, 0, stdout);
  // A run in which nothing was done shows nothing.
  assert.match(stdout, /^[1-9]\d+ stored, [1-9]\d+ handled, [1-9]\d+ copied, [1-9]\d+ shared/m);
});
