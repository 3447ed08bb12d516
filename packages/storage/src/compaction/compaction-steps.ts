/**
 * The steps of a compaction that run off the event loop. Each reads or writes files of one log and
 * leaves what others see of it alone; between two of them the log may change, which
 * `LogCompaction` looks after.
 */
import type { OffloadContext } from "@millrace/platform";
import {
  batchHeader as header,
  CorruptRecordError,
  isBatchCrcValid,
  lastOffsetOf,
  RecordCursor,
  readLegacyRecords,
} from "@millrace/protocol";
import { BatchFileReader } from "../batch-file-reader.ts";
import { cleanedSuffix, swapSuffix } from "../file-names.ts";
import { segmentPaths } from "../segment-paths.ts";
import {
  BatchFilter,
  type FilterCounts,
  type LastBatchOfProducer,
  markerTypeOf,
  recordsPerTurn,
} from "./batch-filter.ts";
import { CleanedSegment } from "./cleaned-segment.ts";
import {
  type AbortedTransactionRange,
  CleanedTransactions,
  type TransactionWalkState,
} from "./cleaned-transactions.ts";
import { IoThrottle } from "./io-throttle.ts";
import { OffsetMap, type SharedOffsetMap } from "./offset-map.ts";

/** A closed segment as it was when the compaction began. */
export interface SourceSegment {
  readonly baseOffset: number;
  readonly sizeBytes: number;
}

/** What both steps are given. */
export interface StepInput {
  readonly directory: string;
  readonly segments: readonly SourceSegment[];
  readonly map: SharedOffsetMap;
  /** The log's aborted transactions, sorted by first offset. */
  readonly aborted: readonly AbortedTransactionRange[];
  readonly ioBytesPerSecond: number;
  readonly decompressedSizeBytesMax: number;
}

/** What part of a log goes into the map. */
export interface BuildMapInput extends StepInput {
  readonly startOffset: number;
  /** Exclusive. */
  readonly endOffset: number;
  /** With so many keys the map is full. */
  readonly keysMax: number;
}

/** What went into the map. */
export interface BuildMapResult {
  /** Exclusive end of what the map covers. */
  readonly endOffset: number;
  readonly isFull: boolean;
  readonly bytesRead: number;
}

/** Reads the dirty part of a log into the map. @throws CorruptRecordError, IoError */
export async function buildOffsetMap(
  input: BuildMapInput,
  context: OffloadContext,
): Promise<BuildMapResult> {
  const builder = new MapBuilder(input, context.giveWay);
  const throttle = new IoThrottle(context.clock, input.ioBytesPerSecond);
  let bytesRead = 0;
  for (const segment of input.segments) {
    const { log } = segmentPaths(input.directory, segment.baseOffset);
    const file = context.fileSystem.open(log, "read");
    try {
      const reader = new BatchFileReader(file, { start: 0, end: segment.sizeBytes, whole: true });
      while (nextBatch(reader, log)) {
        bytesRead += reader.sizeBytes;
        context.giveWay();
        if (header.baseOffset(reader.buffer, reader.at) >= input.endOffset) break;
        if (!builder.add(reader.buffer, reader.at)) {
          return { endOffset: builder.endOffset, isFull: true, bytesRead };
        }
        if (throttle.spend(reader.sizeBytes)) await throttle.rest();
      }
    } finally {
      file.close();
    }
  }
  return { endOffset: builder.endOffset, isFull: false, bytesRead };
}

class MapBuilder {
  readonly #input: BuildMapInput;
  readonly #giveWay: () => void;
  readonly #map: OffsetMap;
  readonly #transactions: CleanedTransactions;
  readonly #cursor = new RecordCursor();

  constructor(input: BuildMapInput, giveWay: () => void) {
    this.#input = input;
    this.#giveWay = giveWay;
    this.#map = new OffsetMap(input.map);
    this.#map.latestOffset = input.startOffset - 1;
    // Transactions that ended before would be taken for open ones: their markers are not passed.
    const firstOffset = input.segments[0]?.baseOffset ?? 0;
    const aborted = input.aborted.filter((range) => range.lastOffset >= firstOffset);
    this.#transactions = new CleanedTransactions(aborted);
  }

