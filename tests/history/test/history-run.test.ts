import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { execArgv, execPath } from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { lacking } from "@millrace/conformance/harness";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

for (const protocol of ["classic", "consumer"]) {
  test(`clients see no anomaly while broker and wires suffer; copied by a ${protocol} group`, {
    skip: await lacking("go"),
  }, (context) => {
    const seed = String(Math.floor(Math.random() * 1_000_000));
    const args = [...execArgv, main, "--seconds", "8", "--seed", seed, "--protocol", protocol];
    const { status, stdout } = spawnSync(execPath, args, { encoding: "utf8" });
    for (const line of stdout.trim().split("\n")) context.diagnostic(line);
    assert.equal(status, 0, stdout);
    // A run in which nothing was committed shows nothing.
    assert.match(stdout, /^[1-9]\d+ writes committed.*no anomaly$/m);
  });
}
