import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { execArgv, execPath } from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { lacking } from "@millrace/conformance/harness";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

test("nothing acknowledged is lost, doubled or altered in 10 kills under load", {
  skip: await lacking("c"),
}, (context) => {
  const args = [...execArgv, main, "--cycles", "10"];
  const { status, stdout } = spawnSync(execPath, args, { encoding: "utf8" });
  for (const line of stdout.trim().split("\n")) context.diagnostic(line);
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^10 kills of the broker under load/m);
});
