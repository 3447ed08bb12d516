import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { execArgv, execPath } from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { lacking } from "@millrace/conformance/harness";

const main = fileURLToPath(new URL("../../src/copy/main.ts", import.meta.url));

test("7,500 records are copied exactly once while broker and copier die", {
  skip: await lacking("go", "java", "kcat"),
}, (context) => {
  const args = [...execArgv, main, "--records", "7500"];
  const { status, stdout } = spawnSync(execPath, args, { encoding: "utf8" });
  for (const line of stdout.trim().split("\n")) context.diagnostic(line);
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^7500 records copied once, in order/m);
});
