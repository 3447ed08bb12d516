import type { LogConfig } from "./log-config.ts";
import type { LogEnvironment } from "./log-environment.ts";
import type { LogSegments } from "./log-segments.ts";
import { nextTurn } from "./next-turn.ts";

/** After this many looks into closed segments other work gets a turn. */
const looksPerTurn = 64;

/** What retention sees of a log. */
export interface RetainedLog {
  readonly config: LogConfig;
  readonly segments: LogSegments;
  readonly isOffline: boolean;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  readonly sizeBytes: number;
  roll(): void;
}

/** What retention needs beside the log. */
export interface RetentionContext {
  readonly environment: LogEnvironment;
  deleteOldest(count: number): void;
}

/**
 * Deletes the oldest segments that Kafka's rules let go: those below the log start offset, those
 * whose newest record is older than `retention.ms`, and those that `retention.bytes` has no room
 * for. Nothing at or beyond the high watermark goes.
 * @returns how many segments were deleted.
 */
export async function retainSegments(log: RetainedLog, context: RetentionContext): Promise<number> {
  let count = countBelowStart(log);
  if (log.config.cleanupPolicy.includes("delete")) {
    count = Math.max(count, countOverSize(log, count));
    const byTime = await countTooOld(log, context.environment);
    if (log.isOffline) return 0;
    count = Math.max(count, byTime.count);
    if (byTime.includesActive && count === log.segments.closed.count && canLoseActive(log)) {
      log.roll();
      count = log.segments.closed.count;
    }
  }
  // Segments may have gone while timestamps were looked up; those that are there now count.
  count = Math.min(count, countBelowHighWatermark(log));
  if (count > 0) context.deleteOldest(count);
  return count;
}

/** Where the segment after a closed one begins. */
function endOf(log: RetainedLog, index: number): number {
  const { closed, active } = log.segments;
  return index + 1 < closed.count ? closed.baseOffset(index + 1) : active.baseOffset;
}

function countWhile(log: RetainedLog, isGone: (index: number) => boolean): number {
  let count = 0;
  while (count < log.segments.closed.count && isGone(count)) count += 1;
  return count;
}

function countBelowStart(log: RetainedLog): number {
  return countWhile(log, (index) => endOf(log, index) <= log.logStartOffset);
}

function countBelowHighWatermark(log: RetainedLog): number {
  return countWhile(log, (index) => endOf(log, index) <= log.highWatermark);
}

function countOverSize(log: RetainedLog, alreadyGone: number): number {
  const { retentionBytes } = log.config;
  if (retentionBytes < 0) return 0;
  let excess = log.sizeBytes - retentionBytes;
  return countWhile(log, (index) => {
    const size = log.segments.closedSize(index);
    const isGone = index < alreadyGone || excess - size >= 0;
    excess -= size;
    return isGone;
  });
}

async function countTooOld(
  log: RetainedLog,
  environment: LogEnvironment,
): Promise<{ readonly count: number; readonly includesActive: boolean }> {
  const { retentionMs } = log.config;
  if (retentionMs < 0) return { count: 0, includesActive: false };
  const { segments } = log;
  const nowMs = environment.clock.nowMs();
  let count = 0;
  let looks = 0;
  while (count < segments.closed.count) {
    if (!segments.closed.knowsTimestamp(count)) {
      looks += 1;
      if (looks % looksPerTurn === 0) await nextTurn(environment);
      if (log.isOffline || count >= segments.closed.count) break;
    }
    const timestampMs = newestTimestamp(log, environment, count);
    if (nowMs - timestampMs <= retentionMs) return { count, includesActive: false };
    count += 1;
  }
  const { active } = segments;
  const isActiveOld =
    active.sizeBytes > 0 &&
    active.largest.timestampMs >= 0 &&
    nowMs - active.largest.timestampMs > retentionMs;
  return { count, includesActive: isActiveOld };
}

/** The newest record's time; that of the file where records have none, as Kafka does. */
function newestTimestamp(log: RetainedLog, environment: LogEnvironment, index: number): number {
  const timestampMs = log.segments.closedLargestTimestampMs(index);
  if (timestampMs >= 0) return timestampMs;
  const [path] = log.segments.filesOf(log.segments.closed.baseOffset(index));
  return environment.fileSystem.stat(path ?? "")?.modifiedMs ?? environment.clock.nowMs();
}

/** The active segment goes only as a whole: when consumers can see all of it. */
function canLoseActive(log: RetainedLog): boolean {
  return log.highWatermark >= log.logEndOffset;
}
