import { batchHeader as header, maxTimestampOf, readRecords } from "@millrace/protocol";
import type { LogEnvironment } from "./log-environment.ts";
import { type TimestampOffset, timestampSpecials } from "./log-offsets.ts";
import type { LogSegments } from "./log-segments.ts";
import { nextTurn } from "./next-turn.ts";
import type { ReadOptions, ReadOutcome } from "./read-outcome.ts";

const readBytes = 1024 * 1024;
const looksPerTurn = 64;

/** What the search sees of a log. */
export interface SearchedLog {
  readonly segments: LogSegments;
  readonly logStartOffset: number;
  leaderEpochForOffset(offset: number): number | undefined;
  read(options: ReadOptions): ReadOutcome | Promise<ReadOutcome>;
}

/** What is looked for. */
export interface TimestampQuery {
  readonly environment: LogEnvironment;
  readonly timestampMs: number;
  /** Exclusive end of what the caller may see. */
  readonly endOffset: number;
}

const notFound: TimestampOffset = { offset: -1, timestampMs: -1, leaderEpoch: -1 };

/** Answers ListOffsets for one timestamp: a special, or the first record at or after it. */
export function findTimestamp(log: SearchedLog, query: TimestampQuery): Promise<TimestampOffset> {
  switch (query.timestampMs) {
    case timestampSpecials.latest:
      return Promise.resolve(atOffset(log, query.endOffset));
    case timestampSpecials.earliest:
    case timestampSpecials.earliestLocal:
      return Promise.resolve(atOffset(log, log.logStartOffset));
    case timestampSpecials.maxTimestamp:
      return findLargest(log, query);
    case timestampSpecials.latestTiered:
    case timestampSpecials.earliestPendingUpload:
      return Promise.resolve(notFound);
    default:
      return findFirst(log, query);
  }
}

function atOffset(log: SearchedLog, offset: number): TimestampOffset {
  // The epoch of the log's end is that of the newest batch before it.
  const leaderEpoch = log.leaderEpochForOffset(offset) ?? -1;
  return { offset, timestampMs: -1, leaderEpoch };
}

/** The record with the largest timestamp; the first of those that share it. */
async function findLargest(log: SearchedLog, query: TimestampQuery): Promise<TimestampOffset> {
  const { segments } = log;
  let best = segments.active.largest.timestampMs;
  let bestIndex = segments.closed.count;
  for (let index = segments.closed.count - 1; index >= 0; index -= 1) {
    if (!segments.closed.knowsTimestamp(index) && index % looksPerTurn === 0) {
      await nextTurn(query.environment);
      if (index >= segments.closed.count) continue;
    }
    const timestampMs = segments.closedLargestTimestampMs(index);
    if (timestampMs < best) continue;
    best = timestampMs;
    bestIndex = index;
  }
  if (best < 0) return notFound;
  return scan(log, { ...query, timestampMs: best, segmentIndex: bestIndex });
}

async function findFirst(log: SearchedLog, query: TimestampQuery): Promise<TimestampOffset> {
  const { segments } = log;
  for (let index = 0; index < segments.closed.count; index += 1) {
    if (!segments.closed.knowsTimestamp(index) && index % looksPerTurn === 0) {
      await nextTurn(query.environment);
      if (index >= segments.closed.count) break;
    }
    if (segments.closedLargestTimestampMs(index) < query.timestampMs) continue;
    const found = await scan(log, { ...query, segmentIndex: index });
    if (found.offset >= 0) return found;
  }
  return scan(log, { ...query, segmentIndex: segments.closed.count });
}

/** Reads on from where the time index of a segment points to. */
async function scan(
  log: SearchedLog,
  query: TimestampQuery & { readonly segmentIndex: number },
): Promise<TimestampOffset> {
  const { closed, active } = log.segments;
  const isClosed = query.segmentIndex < closed.count;
  const baseOffset = isClosed ? closed.baseOffset(query.segmentIndex) : active.baseOffset;
  const timeIndex = isClosed ? log.segments.openTimeIndex(baseOffset) : active.timeIndex;
  // Nothing up to the entry's offset is later than its timestamp: a smaller entry can be skipped.
  const entry = timeIndex.lookup(query.timestampMs - 1);
  let offset = Math.max(entry.offset, log.logStartOffset);
  const isolation = "end";
  while (offset < query.endOffset) {
    const read = await log.read({ offset, maxBytes: readBytes, minOneBatch: true, isolation });
    if (read.kind === "refused" || read.sizeBytes === 0) return notFound;
    try {
      for (const chunk of read.chunks) {
        const found = searchBatches(chunk, query, log.logStartOffset);
        if (found !== undefined) {
          if (found.offset >= query.endOffset) return notFound;
          return { ...found, leaderEpoch: log.leaderEpochForOffset(found.offset) ?? -1 };
        }
      }
    } finally {
      read.release();
    }
    offset = read.endOffset;
  }
  return notFound;
}

function searchBatches(
  bytes: Buffer,
  query: TimestampQuery,
  logStartOffset: number,
): { readonly offset: number; readonly timestampMs: number } | undefined {
  for (let at = 0; at < bytes.length; at += header.sizeBytes(bytes, at)) {
    if (maxTimestampOf(bytes, at) < query.timestampMs) continue;
    for (const record of readRecords(bytes, at)) {
      if (record.offset < logStartOffset || record.timestamp < query.timestampMs) continue;
      return { offset: record.offset, timestampMs: record.timestamp };
    }
  }
  return undefined;
}
