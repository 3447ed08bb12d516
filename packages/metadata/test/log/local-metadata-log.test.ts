import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";

import { emptyImage } from "../../src/image/empty-image.ts";
import { LocalMetadataLog } from "../../src/log/local-metadata-log.ts";
import { MemoryRecordLog } from "../../src/log/memory-record-log.ts";
import { readQuorumState } from "../../src/log/quorum-state.ts";
import { readRaftBatches } from "../../src/log/raft-batch.ts";
import { noVoters } from "../../src/log/raft-voters.ts";
import { snapshotFileName } from "../../src/log/snapshot-name.ts";
import type { MetadataRecord } from "../../src/records/metadata-record.ts";
import { idOf, imageAfter } from "../support/decisions.ts";
import { settled } from "../support/settled.ts";

function topic(number: number): MetadataRecord {
  return {
    type: "TopicRecord",
    version: 0,
    data: { name: `topic-${number}`, topicId: idOf(number) },
  };
}

function startLog(controllerEpoch = 1) {
  const platform = simPlatform({ seed: 1 });
  const { fileSystem, clock, logger } = platform;
  fileSystem.makeDirectory("/m");
  const recordLog = new MemoryRecordLog();
  const log = LocalMetadataLog.start({
    recordLog,
    directory: "/m",
    fileSystem,
    clock,
    logger,
    nodeId: 1,
    controllerEpoch,
    voters: noVoters,
    snapshots: [],
  });
  return { platform, recordLog, log };
}

test("an epoch begins with its quorum-state and a LeaderChange record", async () => {
  const { platform, recordLog } = startLog(7);
  const state = readQuorumState(platform.fileSystem, "/m/quorum-state");
  assert.deepEqual([state?.leaderEpoch, state?.leaderId, state?.currentVoters], [7, 1, [1]]);
  const [batch] = readRaftBatches(await recordLog.read(0, 1_000));
  assert.deepEqual([batch?.kind, batch?.leaderEpoch], ["control", 7]);
});

test("appends that come while a sync is under way share the next one", async () => {
  const { recordLog, log } = startLog();
  let flushCount = 0;
  const flush = recordLog.flush.bind(recordLog);
  recordLog.flush = async () => {
    flushCount += 1;
    await flush();
  };
  const appends = Array.from({ length: 50 }, (_, index) => log.append([topic(index)], 5));
  assert.deepEqual(
    appends.map(({ baseOffset }) => baseOffset),
    Array.from({ length: 50 }, (_, index) => index + 1),
  );
  const outcomes = await Promise.all(appends.map(({ outcome }) => outcome));
  assert.deepEqual(new Set(outcomes), new Set(["committed"]));
  assert.equal(flushCount, 2);
  assert.equal(log.committedEndOffset, 51);
});

test("after a failed sync nothing is known, and nothing is appended any more", async () => {
  const { recordLog, log } = startLog();
  const before = log.append([topic(1)], 5);
  const during = log.append([topic(2)], 5);
  recordLog.failFlush(new Error("EIO"));
  assert.deepEqual([await before.outcome, await during.outcome], ["unknown", "unknown"]);
  const endOffset = recordLog.logEndOffset;
  const after = log.append([topic(3)], 5);
  assert.equal(await after.outcome, "unknown");
  assert.equal(recordLog.logEndOffset, endOffset);
});

test("a change too large for one batch is a metadata transaction", async () => {
  const { recordLog, log } = startLog();
  const records = Array.from({ length: 25_000 }, (_, index) => topic(index));
  const append = log.append(records, 5);
  assert.equal(append.lastOffset - append.baseOffset + 1, records.length + 2);
  await append.outcome;
  const batches = [...readRaftBatches(await recordLog.read(1, 100_000_000))];
  assert.equal(batches.length, 3);
  assert.equal(batches[0]?.records[0]?.type, "BeginTransactionRecord");
  assert.equal(batches.at(-1)?.records.at(-1)?.type, "EndTransactionRecord");
  for await (const committed of log.tail(append.baseOffset)) {
    if (committed.records.length === 0) continue;
    assert.deepEqual(committed.records, records);
    assert.equal(committed.lastOffset, append.lastOffset);
    break;
  }
});

test("a tail gives what is committed, and waits for more", async () => {
  const { log } = startLog();
  await log.append([topic(1)], 5).outcome;
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { lastOffset } of log.tail(0)) {
      seen.push(lastOffset);
      if (lastOffset === 3) break;
    }
  })();
  await log.append([topic(2), topic(3)], 5).outcome;
  await reading;
  assert.deepEqual(seen, [1, 3]);
});

test("the two newest snapshots are kept, and the log from the older of them on", async () => {
  const { platform, recordLog, log } = startLog();
  let image = emptyImage;
  for (let number = 1; number <= 3; number += 1) {
    const append = log.append([topic(number)], 5);
    await append.outcome;
    image = imageAfter(image, [topic(number)]);
    const provenance = {
      lastContainedOffset: append.lastOffset,
      lastContainedEpoch: 1,
      lastContainedTimestampMs: 5,
    };
    await settled(platform.clock, log.writeSnapshot({ ...image, provenance }));
  }
  const names = platform.fileSystem.readDirectory("/m").map(({ name }) => name);
  const kept = [3, 4].map((endOffset) => snapshotFileName({ endOffset, leaderEpoch: 1 }));
  assert.deepEqual(names, [...kept, "quorum-state"]);
  assert.equal(recordLog.logStartOffset, 3);
  await log.close();
});
