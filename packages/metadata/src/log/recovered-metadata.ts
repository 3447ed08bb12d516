import type { FileSystem, Logger } from "@millrace/platform";

import { MetadataFileError, UnsupportedMetadataError } from "../metadata-errors.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import { emptyImage } from "../image/empty-image.ts";
import { ImageBuilder } from "../image/image-builder.ts";
import { supportedFeatures } from "../records/feature-levels.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import type { RaftBatch } from "./raft-batch.ts";
import { readRaftBatches } from "./raft-batch.ts";
import type { RaftVoters } from "./raft-voters.ts";
import { noVoters, votersAfter } from "./raft-voters.ts";
import type { RecordLog } from "./record-log.ts";
import { readSnapshotFile } from "./snapshot-file.ts";
import type { SnapshotId } from "./snapshot-name.ts";
import { isSnapshotRemnant, parseSnapshotFileName, snapshotFileName } from "./snapshot-name.ts";
import { TransactionFilter } from "./transaction-filter.ts";

/** What a metadata log and its snapshots come to. */
export interface RecoveredMetadata {
  readonly image: ClusterImage;
  /** A metadata transaction was begun and not ended; the image has nothing of it. */
  readonly isInTransaction: boolean;
  readonly voters: RaftVoters;
  /** Oldest first. */
  readonly snapshots: readonly SnapshotId[];
  /** The highest epoch seen; 0 when there is none. */
  readonly lastEpoch: number;
  /** Bytes of the log after the newest snapshot: what the next start reads again. */
  readonly tailSizeBytes: number;
}

/** Bytes read from the log at a time. */
const READ_SIZE_BYTES = 1024 * 1024;

/**
 * Makes the image from the newest snapshot and the log after it.
 * @throws UnsupportedMetadataError for what this version cannot serve, naming it; MetadataFileError
 *   for a damaged snapshot or log; MetadataReplayError for records that contradict each other.
 */
export async function recoverMetadata(
  directory: string,
  recordLog: RecordLog,
  world: { readonly fileSystem: FileSystem; readonly logger: Logger },
): Promise<RecoveredMetadata> {
  const snapshots = listSnapshots(directory, world.fileSystem);
  const newest = snapshots.at(-1);
  if (newest !== undefined && newest.endOffset > recordLog.logEndOffset) {
    // A snapshot was made durable and the log before it was not: the snapshot has it all.
    recordLog.truncateFullyAndStartAt(newest.endOffset);
  }
  const oldest = snapshots.at(0);
  if (oldest !== undefined) recordLog.truncatePrefix(oldest.endOffset);
  if (recordLog.logStartOffset > (newest?.endOffset ?? 0)) {
    const path = directory;
    const from = recordLog.logStartOffset;
    throw new MetadataFileError(`${path} begins at offset ${from} and no snapshot reaches it`, {
      path,
    });
  }
  const replay = new Replay();
  if (newest !== undefined) {
    const path = `${directory}/${snapshotFileName(newest)}`;
    for (const batch of readSnapshotFile(world.fileSystem, path)) replay.acceptSnapshot(batch);
    replay.endSnapshot(newest);
  }
  const tailSizeBytes = await replayLog(replay, recordLog, directory);
  const { image, isInTransaction, voters, lastEpoch } = replay.result();
  const { lastContainedOffset } = image.provenance;
  world.logger.info("metadata recovered", { lastContainedOffset, topics: image.topics.byId.size });
  return { image, isInTransaction, voters, lastEpoch, snapshots, tailSizeBytes };
}

async function replayLog(replay: Replay, recordLog: RecordLog, path: string): Promise<number> {
  let offset = replay.nextOffset;
  let sizeBytes = 0;
  while (offset < recordLog.logEndOffset) {
    const bytes = await recordLog.read(offset, READ_SIZE_BYTES);
    const before = offset;
    sizeBytes += bytes.length;
    try {
      for (const batch of readRaftBatches(bytes)) {
        if (batch.lastOffset >= offset) replay.accept(batch);
        offset = batch.lastOffset + 1;
      }
    } catch (cause) {
      if (cause instanceof UnsupportedMetadataError) throw cause;
      const message = `the metadata log ${path} cannot be read from offset ${offset} on`;
      throw new MetadataFileError(message, { path, cause });
    }
    if (offset === before) {
      throw new MetadataFileError(`${path} gives nothing at offset ${offset}`, { path });
    }
  }
  return sizeBytes;
}

