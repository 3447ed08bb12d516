import { assert } from "@millrace/platform";
import { batchHeader as header, lastOffsetOf, maxTimestampOf } from "@millrace/protocol";
import { BatchFileReader } from "./batch-file-reader.ts";
import type { LogConfig } from "./log-config.ts";
import type { LogEnvironment } from "./log-environment.ts";
import { OffsetIndex, type OffsetPosition, offsetEntrySizeBytes } from "./offset-index.ts";
import { type SegmentPaths, segmentPaths } from "./segment-paths.ts";
import { SparseIndex } from "./sparse-index.ts";
import { type TimeEntry, TimeIndex, timeEntrySizeBytes } from "./time-index.ts";

/** Positions in a segment and offsets within it are signed 32-bit numbers in the index. */
const relativeOffsetMax = 0x7fffffff;

/** What is known of an active segment when it is opened. */
export interface ActiveSegmentOptions {
  readonly directory: string;
  readonly baseOffset: number;
  readonly config: LogConfig;
  readonly sizeBytes: number;
  readonly offsetEntryCount: number;
  readonly timeEntryCount: number;
}

/** What decides whether the next batches go into a new segment. */
export interface RollOptions {
  readonly sizeBytes: number;
  readonly lastOffset: number;
  readonly maxTimestampMs: number;
  readonly config: LogConfig;
}

/** The segment that batches are appended to, with its indexes. */
export class ActiveSegment {
  readonly baseOffset: number;
  readonly directory: string;
  readonly paths: SegmentPaths;
  readonly offsetIndex: OffsetIndex;
  readonly timeIndex: TimeIndex;
  readonly #environment: LogEnvironment;
  readonly #createdMs: number;
  readonly #rollJitterMs: number;
  #isDamaged = false;
  /** The file is longer than its batches, as `preallocate` wants it, until the segment ends. */
  #isPreallocated = false;
  #sizeBytes: number;
  #bytesSinceIndexEntry = 0;
  /** Largest timestamp so far and the last offset of its batch; looked up when asked for first. */
  #largest: TimeEntry | undefined;
  /** Timestamp of the first batch, which `segment.ms` counts from; undefined when not looked up. */
  #firstTimestampMs: number | undefined;

  constructor(environment: LogEnvironment, options: ActiveSegmentOptions) {
    const { baseOffset, config, directory } = options;
    this.#environment = environment;
    this.baseOffset = baseOffset;
    this.directory = directory;
    this.paths = segmentPaths(directory, baseOffset);
    this.#sizeBytes = options.sizeBytes;
    this.#createdMs = environment.clock.nowMs();
    const jitterMs = Math.min(config.segmentJitterMs, config.segmentMs, 2 ** 48);
    this.#rollJitterMs = jitterMs > 0 ? environment.random.nextInt(jitterMs) : 0;
    const { files } = environment;
    this.offsetIndex = new OffsetIndex(
      new SparseIndex(
        {
          files,
          path: this.paths.offsetIndex,
          entrySizeBytes: offsetEntrySizeBytes,
          countMax: Math.floor(config.segmentIndexBytes / offsetEntrySizeBytes),
        },
        options.offsetEntryCount,
      ),
      baseOffset,
    );
    this.timeIndex = new TimeIndex(
      new SparseIndex(
        {
          files,
          path: this.paths.timeIndex,
          entrySizeBytes: timeEntrySizeBytes,
          // One place stays for the entry that closing adds.
          countMax: Math.floor(config.segmentIndexBytes / timeEntrySizeBytes) - 1,
        },
        options.timeEntryCount,
      ),
      baseOffset,
    );
  }

