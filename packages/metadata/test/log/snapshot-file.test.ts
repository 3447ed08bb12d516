import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";

import { defaultBootstrapRecords } from "../../src/controller/activation.ts";
import { noVoters } from "../../src/log/raft-voters.ts";
import {
  readSnapshotFile,
  writeSnapshotFile,
  writeSnapshotFileNow,
} from "../../src/log/snapshot-file.ts";
import type { MetadataRecord } from "../../src/records/metadata-record.ts";
import { idOf } from "../support/decisions.ts";
import { settled } from "../support/settled.ts";

const path = "/00000000000000000009-0000000002.checkpoint";
const content = {
  lastContainedTimestampMs: 5,
  leaderEpoch: 2,
  voters: noVoters,
  records: defaultBootstrapRecords(),
};

test("a snapshot has a header, its records and a footer, with offsets of its own", () => {
  const { fileSystem, clock } = simPlatform({ seed: 1 });
  writeSnapshotFileNow({ fileSystem, clock, path }, content);
  const batches = readSnapshotFile(fileSystem, path);
  assert.deepEqual(
    batches.map(({ kind, baseOffset, lastOffset, leaderEpoch }) => [
      kind,
      baseOffset,
      lastOffset,
      leaderEpoch,
    ]),
    [
      ["control", 0, 0, 2],
      ["data", 1, 6, 2],
      ["control", 7, 7, 2],
    ],
  );
  assert.deepEqual(batches[1]?.records, content.records);
  assert.deepEqual(
    fileSystem.readDirectory("/").map(({ name }) => name),
    [path.slice(1)],
  );
});

test("a large snapshot is many batches and lets other work run between them", async () => {
  const { fileSystem, clock } = simPlatform({ seed: 1 });
  const records = Array.from({ length: 40_000 }, (_, index): MetadataRecord => {
    const data = { name: `topic-${"x".repeat(100)}-${index}`, topicId: idOf(index) };
    return { type: "TopicRecord", version: 0, data };
  });
  let turns = 0;
  const writing = writeSnapshotFile({ fileSystem, clock, path }, { ...content, records });
  clock.setTimer(0, () => {
    turns += 1;
  });
  await settled(clock, writing);
  const batches = readSnapshotFile(fileSystem, path);
  assert.ok(batches.length > 4);
  assert.deepEqual(
    batches.flatMap((batch) => (batch.kind === "data" ? batch.records : [])),
    records,
  );
  assert.equal(turns, 1);
});

test("a snapshot without its footer, or damaged, is not read", () => {
  const { fileSystem, clock } = simPlatform({ seed: 1 });
  writeSnapshotFileNow({ fileSystem, clock, path }, content);
  const bytes = fileSystem.readFile(path);
  const file = fileSystem.open(path, "readWrite");
  file.truncate(bytes.length - 75);
  assert.throws(() => readSnapshotFile(fileSystem, path), {
    code: "METADATA_FILE_ERROR",
    message: /not complete/,
  });
  file.truncate(bytes.length - 80);
  assert.throws(() => readSnapshotFile(fileSystem, path), { code: "METADATA_FILE_ERROR" });
});

test("a snapshot that the disk has no room for leaves nothing behind", async () => {
  const { fileSystem, clock } = simPlatform({ seed: 1 });
  fileSystem.disk.faults.add({ operations: ["write"], systemCode: "ENOSPC", afterCount: 1 });
  const writing = writeSnapshotFile({ fileSystem, clock, path }, content);
  await assert.rejects(settled(clock, writing), { code: "IO_ERROR" });
  assert.deepEqual(fileSystem.readDirectory("/"), []);
});
