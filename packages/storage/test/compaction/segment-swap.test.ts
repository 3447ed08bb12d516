import assert from "node:assert/strict";
import { test } from "node:test";
import { InlineOffload } from "@millrace/platform";
import { batchHeader, readRecords } from "@millrace/protocol";
import { measureCleanable } from "../../src/compaction/cleanable-range.ts";
import { defaultLogCleanerConfig } from "../../src/compaction/log-cleaner.ts";
import { LogCompaction } from "../../src/compaction/log-compaction.ts";
import type { PartitionLog } from "../../src/partition-log.ts";
import { batchOf, newLog, realEnvironment, temporaryFolder } from "../support.ts";

const append = { origin: "client", leaderEpoch: 0, ownership: "given" } as const;

test("a reader served from memory sees what the files have after a compaction", async (context) => {
  const environment = realEnvironment();
  const log = newLog(environment, temporaryFolder(context), { cleanupPolicy: ["compact"] });
  for (let version = 0; version < 10; version++) {
    log.append(batchOf([`value ${version}`], { key: "k" }), append);
  }
  log.roll();
  log.append(batchOf(["newest"], { key: "k" }), append);
  log.advanceHighWatermark(11);
  assert.equal((await valuesOf(log)).length, 11);
  const { fileSystem, clock } = environment;
  const compaction = new LogCompaction({
    log,
    range: measureCleanable(log, undefined, clock.nowMs()),
    limits: defaultLogCleanerConfig,
    offload: new InlineOffload({ fileSystem, clock }),
    isStopped: () => false,
  });
  await compaction.run();
  assert.deepEqual(await valuesOf(log), ["value 9", "newest"]);
  await log.close();
});

async function valuesOf(log: PartitionLog): Promise<readonly string[]> {
  const values: string[] = [];
  for (let offset = 0; offset < log.logEndOffset; ) {
    const outcome = await log.read({
      offset,
      maxBytes: 1_000_000,
      minOneBatch: true,
      isolation: "end",
    });
    assert.ok(outcome.kind === "read");
    const bytes = Buffer.concat(outcome.chunks);
    outcome.release();
    for (let at = 0; at < bytes.length; at += batchHeader.sizeBytes(bytes, at)) {
      for (const record of readRecords(bytes, at)) values.push(String(record.value));
      offset = batchHeader.nextOffset(bytes, at);
    }
  }
  return values;
}
