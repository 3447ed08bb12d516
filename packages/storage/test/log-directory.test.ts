import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { createLog, LogDirectory } from "../src/index.ts";
import { batchOf, configWith, settle, simEnvironment } from "./support.ts";

function openDirectory(logLevel: "warn" | "error" = "error") {
  const platform = simPlatform({ seed: 1, logLevel });
  const environment = simEnvironment(platform);
  const failures: unknown[] = [];
  const directory = new LogDirectory(environment, "/a", (_, error) => failures.push(error));
  directory.open();
  const log = createLog(environment, {
    path: "/a/orders-0",
    config: configWith(),
    directoryState: directory,
    topicId: undefined,
  });
  directory.logs.add(log);
  log.append(batchOf(["a", "b"]), { origin: "client", leaderEpoch: 0 });
  const text = (name: string): string => platform.fileSystem.readFile(`/a/${name}`).toString();
  return { platform, directory, log, failures, text };
}

function toldOfNoRoom(platform: ReturnType<typeof simPlatform>): number {
  return platform.logLines.filter((line) => line.message.includes("directory is full")).length;
}

test("checkpoints say what Kafka's say, and are written when they changed", async () => {
  const { platform, directory, log, text } = openDirectory();
  log.advanceHighWatermark(2);
  await settle(platform, directory.writeCheckpoint("recoveryPoints"));
  assert.equal(text("recovery-point-offset-checkpoint"), "0\n1\norders 0 0\n");
  await settle(platform, log.flush());
  await settle(platform, directory.writeCheckpoint("recoveryPoints"));
  await settle(platform, directory.writeCheckpoint("highWatermarks"));
  await settle(platform, directory.writeCheckpoint("logStartOffsets"));
  assert.equal(text("recovery-point-offset-checkpoint"), "0\n1\norders 0 2\n");
  assert.equal(text("replication-offset-checkpoint"), "0\n1\norders 0 2\n");
  assert.equal(
    text("log-start-offset-checkpoint"),
    "0\n0\n",
    "a segment's beginning needs no note",
  );
  log.truncatePrefix(1);
  await settle(platform, directory.writeCheckpoint("logStartOffsets"));
  assert.equal(text("log-start-offset-checkpoint"), "0\n1\norders 0 1\n");
  const changes = platform.fileSystem.disk.changeCount();
  await settle(platform, directory.writeCheckpoint("logStartOffsets"));
  assert.equal(platform.fileSystem.disk.changeCount(), changes);
});

test("no room for a checkpoint is no failure of the disk", async () => {
  const { platform, directory, text } = openDirectory();
  await settle(platform, directory.writeCheckpoint("recoveryPoints"));
  platform.fileSystem.disk.faults.add({ operations: ["write"], systemCode: "ENOSPC" });
  await settle(platform, directory.writeCheckpoint("highWatermarks"));
  assert.equal(directory.isOffline, false);
  assert.equal(text("recovery-point-offset-checkpoint"), "0\n1\norders 0 0\n");
});

test("a full volume refuses writes, and that is told once a minute", async () => {
  const { platform, directory, log } = openDirectory("warn");
  platform.fileSystem.disk.faults.add({ operations: ["write"], systemCode: "ENOSPC" });
  const append = () => log.append(batchOf(["c"]), { origin: "client", leaderEpoch: 0 });
  assert.equal(append().kind, "refused");
  assert.equal(append().kind, "refused");
  assert.equal(directory.isOffline, false);
  assert.equal(toldOfNoRoom(platform), 1);
  await platform.clock.advance(60_000);
  append();
  assert.equal(toldOfNoRoom(platform), 2);
});

test("a failure is told once, and nothing is written afterwards", async () => {
  const { platform, directory, failures } = openDirectory();
  platform.fileSystem.disk.faults.add({ operations: ["sync"], systemCode: "EIO" });
  await settle(platform, directory.writeCheckpoint("highWatermarks"));
  directory.fail(new Error("again"));
  assert.equal(directory.isOffline, true);
  assert.equal(failures.length, 1);
  assert.equal(platform.fileSystem.exists("/a/replication-offset-checkpoint"), false);
});

test("cutting a log lowers its recovery point durably, before it is written again", async () => {
  const { platform, directory, log, text } = openDirectory();
  await settle(platform, log.flush());
  await settle(platform, directory.writeCheckpoint("recoveryPoints"));
  log.truncateSuffix(0);
  platform.restart("powerLoss");
  assert.equal(text("recovery-point-offset-checkpoint"), "0\n1\norders 0 0\n");
});