  get endOffset(): number {
    return this.#map.latestOffset + 1;
  }

  /** Puts the keys of a batch into the map; false when there was no room for all. */
  add(buffer: Buffer, at: number): boolean {
    const lastOffset = lastOffsetOf(buffer, at);
    const isOld = lastOffset < this.#input.startOffset;
    if (header.magic(buffer, at) < header.CURRENT_MAGIC) {
      return isOld || this.#addLegacy(buffer, at, lastOffset);
    }
    const producerId = header.producerIdNumber(buffer, at);
    if (header.isControl(buffer, at)) {
      const type = markerTypeOf(this.#cursor, buffer, at);
      this.#transactions.passMarker({ producerId, type, lastOffset });
    } else {
      const isTransactional = header.isTransactional(buffer, at);
      const isAborted = this.#transactions.passBatch({ producerId, isTransactional, lastOffset });
      if (!isOld && !isAborted && !this.#addRecords(buffer, at)) return false;
    }
    if (!isOld) this.#map.latestOffset = lastOffset;
    return true;
  }

  #addRecords(buffer: Buffer, at: number): boolean {
    const { startOffset, keysMax, decompressedSizeBytesMax } = this.#input;
    const cursor = this.#cursor.open(buffer, at, decompressedSizeBytesMax);
    while (cursor.next()) {
      if (cursor.keySizeBytes < 0 || cursor.offset < startOffset) continue;
      if (this.#map.size >= keysMax) return false;
      const start = cursor.keyPosition;
      const range = { start, end: start + cursor.keySizeBytes };
      this.#map.put(cursor.bytes, range, cursor.offset);
      if (cursor.offset % recordsPerTurn === 0) this.#giveWay();
    }
    return true;
  }

  #addLegacy(buffer: Buffer, at: number, lastOffset: number): boolean {
    const { startOffset, keysMax, decompressedSizeBytesMax } = this.#input;
    for (const { key, offset } of readLegacyRecords(buffer, at, decompressedSizeBytesMax)) {
      if (key === null || offset < startOffset) continue;
      if (this.#map.size >= keysMax) return false;
      this.#map.put(key, { start: 0, end: key.length }, offset);
    }
    this.#map.latestOffset = lastOffset;
    return true;
  }
}

/** Which segments become one, and by what rules. */
export interface CleanSegmentsInput extends StepInput {
  readonly nowMs: number;
  readonly deleteRetentionMs: number;
  /** Exclusive end of this round. */
  readonly endOffset: number;
  readonly lastBatches: readonly LastBatchOfProducer[];
  /** Where the walk over the transactions stands. */
  readonly walk: TransactionWalkState | undefined;
  /** Tombstones of the formats 0 and 1 go from segments that were changed last before this. */
  readonly oldTombstonesBeforeMs: number;
  readonly indexIntervalBytes: number;
  readonly segmentIndexBytes: number;
}

/** What became of some segments. */
export interface CleanSegmentsResult {
  readonly walk: TransactionWalkState;
  /** Every batch stays as it was: there is nothing to swap, and no file was left. */
  readonly isUnchanged: boolean;
  readonly sizeBytes: number;
  readonly largestTimestampMs: number;
  readonly hasTransactionIndex: boolean;
  readonly counts: FilterCounts;
  readonly bytesRead: number;
}

/**
 * Writes what stays of some segments into one, with the suffix `.cleaned`, durable.
 * @throws CorruptRecordError, DecompressionError, IoError; nothing is left then.
 */
export async function cleanSegments(
  input: CleanSegmentsInput,
  context: OffloadContext,
): Promise<CleanSegmentsResult> {
  const { fileSystem } = context;
  const { directory, indexIntervalBytes, segmentIndexBytes, segments } = input;
  const baseOffset = segments[0]?.baseOffset ?? 0;
  const target = { directory, baseOffset, indexIntervalBytes, segmentIndexBytes };
  const cleaned = new CleanedSegment(fileSystem, target, context.giveWay);
  try {
    const map = new OffsetMap(input.map);
    const transactions = new CleanedTransactions(input.aborted, input.walk);
    const filter = new BatchFilter({ ...input, map, transactions, giveWay: context.giveWay });
    const throttle = new IoThrottle(context.clock, input.ioBytesPerSecond);
    let bytesRead = 0;
    let isUnchanged = segments.length === 1;
    for (const segment of segments) {
      const read = await filterSegment(segment, { input, context, filter, cleaned, throttle });
      bytesRead += segment.sizeBytes;
      isUnchanged &&= read.isUnchanged;
    }
    // Where there was a transaction index there is a new one, even an empty one: after a crash that
    // tells a new index from an old one (docs/formats/compaction.md §4).
    const hasTransactionIndex = segments.some((segment) =>
      fileSystem.exists(segmentPaths(directory, segment.baseOffset).transactionIndex),
    );
    if (isUnchanged) cleaned.discard();
    else cleaned.finish(hasTransactionIndex ? transactions.kept : undefined);
    return {
      walk: transactions.state,
      isUnchanged,
      sizeBytes: cleaned.sizeBytes,
      largestTimestampMs: cleaned.largestTimestampMs,
      hasTransactionIndex,
      counts: filter.counts,
      bytesRead,
    };
  } catch (error) {
    cleaned.discard();
    throw error;
  }
}

interface SegmentWork {
  readonly input: CleanSegmentsInput;
  readonly context: OffloadContext;
  readonly filter: BatchFilter;
  readonly cleaned: CleanedSegment;
  readonly throttle: IoThrottle;
}

async function filterSegment(
  segment: SourceSegment,
  work: SegmentWork,
): Promise<{ readonly isUnchanged: boolean }> {
  const { input, context, filter, cleaned, throttle } = work;
  const { log } = segmentPaths(input.directory, segment.baseOffset);
  const modifiedMs = context.fileSystem.stat(log)?.modifiedMs ?? 0;
  const keepsOldTombstones = modifiedMs > input.oldTombstonesBeforeMs;
  let isUnchanged = true;
  const file = context.fileSystem.open(log, "read");
  try {
    const reader = new BatchFileReader(file, { start: 0, end: segment.sizeBytes, whole: true });
    while (nextBatch(reader, log)) {
      const kept = filter.filter(reader.buffer, reader.at, keepsOldTombstones);
      if (kept.length > 0) cleaned.append(kept);
      context.giveWay();
      isUnchanged &&= kept.buffer === reader.buffer.buffer && kept.length === reader.sizeBytes;
      if (throttle.spend(reader.sizeBytes + kept.length)) await throttle.rest();
    }
  } finally {
    file.close();
  }
  return { isUnchanged };
}

/**
 * Goes to the next batch. A damaged one must not be written again with a checksum that is right.
 */
function nextBatch(reader: BatchFileReader, path: string): boolean {
  if (reader.next()) {
    if (isBatchCrcValid(reader.buffer, reader.at)) return true;
    throw new CorruptRecordError(`a batch at ${reader.position} of ${path} is damaged`);
  }
  if (reader.stop === "end") return false;
  throw new CorruptRecordError(`${path} is damaged at ${reader.position}`);
}

/** Which cleaned segment is to be put in place. */
export interface OfferInput {
  readonly directory: string;
  readonly baseOffset: number;
}

/**
 * Renames a cleaned segment to `.swap`, the log file last, durably. From here on the next start
 * puts it in place if this process does not.
 */
export function offerCleanedSegment(input: OfferInput, context: OffloadContext): void {
  const { fileSystem } = context;
  const from = segmentPaths(input.directory, input.baseOffset, cleanedSuffix);
  const to = segmentPaths(input.directory, input.baseOffset, swapSuffix);
  for (const kind of ["offsetIndex", "timeIndex", "transactionIndex"] as const) {
    if (fileSystem.exists(from[kind])) fileSystem.rename(from[kind], to[kind]);
  }
  // Two syncs: the log's new name must not outlive the names of its indexes.
  fileSystem.syncDirectory(input.directory);
  fileSystem.rename(from.log, to.log);
  fileSystem.syncDirectory(input.directory);
}

/** Makes the names in a directory durable. */
export function syncDirectory(directory: string, context: OffloadContext): void {
  context.fileSystem.syncDirectory(directory);
}
