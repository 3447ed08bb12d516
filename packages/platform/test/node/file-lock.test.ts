import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { tryLockFile } from "../../src/node/file-lock.ts";

const root = fs.mkdtempSync(join(tmpdir(), "millrace-lock-"));
after(() => fs.rmSync(root, { recursive: true }));
const holder = fileURLToPath(new URL("../fixtures/lock-holder.ts", import.meta.url));

test("a lock refuses another process until its holder is killed, and leaves an empty file", async () => {
  const path = join(root, ".lock");
  const child = spawn(process.execPath, [...process.execArgv, holder, path], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const first: unknown[] = await once(child.stdout, "data");
  assert.equal(String(first[0]).trim(), "locked");
  assert.equal(tryLockFile(path), undefined);
  child.kill("SIGKILL");
  await once(child, "exit");
  const lock = tryLockFile(path);
  assert.ok(lock);
  assert.deepEqual(fs.readdirSync(root), [".lock"]);
  assert.equal(fs.statSync(path).size, 0);
  lock.release();
});

test("a file that holds something else is refused with an error, and kept as it is", () => {
  const path = join(root, "other");
  fs.writeFileSync(
    path,
    "somebody's notes, longer than a page header of a hundred bytes".repeat(9),
  );
  const before = fs.readFileSync(path);
  assert.throws(() => tryLockFile(path), { name: "IoError", path });
  assert.deepEqual(fs.readFileSync(path), before);
});

test("a lock that nobody refers to any more is held all the same", async () => {
  const path = join(root, "forgotten");
  assert.ok(tryLockFile(path));
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  assert.ok(isCollector(collect));
  // Objects of native code are let go of after a collection, in a turn of their own.
  for (let round = 0; round < 5; round += 1) {
    collect();
    await nextTurn();
  }
  assert.equal(tryLockFile(path), undefined);
});

function isCollector(value: unknown): value is () => void {
  return typeof value === "function";
}
