import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Offload } from "@millrace/platform";
import { nodePlatform } from "@millrace/platform/node";
import { CorruptLogError } from "../src/errors.ts";
import {
  createLogEnvironment,
  type LogEnvironment,
  openLog,
  type OpenLogOptions,
  storageTasks,
} from "../src/index.ts";
import { batchOf, configWith, newLog, temporaryFolder, TestDirectoryState } from "./support.ts";

const producer = { producerId: 7n, producerEpoch: 0 };

/** The real machine with its worker thread, and the names of the tasks that it was given. */
function environmentWithWorker(
  context: TestContext,
  inlineScanBytesMax: number,
): { readonly environment: LogEnvironment; readonly tasks: string[] } {
  const platform = nodePlatform({ logLevel: "error", hasProcessMetrics: false });
  context.after(() => platform.offload.close());
  const tasks: string[] = [];
  const offload: Offload = {
    run: (task, input) => {
      tasks.push(task.name);
      return platform.offload.run(task, input);
    },
    close: () => platform.offload.close(),
  };
  const environment = createLogEnvironment({ ...platform, offload }, { inlineScanBytesMax });
  return { environment, tasks };
}

/** Three segments of a producer's batches, as a process leaves them that is killed. */
function writeLog(environment: LogEnvironment, folder: string): void {
  const log = newLog(environment, folder, { segmentBytes: 2000 });
  for (let sequence = 0; sequence < 60; sequence += 1) {
    const batch = batchOf(["value"], { ...producer, baseSequence: sequence });
    log.append(batch, { origin: "client", leaderEpoch: sequence < 30 ? 1 : 2 });
  }
  log.abandon();
  environment.files.close();
}

function openOptions(folder: string, recoveryPoint = 0): OpenLogOptions {
  return {
    path: join(folder, "orders-0"),
    config: configWith({ segmentBytes: 2000, producerIdExpirationMs: Number.MAX_SAFE_INTEGER }),
    directoryState: new TestDirectoryState(),
    wasCleanShutdown: false,
    recoveryPoint,
    logStartOffset: 0,
    highWatermark: 0,
  };
}

test("a worker recovers a log as the event loop does: batches, epochs, producers", async (context) => {
  for (const inlineScanBytesMax of [0, 1_000_000]) {
    const folder = temporaryFolder(context);
    const { environment, tasks } = environmentWithWorker(context, inlineScanBytesMax);
    writeLog(environment, folder);
    const { log, recoveredSegmentCount } = await openLog(environment, openOptions(folder));
    assert.equal(recoveredSegmentCount, log.segmentCount);
    assert.equal(log.logEndOffset, 60);
    assert.deepEqual(log.endOffsetForEpoch(1), { leaderEpoch: 1, endOffset: 30 });
    assert.deepEqual(
      log.activeProducers().map(({ producerId, lastSequence }) => [producerId, lastSequence]),
      [[7n, 59]],
    );
    const next = batchOf(["next"], { ...producer, baseSequence: 60 });
    assert.equal(log.append(next, { origin: "client", leaderEpoch: 2 }).kind, "appended");
    const expected = inlineScanBytesMax === 0 ? log.segmentCount : 0;
    assert.equal(tasks.filter((name) => name === "recovery.segment").length, expected);
    log.abandon();
  }
});

test("a damaged file of epochs is made anew from the batches by a worker", async (context) => {
  const folder = temporaryFolder(context);
  const { environment, tasks } = environmentWithWorker(context, 0);
  writeLog(environment, folder);
  writeFileSync(join(folder, "orders-0", "leader-epoch-checkpoint"), "not a checkpoint");
  const { log } = await openLog(environment, openOptions(folder, 60));
  assert.deepEqual(log.endOffsetForEpoch(1), { leaderEpoch: 1, endOffset: 30 });
  assert.ok(tasks.includes("recovery.scanEpochs"));
  log.abandon();
});

test("damage in what was durable is told by the worker as it is by the event loop", async (context) => {
  for (const inlineScanBytesMax of [0, 1_000_000]) {
    const folder = temporaryFolder(context);
    const { environment } = environmentWithWorker(context, inlineScanBytesMax);
    writeLog(environment, folder);
    const directory = join(folder, "orders-0");
    const names = environment.fileSystem.readDirectory(directory).map(({ name }) => name);
    const path = join(directory, names.findLast((name) => name.endsWith(".log")) ?? "");
    environment.fileSystem.open(path, "readWrite").writeSync([Buffer.from("damage")], 20);
    await assert.rejects(openLog(environment, openOptions(folder, 60)), (error) => {
      assert.ok(error instanceof CorruptLogError);
      assert.equal(error.path, path);
      return true;
    });
  }
});

test("every task has a name of its own", () => {
  assert.equal(new Set(storageTasks.map(({ name }) => name)).size, storageTasks.length);
});
