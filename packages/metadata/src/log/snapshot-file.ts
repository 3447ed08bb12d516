import type { Clock, FileSystem } from "@millrace/platform";

import { MetadataFileError } from "../metadata-errors.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import { encodeMetadataRecord } from "../records/record-framing.ts";
import { directoryOf } from "./durable-file.ts";
import type { RaftBatch } from "./raft-batch.ts";
import { buildDataBatch, buildRaftControlBatch, readRaftBatches } from "./raft-batch.ts";
import type { RaftVoters } from "./raft-voters.ts";
import { snapshotFooter, snapshotHeader, votersRecords } from "./raft-voters.ts";

/** What a snapshot is made of. */
export interface SnapshotContent {
  /** The timestamp of the last record of the log that it contains; 0 when there is none. */
  readonly lastContainedTimestampMs: number;
  /** Stamped into every batch. */
  readonly leaderEpoch: number;
  /** Undefined for `bootstrap.checkpoint`, which has no voters. */
  readonly voters: RaftVoters | undefined;
  readonly records: Iterable<MetadataRecord>;
}

/** Where a snapshot is written, and with what time in its batches. */
export interface SnapshotTarget {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly path: string;
}

/** Records of a batch are closed at this size, well below Kafka's limit of 8 MiB for one batch. */
const BATCH_SIZE_BYTES = 1024 * 1024;

/**
 * Writes a snapshot: under a temporary name, durable, then renamed. Between batches it lets other
 * work run.
 */
export async function writeSnapshotFile(
  target: SnapshotTarget,
  content: SnapshotContent,
): Promise<void> {
  const { fileSystem, clock, path } = target;
  const temporary = `${path}.part`;
  fileSystem.removeFile(temporary);
  const file = fileSystem.open(temporary, "createNew");
  try {
    let position = 0;
    for (const batch of snapshotBatches(content, clock)) {
      file.writeSync([batch], position);
      position += batch.length;
      await new Promise<void>((resolve) => clock.setImmediate(resolve));
    }
    await file.sync();
    file.close();
  } catch (error) {
    // A full disk is no place to leave a part of a snapshot.
    file.close();
    fileSystem.removeFile(temporary);
    throw error;
  }
  fileSystem.rename(temporary, path);
  fileSystem.syncDirectory(directoryOf(path));
}

/** As `writeSnapshotFile`, blocking: for a folder that is being formatted. */
export function writeSnapshotFileNow(target: SnapshotTarget, content: SnapshotContent): void {
  const { fileSystem, clock, path } = target;
  const temporary = `${path}.part`;
  fileSystem.removeFile(temporary);
  const file = fileSystem.open(temporary, "createNew");
  try {
    file.writeSync([...snapshotBatches(content, clock)], 0);
    file.syncNow();
  } finally {
    file.close();
  }
  fileSystem.rename(temporary, path);
  fileSystem.syncDirectory(directoryOf(path));
}

/**
 * Reads a snapshot's batches; the last must carry the footer.
 * @throws MetadataFileError when the file is damaged or not complete.
 */
export function readSnapshotFile(fileSystem: FileSystem, path: string): readonly RaftBatch[] {
  let batches: readonly RaftBatch[];
  try {
    batches = [...readRaftBatches(fileSystem.readFile(path))];
  } catch (cause) {
    throw new MetadataFileError(`the snapshot ${path} cannot be read`, { path, cause });
  }
  const last = batches.at(-1)?.records.at(-1);
  if (last === undefined || last.type !== "SNAPSHOT_FOOTER") {
    throw new MetadataFileError(`the snapshot ${path} is not complete`, { path });
  }
  return batches;
}

function* snapshotBatches(content: SnapshotContent, clock: Clock): Generator<Buffer> {
  const { leaderEpoch } = content;
  const timestampMs = clock.nowMs();
  const voters = content.voters === undefined ? [] : votersRecords(content.voters);
  const head = [snapshotHeader(content.lastContainedTimestampMs), ...voters];
  yield buildRaftControlBatch(head, { baseOffset: 0, leaderEpoch, timestampMs });
  let baseOffset = head.length;
  let values: Uint8Array[] = [];
  let sizeBytes = 0;
  for (const record of content.records) {
    const value = encodeMetadataRecord(record);
    values.push(value);
    sizeBytes += value.length;
    if (sizeBytes < BATCH_SIZE_BYTES) continue;
    yield buildDataBatch(values, { baseOffset, leaderEpoch, timestampMs });
    baseOffset += values.length;
    values = [];
    sizeBytes = 0;
  }
  if (values.length > 0) {
    yield buildDataBatch(values, { baseOffset, leaderEpoch, timestampMs });
    baseOffset += values.length;
  }
  yield buildRaftControlBatch([snapshotFooter()], { baseOffset, leaderEpoch, timestampMs });
}
