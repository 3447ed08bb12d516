import assert from "node:assert/strict";
import {
  existsSync,
  linkSync,
  mkdtempSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { removeGently } from "../../src/node/remove-gently.ts";

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "millrace-remove-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test("a large file goes in steps, an absent one is no error", async (t) => {
  const path = join(folder(t), "large");
  writeFileSync(path, "x");
  truncateSync(path, 20 * 1024 * 1024);
  const removed = removeGently(path);
  assert.ok(existsSync(path), "nothing was done on the event loop");
  await removed;
  assert.ok(!existsSync(path));
  await removeGently(path);
});

test("a file that has another name keeps its bytes", async (t) => {
  const directory = folder(t);
  const path = join(directory, "large");
  writeFileSync(path, "x");
  truncateSync(path, 20 * 1024 * 1024);
  linkSync(path, join(directory, "backup"));
  await removeGently(path);
  assert.equal(statSync(join(directory, "backup")).size, 20 * 1024 * 1024);
});
