import { maxTimestampOf } from "@millrace/protocol";
import type { PartitionLog } from "../partition-log.ts";
import { segmentPaths } from "../segment-paths.ts";

/** What of a log can be compacted now, and how much it needs it. */
export interface CleanableRange {
  /** Where the part begins that no compaction has seen. */
  readonly firstDirtyOffset: number;
  /** Exclusive end of what can be compacted: where a segment begins. */
  readonly endOffset: number;
  readonly cleanBytes: number;
  readonly cleanableBytes: number;
  /** Cleanable bytes to all bytes that would be read; 0 when there are none. */
  readonly ratio: number;
  /** How long the oldest dirty record has passed `max.compaction.lag.ms`; 0 when it has not. */
  readonly overdueMs: number;
  /** The checkpoint was of no use: it lay outside the log. */
  readonly isCheckpointReset: boolean;
}

/** Bytes that hold a batch's header in every format. */
const prefixSizeBytes = 61;

/**
 * Measures a log: not beyond the last stable offset, the active segment, or the first segment with
 * a record younger than `min.compaction.lag.ms`. Source: LogCleanerManager of Apache Kafka.
 */
export function measureCleanable(
  log: PartitionLog,
  checkpointOffset: number | undefined,
  nowMs: number,
): CleanableRange {
  const { closed } = log.segments;
  const wanted = checkpointOffset ?? log.logStartOffset;
  const isOutside = wanted < log.logStartOffset || wanted > log.logEndOffset;
  const firstDirtyOffset = isOutside ? log.logStartOffset : wanted;
  const firstDirty = Math.max(0, closed.count === 0 ? 0 : closed.find(firstDirtyOffset));
  const endIndex = findEnd(log, firstDirty, nowMs);
  const endOffset = baseOffsetAt(log, endIndex);
  let cleanBytes = 0;
  let cleanableBytes = 0;
  for (let index = 0; index < endIndex; index += 1) {
    const sizeBytes = log.segments.closedSize(index);
    // The segment in which the dirty part begins counts on both sides, as in Kafka.
    if (closed.baseOffset(index) < firstDirtyOffset) cleanBytes += sizeBytes;
    if (index >= firstDirty) cleanableBytes += sizeBytes;
  }
  const isDirty = endOffset > firstDirtyOffset;
  if (!isDirty) cleanableBytes = 0;
  return {
    firstDirtyOffset,
    endOffset: Math.max(endOffset, firstDirtyOffset),
    cleanBytes,
    cleanableBytes,
    ratio: cleanableBytes === 0 ? 0 : cleanableBytes / (cleanBytes + cleanableBytes),
    overdueMs: isDirty ? measureOverdue(log, { firstDirty, endIndex }, nowMs) : 0,
    isCheckpointReset: isOutside && checkpointOffset !== undefined,
  };
}

function baseOffsetAt(log: PartitionLog, index: number): number {
  const { active, closed } = log.segments;
  return index < closed.count ? closed.baseOffset(index) : active.baseOffset;
}

/** The first segment that cannot be compacted. */
function findEnd(log: PartitionLog, firstDirty: number, nowMs: number): number {
  const { active, closed } = log.segments;
  const stable = log.lastStableOffset;
  const count = closed.count;
  const endIndex = stable >= active.baseOffset || count === 0 ? count : closed.find(stable);
  const { minCompactionLagMs } = log.config;
  if (minCompactionLagMs <= 0) return Math.max(0, endIndex);
  for (let index = firstDirty; index < endIndex; index += 1) {
    if (newestTimestampMs(log, index) > nowMs - minCompactionLagMs) return index;
  }
  return Math.max(0, endIndex);
}

/** The time of a segment's newest record; of its file where records have none. */
function newestTimestampMs(log: PartitionLog, index: number): number {
  const timestampMs = log.segments.closedLargestTimestampMs(index);
  if (timestampMs >= 0) return timestampMs;
  const { log: path } = segmentPaths(log.path, log.segments.closed.baseOffset(index));
  return log.parts.environment.fileSystem.stat(path)?.modifiedMs ?? 0;
}

function measureOverdue(
  log: PartitionLog,
  range: { readonly firstDirty: number; readonly endIndex: number },
  nowMs: number,
): number {
  const { maxCompactionLagMs } = log.config;
  if (maxCompactionLagMs >= Number.MAX_SAFE_INTEGER) return 0;
  let earliestMs = Infinity;
  for (let index = range.firstDirty; index < range.endIndex; index += 1) {
    const timestampMs = firstTimestampMs(log, index);
    if (timestampMs > 0) earliestMs = Math.min(earliestMs, timestampMs);
  }
  return Math.max(0, nowMs - maxCompactionLagMs - earliestMs);
}

/** The time of a segment's first batch; -1 when it has none. */
function firstTimestampMs(log: PartitionLog, index: number): number {
  const { log: path } = segmentPaths(log.path, log.segments.closed.baseOffset(index));
  const prefix = Buffer.alloc(prefixSizeBytes);
  const count = log.parts.environment.files.get(path).readSync(prefix, 0);
  return count < prefix.length ? -1 : maxTimestampOf(prefix, 0);
}
