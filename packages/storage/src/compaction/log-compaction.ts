import type { Offload } from "@millrace/platform";
import type { PartitionLog } from "../partition-log.ts";
import type { CleanableRange } from "./cleanable-range.ts";
import type { LastBatchOfProducer } from "./batch-filter.ts";
import type { AbortedTransactionRange, TransactionWalkState } from "./cleaned-transactions.ts";
import type {
  BuildMapResult,
  CleanSegmentsInput,
  SourceSegment,
  StepInput,
} from "./compaction-steps.ts";
import {
  buildOffsetMapTask,
  cleanSegmentsTask,
  offerCleanedSegmentTask,
  syncDirectoryTask,
} from "./compaction-tasks.ts";
import { reserveOffsetMap, slotSizeBytes } from "./offset-map.ts";
import { secretSizeBytes } from "./keyed-hash.ts";
import { areSourcesInPlace, putInPlace, withdraw } from "./segment-swap.ts";

/** Limits of one compaction. */
export interface CompactionLimits {
  /** `log.cleaner.dedupe.buffer.size` */
  readonly offsetMapBytesMax: number;
  /** `log.cleaner.io.buffer.load.factor` */
  readonly offsetMapLoadFactor: number;
  /** `log.cleaner.io.max.bytes.per.second` */
  readonly ioBytesPerSecond: number;
  /** What the records of one batch may take when they are decompressed. */
  readonly decompressedSizeBytesMax: number;
}

/** What one compaction did. */
export interface CompactionReport {
  /** Where the dirty part begins now; undefined when the log changed under it: it goes on later. */
  readonly endOffset: number | undefined;
  readonly isMapFull: boolean;
  /** Share of the map's slots that were taken, 0 to 1. */
  readonly mapUse: number;
  readonly bytesRead: number;
  readonly bytesKept: number;
  readonly recordsRead: number;
  readonly recordsKept: number;
  readonly invalidRecords: number;
  readonly swapCount: number;
}

/** A group spans at most so many offsets: the index holds them relative to its first. */
const groupOffsetsMax = 0x7fffffff;
/** A log's first compactions need few slots; below this a map is not worth measuring. */
const slotCountMin = 1024;

/**
 * One compaction of one log: reads the keys of its dirty part, then rewrites all before its end,
 * some segments at a time. Reading and writing are done off the event loop, and what they give is
 * put in place here, if the log still is what it was.
 */
export class LogCompaction {
  readonly #log: PartitionLog;
  readonly #range: CleanableRange;
  readonly #limits: CompactionLimits;
  readonly #offload: Offload;
  readonly #isStopped: () => boolean;
  readonly #counts = { bytesRead: 0, bytesKept: 0, recordsRead: 0, recordsKept: 0 };
  #invalidRecords = 0;
  #swapCount = 0;

  constructor(options: {
    readonly log: PartitionLog;
    readonly range: CleanableRange;
    readonly limits: CompactionLimits;
    readonly offload: Offload;
    /** Asked between two steps. */
    readonly isStopped: () => boolean;
  }) {
    this.#log = options.log;
    this.#range = options.range;
    this.#limits = options.limits;
    this.#offload = options.offload;
    this.#isStopped = options.isStopped;
  }