  /** Makes the files of a new segment. Leftovers of the same name are emptied. */
  static create(
    environment: LogEnvironment,
    options: Pick<ActiveSegmentOptions, "directory" | "baseOffset" | "config">,
  ): ActiveSegment {
    const segment = new ActiveSegment(environment, {
      ...options,
      sizeBytes: 0,
      offsetEntryCount: 0,
      timeEntryCount: 0,
    });
    const { log, offsetIndex, timeIndex } = segment.paths;
    const paths = [log, offsetIndex, timeIndex];
    try {
      for (const path of paths) {
        const file = environment.files.get(path, "create");
        if (file.sizeBytes() > 0) file.truncate(0);
      }
      if (options.config.preallocate) {
        environment.files.get(log).truncate(options.config.segmentBytes);
        segment.#isPreallocated = true;
      }
    } catch (error) {
      // A segment that is there by name alone would hide what the one before goes on to write.
      for (const path of paths) {
        environment.files.forget(path);
        environment.fileSystem.removeFile(path);
      }
      throw error;
    }
    segment.#firstTimestampMs = -1;
    segment.#largest = { timestampMs: -1, offset: options.baseOffset };
    return segment;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** A write failed and could not be taken back: the file must not be written again. */
  get isDamaged(): boolean {
    return this.#isDamaged;
  }

  /** The largest timestamp of its records and the last offset of the batch that has it. */
  get largest(): TimeEntry {
    this.#largest ??= this.#lookUpLargest();
    return this.#largest;
  }

  /** Whether the next batches go into a new segment. */
  shouldRoll(next: RollOptions): boolean {
    const { config } = next;
    const isFull = this.#sizeBytes > config.segmentBytes - next.sizeBytes;
    return (
      isFull ||
      next.lastOffset - this.baseOffset > relativeOffsetMax ||
      this.offsetIndex.entries.isFull ||
      this.timeIndex.entries.isFull ||
      (this.#sizeBytes > 0 && this.#waitedMs(next.maxTimestampMs) > this.#rollAfterMs(config))
    );
  }

  /**
   * Writes whole batches at the end, into the page cache.
   * @throws IoError: the segment is as it was, unless `isDamaged`.
   */
  append(bytes: Buffer, config: LogConfig): void {
    const position = this.#sizeBytes;
    const file = this.#environment.files.get(this.paths.log);
    try {
      file.writeSync([bytes], position);
    } catch (error) {
      this.#cutBack(position);
      throw error;
    }
    this.#sizeBytes = position + bytes.length;
    let at = 0;
    while (at < bytes.length) {
      const size = header.sizeBytes(bytes, at);
      this.#index(bytes, at, { position: position + at, size, config });
      at += size;
    }
  }

  /** Ends the segment: its indexes are complete in their files, and its batches end its own. */
  finish(): void {
    if (this.#isPreallocated) {
      this.#environment.files.get(this.paths.log).truncate(this.#sizeBytes);
      this.#isPreallocated = false;
    }
    if (this.#sizeBytes > 0) this.timeIndex.append(this.largest);
    this.offsetIndex.entries.finish();
    this.timeIndex.entries.finish();
  }

  /** Finds the first batch that ends at or beyond an offset; undefined when there is none. */
  locate(offset: number): OffsetPosition | undefined {
    const start = this.offsetIndex.lookup(offset).position;
    const file = this.#environment.files.get(this.paths.log);
    const reader = new BatchFileReader(file, { start, end: this.#sizeBytes });
    while (reader.next()) {
      if (lastOffsetOf(reader.buffer, reader.at) < offset) continue;
      return { offset: header.baseOffset(reader.buffer, reader.at), position: reader.position };
    }
    return undefined;
  }

  /** The offset after the last batch. */
  readNextOffset(): number {
    if (this.#sizeBytes === 0) return this.baseOffset;
    const start = this.offsetIndex.last().position;
    const file = this.#environment.files.get(this.paths.log);
    const reader = new BatchFileReader(file, { start, end: this.#sizeBytes });
    let next = this.baseOffset;
    while (reader.next()) next = lastOffsetOf(reader.buffer, reader.at) + 1;
    return next;
  }

  /** Cuts the batches from the one that holds `offset` on. */
  truncateTo(offset: number): void {
    const found = this.locate(offset);
    if (found === undefined) return;
    this.offsetIndex.truncateTo(offset);
    this.timeIndex.truncateTo(offset);
    this.#environment.files.get(this.paths.log).truncate(found.position);
    this.#sizeBytes = found.position;
    this.#bytesSinceIndexEntry = 0;
    this.#largest = undefined;
    if (found.position === 0) this.#firstTimestampMs = -1;
  }

  /** Applies changed configurations. */
  updateConfig(config: LogConfig): void {
    const { segmentIndexBytes } = config;
    this.offsetIndex.entries.countMax = Math.floor(segmentIndexBytes / offsetEntrySizeBytes);
    this.timeIndex.entries.countMax = Math.floor(segmentIndexBytes / timeEntrySizeBytes) - 1;
  }

  #index(
    bytes: Buffer,
    at: number,
    batch: { readonly position: number; readonly size: number; readonly config: LogConfig },
  ): void {
    const lastOffset = header.lastOffset(bytes, at);
    const timestampMs = header.maxTimestamp(bytes, at);
    if (batch.position === 0) this.#firstTimestampMs = timestampMs;
    const largest = this.largest;
    if (timestampMs > largest.timestampMs) this.#largest = { timestampMs, offset: lastOffset };
    if (this.#bytesSinceIndexEntry > batch.config.indexIntervalBytes) {
      this.offsetIndex.append(lastOffset, batch.position);
      this.timeIndex.append(this.largest);
      this.#bytesSinceIndexEntry = 0;
    }
    this.#bytesSinceIndexEntry += batch.size;
  }

  /** Takes back a part of a batch that was written before the disk was full. */
  #cutBack(position: number): void {
    try {
      this.#environment.files.get(this.paths.log).truncate(position);
    } catch {
      // The error of the write is the one that says what happened; this one says that the file
      // now holds what the log does not.
      this.#isDamaged = true;
    }
  }

  /** How long the segment has been filled, by its records' time where they have one. */
  #waitedMs(nextTimestampMs: number): number {
    this.#firstTimestampMs ??= this.#lookUpFirstTimestamp();
    if (this.#firstTimestampMs >= 0) return nextTimestampMs - this.#firstTimestampMs;
    return this.#environment.clock.nowMs() - this.#createdMs;
  }

  #rollAfterMs(config: LogConfig): number {
    const { cleanupPolicy, maxCompactionLagMs, segmentMs } = config;
    // The active segment is never compacted: records must not wait in it beyond their lag.
    const isBound = cleanupPolicy.includes("compact") && maxCompactionLagMs > 0;
    return (isBound ? Math.min(segmentMs, maxCompactionLagMs) : segmentMs) - this.#rollJitterMs;
  }

  #lookUpFirstTimestamp(): number {
    const file = this.#environment.files.get(this.paths.log);
    const reader = new BatchFileReader(file, { start: 0, end: this.#sizeBytes });
    return reader.next() ? maxTimestampOf(reader.buffer, reader.at) : -1;
  }

  /** The time index's last entry, or something later in the batches behind it. */
  #lookUpLargest(): TimeEntry {
    let largest = this.timeIndex.last();
    if (this.#sizeBytes === 0) return largest;
    const start = this.offsetIndex.lookup(largest.offset).position;
    const file = this.#environment.files.get(this.paths.log);
    const reader = new BatchFileReader(file, { start, end: this.#sizeBytes });
    while (reader.next()) {
      const timestampMs = maxTimestampOf(reader.buffer, reader.at);
      if (timestampMs <= largest.timestampMs) continue;
      largest = { timestampMs, offset: lastOffsetOf(reader.buffer, reader.at) };
    }
    assert(reader.stop === "end", `${this.paths.log} does not end with a whole batch`);
    return largest;
  }
}
