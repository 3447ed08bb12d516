import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { lacking, startMillrace } from "@millrace/conformance/harness";

const program = fileURLToPath(new URL("../java/TryLock.java", import.meta.url));

/** Starts a Java program that takes the lock as Apache Kafka does; gives its first word. */
async function tryLockInJava(
  folder: string,
): Promise<{ readonly child: ChildProcess; readonly word: string }> {
  const child = spawn("java", ["-XX:TieredStopAtLevel=1", program, join(folder, ".lock")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const first: unknown[] = await once(child.stdout, "data");
  return { child, word: String(first[0]).trim() };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

test("Java and Millrace refuse each other a folder in use, and get it after kill -9", {
  skip: await lacking("java"),
}, async () => {
  await using broker = await startMillrace();
  const folder = broker.dataFolder;

  const refused = await tryLockInJava(folder);
  assert.equal(refused.word, "refused");
  await end(refused.child);

  await broker.kill();
  assert.equal(statSync(join(folder, ".lock")).size, 0);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(".lock-")),
    [],
  );
  const holder = await tryLockInJava(folder);
  assert.equal(holder.word, "locked");

  await assert.rejects(broker.start(), /lock/i);
  await end(holder.child);
  await broker.start();
});