function listSnapshots(directory: string, fileSystem: FileSystem): readonly SnapshotId[] {
  const snapshots: SnapshotId[] = [];
  for (const { name } of fileSystem.readDirectory(directory)) {
    if (isSnapshotRemnant(name)) fileSystem.removeFile(`${directory}/${name}`);
    const id = parseSnapshotFileName(name);
    if (id !== undefined) snapshots.push(id);
  }
  return snapshots;
}

/** Takes batches in order and makes one image from all of them. */
class Replay {
  readonly #builder = new ImageBuilder(emptyImage);
  readonly #transactions = new TransactionFilter();
  #voters = noVoters;
  #provenance = emptyImage.provenance;
  #lastEpoch = 0;
  #snapshotTimestampMs = -1;
  nextOffset = 0;

  acceptSnapshot(batch: RaftBatch): void {
    if (batch.kind === "control") this.#control(batch);
    else this.#apply(batch.records);
    this.#snapshotTimestampMs = Math.max(this.#snapshotTimestampMs, batch.timestampMs);
  }

  endSnapshot({ endOffset, leaderEpoch }: SnapshotId): void {
    this.nextOffset = endOffset;
    this.#lastEpoch = leaderEpoch;
    if (endOffset === 0) return;
    this.#provenance = {
      lastContainedOffset: endOffset - 1,
      lastContainedEpoch: leaderEpoch,
      lastContainedTimestampMs: this.#snapshotTimestampMs,
    };
  }

  accept(batch: RaftBatch): void {
    this.nextOffset = batch.lastOffset + 1;
    this.#lastEpoch = Math.max(this.#lastEpoch, batch.leaderEpoch);
    if (batch.kind === "control") {
      this.#control(batch);
      return;
    }
    this.#apply(this.#transactions.accept(batch.records));
    this.#provenance = {
      lastContainedOffset: batch.lastOffset,
      lastContainedEpoch: batch.leaderEpoch,
      lastContainedTimestampMs: batch.timestampMs,
    };
  }

  result(): Omit<RecoveredMetadata, "snapshots" | "tailSizeBytes"> {
    const { image } = this.#builder.build(this.#provenance);
    return {
      image,
      isInTransaction: this.#transactions.isOpen,
      voters: this.#voters,
      lastEpoch: this.#lastEpoch,
    };
  }

  #control(batch: Extract<RaftBatch, { readonly kind: "control" }>): void {
    for (const record of batch.records) this.#voters = votersAfter(this.#voters, record);
  }

  #apply(records: readonly MetadataRecord[]): void {
    for (const record of records) {
      refuseUnknownFeature(record);
      this.#builder.apply(record);
    }
  }
}

/**
 * Gives the image that bootstrap records make.
 * @throws UnsupportedMetadataError for features that this version does not know.
 */
export function bootstrapImage(records: readonly MetadataRecord[]): ClusterImage {
  const builder = new ImageBuilder(emptyImage);
  for (const record of records) {
    refuseUnknownFeature(record);
    builder.apply(record);
  }
  return builder.build(emptyImage.provenance).image;
}

// At once, before records are met that only a newer version could read.
function refuseUnknownFeature(record: MetadataRecord): void {
  if (record.type !== "FeatureLevelRecord") return;
  const { name, featureLevel } = record.data;
  const known = supportedFeatures.find((feature) => feature.name === name);
  if (featureLevel === 0 && known === undefined) return;
  if (known !== undefined && featureLevel <= known.maxSupportedVersion) return;
  const newest = known === undefined ? "it is not known" : `${known.maxSupportedVersion} is known`;
  throw new UnsupportedMetadataError(`the folder uses ${name} ${featureLevel}; ${newest} here`);
}