  /** @throws IoError, OffloadError (damaged batches are its cause) */
  async run(): Promise<CompactionReport> {
    const log = this.#log;
    // What is swapped out must not be waiting for a sync of its own.
    await log.flush(this.#range.endOffset);
    const segments = this.#segmentsBefore(this.#range.endOffset);
    const common = this.#commonInput();
    const { slotCount } = common.map;
    const built = await this.#buildMap(common, segments);
    const mapUse = this.#mapSize(common) / slotCount;
    const isDone = await this.#cleanAll(common, segments, built.endOffset);
    // The new names are durable before the checkpoint says that nothing is left to do.
    if (isDone) await this.#offload.run(syncDirectoryTask, log.path);
    return {
      // Offsets behind the last batch that no batch has are clean, too.
      endOffset: isDone ? (built.isFull ? built.endOffset : this.#range.endOffset) : undefined,
      isMapFull: built.isFull,
      mapUse,
      ...this.#counts,
      invalidRecords: this.#invalidRecords,
      swapCount: this.#swapCount,
    };
  }

  #segmentsBefore(endOffset: number): SourceSegment[] {
    const { closed } = this.#log.segments;
    const segments: SourceSegment[] = [];
    for (let index = 0; index < closed.count; index += 1) {
      const baseOffset = closed.baseOffset(index);
      if (baseOffset >= endOffset) break;
      segments.push({ baseOffset, sizeBytes: this.#log.segments.closedSize(index) });
    }
    return segments;
  }

  #commonInput(): Omit<StepInput, "segments"> {
    const { firstDirtyOffset, endOffset } = this.#range;
    const { offsetMapBytesMax, offsetMapLoadFactor } = this.#limits;
    const { random } = this.#log.parts.environment;
    const slotsMax = Math.max(2, Math.floor(offsetMapBytesMax / slotSizeBytes));
    // There are no more keys than offsets.
    const slotsNeeded = Math.ceil((endOffset - firstDirtyOffset) / offsetMapLoadFactor) + 1;
    const slotCount = Math.min(slotsMax, Math.max(slotCountMin, slotsNeeded));
    return {
      directory: this.#log.path,
      map: reserveOffsetMap(slotCount, random.bytes(secretSizeBytes)),
      aborted: abortedTransactionsOf(this.#log),
      ioBytesPerSecond: this.#limits.ioBytesPerSecond,
      decompressedSizeBytesMax: this.#limits.decompressedSizeBytesMax,
    };
  }

  async #buildMap(
    common: Omit<StepInput, "segments">,
    segments: readonly SourceSegment[],
  ): Promise<BuildMapResult> {
    const { firstDirtyOffset, endOffset } = this.#range;
    const first = segments.findLastIndex((segment) => segment.baseOffset <= firstDirtyOffset);
    const { slotCount } = common.map;
    const keysMax = Math.max(1, Math.floor(slotCount * this.#limits.offsetMapLoadFactor) - 1);
    const built = await this.#offload.run(buildOffsetMapTask, {
      ...common,
      segments: segments.slice(Math.max(0, first)),
      startOffset: firstDirtyOffset,
      endOffset,
      keysMax,
    });
    this.#counts.bytesRead += built.bytesRead;
    return built;
  }

  #mapSize(common: Omit<StepInput, "segments">): number {
    return new Float64Array(common.map.memory, 0, 2)[1] ?? 0;
  }

  /** Rewrites group after group; false when the log changed or the work was stopped. */
  async #cleanAll(
    common: Omit<StepInput, "segments">,
    segments: readonly SourceSegment[],
    endOffset: number,
  ): Promise<boolean> {
    const log = this.#log;
    const { clock, fileSystem } = log.parts.environment;
    const nowMs = clock.nowMs();
    const { deleteRetentionMs, indexIntervalBytes, segmentBytes, segmentIndexBytes } = log.config;
    const affected = segments.filter((segment) => segment.baseOffset < endOffset);
    const lastClean = segments.findLast(
      ({ baseOffset }) => baseOffset < this.#range.firstDirtyOffset,
    );
    const lastCleanFile =
      lastClean === undefined ? undefined : log.segments.filesOf(lastClean.baseOffset)[0];
    const cleanedMs =
      lastCleanFile === undefined ? 0 : (fileSystem.stat(lastCleanFile)?.modifiedMs ?? 0);
    let walk: TransactionWalkState | undefined;
    for (const group of groupSegments(affected, {
      segmentBytes,
      endOffset: this.#range.endOffset,
    })) {
      if (this.#isStopped() || !areSourcesInPlace(log, group)) return false;
      const cleaned = await this.#cleanGroup({
        ...common,
        segments: group,
        nowMs,
        deleteRetentionMs,
        endOffset,
        lastBatches: lastBatchesOf(log),
        walk,
        oldTombstonesBeforeMs: cleanedMs === 0 ? 0 : cleanedMs - deleteRetentionMs,
        indexIntervalBytes,
        segmentIndexBytes,
      });
      if (cleaned === undefined) return false;
      walk = cleaned;
    }
    return true;
  }

  async #cleanGroup(input: CleanSegmentsInput): Promise<TransactionWalkState | undefined> {
    const log = this.#log;
    const { segments: sources, directory } = input;
    const baseOffset = sources[0]?.baseOffset ?? 0;
    const result = await this.#offload.run(cleanSegmentsTask, input);
    this.#counts.bytesRead += result.bytesRead;
    this.#counts.bytesKept += result.sizeBytes;
    this.#counts.recordsRead += result.counts.recordsRead;
    this.#counts.recordsKept += result.counts.recordsKept;
    this.#invalidRecords += result.counts.invalidRecords;
    if (result.isUnchanged) return result.walk;
    if (this.#isStopped() || !areSourcesInPlace(log, sources)) return undefined;
    await this.#offload.run(offerCleanedSegmentTask, { directory, baseOffset });
    if (this.#isStopped() || !areSourcesInPlace(log, sources)) {
      withdraw(log, baseOffset);
      return undefined;
    }
    const { sizeBytes, largestTimestampMs, hasTransactionIndex } = result;
    putInPlace(log, { sources, baseOffset, sizeBytes, largestTimestampMs, hasTransactionIndex });
    this.#swapCount += 1;
    return result.walk;
  }
}

/** Neighbours whose batches fit into one segment together become one. */
export function groupSegments(
  segments: readonly SourceSegment[],
  limits: { readonly segmentBytes: number; readonly endOffset: number },
): SourceSegment[][] {
  const groups: SourceSegment[][] = [];
  let group: SourceSegment[] = [];
  let groupBytes = 0;
  for (const [index, segment] of segments.entries()) {
    const [first] = group;
    const endOffset = segments[index + 1]?.baseOffset ?? limits.endOffset;
    const fits =
      first !== undefined &&
      groupBytes + segment.sizeBytes <= limits.segmentBytes &&
      endOffset - 1 - first.baseOffset <= groupOffsetsMax;
    if (!fits) {
      group = [];
      groupBytes = 0;
      groups.push(group);
    }
    group.push(segment);
    groupBytes += segment.sizeBytes;
  }
  return groups;
}

function lastBatchesOf(log: PartitionLog): LastBatchOfProducer[] {
  return [...log.parts.producers.producers].map((entry) => ({
    producerId: entry.producerId,
    producerEpoch: entry.producerEpoch,
    lastDataOffset: entry.batches.at(-1)?.lastOffset ?? -1,
  }));
}

function abortedTransactionsOf(log: PartitionLog): AbortedTransactionRange[] {
  return log.parts.aborted
    .all()
    .map((entry) => ({ ...entry, producerId: Number(entry.producerId) }));
}
