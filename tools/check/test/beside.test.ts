import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { startBeside } from "../src/beside.ts";

const root = mkdtempSync(join(tmpdir(), "millrace-beside-"));
after(() => rmSync(root, { recursive: true, force: true }));

test("the first line becomes a variable, and the end of its input ends the program", async () => {
  const script = `
    import { writeFileSync } from "node:fs";
    process.stdout.write("place A\\nmore\\n");
    process.stdin.resume().once("end", () => writeFileSync(${JSON.stringify(join(root, "ended"))}, "yes"));
  `;
  writeFileSync(join(root, "serve.mjs"), script);
  const beside = await startBeside({ script: "serve.mjs", variable: "PLACE" }, root);
  assert.deepEqual(beside.environment, { PLACE: "place A" });
  await beside.stop();
  assert.equal(readFileSync(join(root, "ended"), "utf8"), "yes");
});

test("a program that ends before it is ready is an error", async () => {
  writeFileSync(join(root, "fail.mjs"), "process.exitCode = 3;");
  const starting = startBeside({ script: "fail.mjs", variable: "PLACE" }, root);
  await assert.rejects(starting, /fail\.mjs ended with 3/);
});
