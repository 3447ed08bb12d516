import { IoError } from "@millrace/platform";
import { swapSuffix } from "../file-names.ts";
import type { PartitionLog } from "../partition-log.ts";
import { segmentPaths } from "../segment-paths.ts";
import { removeSegmentFiles } from "./cleaned-segment.ts";
import type { SourceSegment } from "./compaction-steps.ts";

/** A cleaned segment that has the suffix `.swap`, and what it stands for. */
export interface OfferedSegment {
  readonly sources: readonly SourceSegment[];
  readonly baseOffset: number;
  readonly sizeBytes: number;
  readonly largestTimestampMs: number;
  readonly hasTransactionIndex: boolean;
}

/** Whether the segments that were read are still those of the log. */
export function areSourcesInPlace(log: PartitionLog, sources: readonly SourceSegment[]): boolean {
  if (log.isOffline) return false;
  const { closed } = log.segments;
  const [first] = sources;
  if (first === undefined || closed.count === 0) return false;
  const index = closed.find(first.baseOffset);
  if (index < 0 || index + sources.length > closed.count) return false;
  return sources.every(
    ({ baseOffset, sizeBytes }, at) =>
      closed.baseOffset(index + at) === baseOffset &&
      log.segments.closedSize(index + at) === sizeBytes,
  );
}

/**
 * Puts an offered segment in the place of its sources: in the log at once, and in the directory so
 * that a crash at any point leaves either all of them or the new one (docs/formats/compaction.md
 * §4). The sources must be in place. @throws IoError: the log directory is offline then.
 */
export function putInPlace(log: PartitionLog, offered: OfferedSegment): void {
  const { directoryState } = log.parts;
  try {
    renameFiles(log, offered);
  } catch (error) {
    if (error instanceof IoError) directoryState.fail(error);
    throw error;
  }
  const { baseOffset, sizeBytes, largestTimestampMs, sources } = offered;
  const { closed } = log.segments;
  const index = closed.find(baseOffset);
  closed.splice(index, index + sources.length, [{ baseOffset, sizeBytes, largestTimestampMs }]);
  const baseOffsets = sources.map((source) => source.baseOffset);
  const target = { baseOffset, hasIndex: offered.hasTransactionIndex };
  log.parts.aborted.replace(baseOffsets, target);
  log.parts.reader.forget();
  // Readers near the end are served from memory, which still has what the files have lost.
  const hasNext = index + 1 < closed.count;
  const { active } = log.segments;
  log.parts.tail.forgetBefore(hasNext ? closed.baseOffset(index + 1) : active.baseOffset);
}

function renameFiles(log: PartitionLog, offered: OfferedSegment): void {
  const { environment, snapshots } = log.parts;
  const { fileSystem } = environment;
  const { segments, path } = log;
  const delayMs = log.config.fileDeleteDelayMs;
  const baseOffsets = offered.sources.map((source) => source.baseOffset);
  segments.deleteLater(
    baseOffsets.flatMap((baseOffset) => segments.filesOf(baseOffset)),
    delayMs,
  );
  const inside = new Set(baseOffsets.filter((baseOffset) => baseOffset !== offered.baseOffset));
  const snapshotOffsets = snapshots.offsets.filter((offset) => inside.has(offset));
  segments.deleteLater(snapshots.release(snapshotOffsets), delayMs);
  // The old ones are gone for sure before the new one loses the suffix that tells what it is.
  fileSystem.syncDirectory(path);
  const from = segmentPaths(path, offered.baseOffset, swapSuffix);
  const to = segmentPaths(path, offered.baseOffset);
  for (const kind of ["log", "offsetIndex", "timeIndex", "transactionIndex"] as const) {
    if (fileSystem.exists(from[kind])) fileSystem.rename(from[kind], to[kind]);
  }
}

/** Takes an offered segment away again: what it stands for has changed meanwhile. */
export function withdraw(log: PartitionLog, baseOffset: number): void {
  const { environment, directoryState } = log.parts;
  if (directoryState.isOffline || !environment.fileSystem.exists(log.path)) return;
  const paths = segmentPaths(log.path, baseOffset, swapSuffix);
  removeSegmentFiles(environment.fileSystem, paths);
  environment.fileSystem.syncDirectory(log.path);
}
