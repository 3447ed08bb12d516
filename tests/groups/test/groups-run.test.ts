import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { execArgv, execPath } from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { lacking } from "@millrace/conformance/harness";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

test("20 members in each group come, leave, die and pause, and nothing has two owners", {
  skip: await lacking("go"),
}, (context) => {
  const args = [...execArgv, main, "--seconds", "8"];
  const { status, stdout } = spawnSync(execPath, args, { encoding: "utf8" });
  for (const line of stdout.trim().split("\n")) context.diagnostic(line);
  assert.equal(status, 0, stdout);
  assert.match(
    stdout,
    /^no partition was shared, no record was held by two, no offset went back$/m,
  );
});
