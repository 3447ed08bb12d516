import { assert, type Timer } from "@millrace/platform";
import { ActiveSegment } from "./active-segment.ts";
import type { ClosedSegments } from "./closed-segments.ts";
import { deletedSuffix } from "./file-names.ts";
import { rebuildIndexes } from "./index-rebuild.ts";
import type { LogConfig } from "./log-config.ts";
import type { LogEnvironment } from "./log-environment.ts";
import { OffsetIndex, type OffsetPosition, offsetEntrySizeBytes } from "./offset-index.ts";
import { segmentPaths } from "./segment-paths.ts";
import { countIndexEntries, SparseIndex } from "./sparse-index.ts";
import { TimeIndex, timeEntrySizeBytes } from "./time-index.ts";

/** Where reading for an offset begins: at or before the batch that holds it. */
export interface SegmentPlace {
  readonly baseOffset: number;
  readonly path: string;
  readonly position: number;
  /** What the index says that the batch there ends with at most; -1 when nothing is known of it. */
  readonly indexedOffset: number;
  /** Where the segment's batches end now. */
  readonly endPosition: number;
  /** Whether another segment follows. */
  readonly isClosed: boolean;
}

/** The segments of one log: the active one as an object, the closed ones as numbers. */
export class LogSegments {
  readonly #environment: LogEnvironment;
  readonly #deletions = new Set<Timer>();
  /** Segments whose indexes are being rebuilt, or could not be. */
  readonly #rebuilding = new Set<number>();
  readonly closed: ClosedSegments;
  #directory: string;
  #active: ActiveSegment;
  /** The lowest offset that the log was cut at; infinite when it was not since the last look. */
  #lowestCut = Infinity;

  constructor(
    environment: LogEnvironment,
    segments: { readonly closed: ClosedSegments; readonly active: ActiveSegment },
  ) {
    this.#environment = environment;
    this.closed = segments.closed;
    this.#active = segments.active;
    this.#directory = segments.active.directory;
  }

  get active(): ActiveSegment {
    return this.#active;
  }

  get count(): number {
    return this.closed.count + 1;
  }

  /** The lowest offset that the log was cut at since `takeLowestCut`; infinite when it was not. */
  get lowestCut(): number {
    return this.#lowestCut;
  }

  /** As `lowestCut`, which begins anew: what the cleaner knew of the log beyond it is void. */
  takeLowestCut(): number {
    const lowest = this.#lowestCut;
    this.#lowestCut = Infinity;
    return lowest;
  }

  /** Where the oldest segment begins. */
  get firstBaseOffset(): number {
    return this.closed.count > 0 ? this.closed.baseOffset(0) : this.#active.baseOffset;
  }

  /** Bytes of all segments. */
  get sizeBytes(): number {
    let sum = this.#active.sizeBytes;
    for (let index = 0; index < this.closed.count; index += 1) sum += this.closedSize(index);
    return sum;
  }

  /** Bytes of a closed segment. */
  closedSize(index: number): number {
    return this.closed.sizeBytes(index, (baseOffset) => {
      const { log } = segmentPaths(this.#directory, baseOffset);
      return this.#environment.fileSystem.stat(log)?.sizeBytes ?? 0;
    });
  }

  /** The largest timestamp in a closed segment; -1 when its records have none. */
  closedLargestTimestampMs(index: number): number {
    return this.closed.largestTimestampMs(
      index,
      (baseOffset) => this.openTimeIndex(baseOffset).last().timestampMs,
    );
  }

  /** Begins a new segment at an offset, after the index of the active one was completed. */
  roll(baseOffset: number, config: LogConfig): void {
    const old = this.#active;
    assert(baseOffset > old.baseOffset, "a new segment begins after the active one");
    old.finish();
    this.#active = this.#create(baseOffset, config);
    if (old.sizeBytes === 0) {
      this.#removeFiles(old.baseOffset);
      return;
    }
    this.closed.push({
      baseOffset: old.baseOffset,
      sizeBytes: old.sizeBytes,
      largestTimestampMs: old.largest.timestampMs,
    });
  }

  /** Where the segment that holds an offset begins. */
  baseOffsetOf(offset: number): number {
    if (offset >= this.#active.baseOffset) return this.#active.baseOffset;
    return this.closed.baseOffset(Math.max(0, this.closed.find(offset)));
  }

  /** Where reading for an offset begins. */
  place(offset: number): SegmentPlace {
    if (offset >= this.#active.baseOffset) return this.activePlace(offset);
    const index = Math.max(0, this.closed.find(offset));
    const baseOffset = this.closed.baseOffset(index);
    return {
      baseOffset,
      path: segmentPaths(this.#directory, baseOffset).log,
      ...indexedPlace(this.openOffsetIndex(baseOffset).lookup(offset)),
      endPosition: this.closedSize(index),
      isClosed: true,
    };
  }

  /** The beginning of the segment after the one that begins at `baseOffset`. */
  placeAfter(baseOffset: number): SegmentPlace {
    const next = this.closed.find(baseOffset) + 1;
    if (next >= this.closed.count) return this.activePlace(this.#active.baseOffset);
    return this.place(this.closed.baseOffset(next));
  }

  /** A known position in a segment; undefined when that segment is gone. */
  placeAt(baseOffset: number, position: number): SegmentPlace | undefined {
    if (baseOffset === this.#active.baseOffset) {
      const { paths, sizeBytes } = this.#active;
      const path = paths.log;
      const isClosed = false;
      return { baseOffset, path, position, indexedOffset: -1, endPosition: sizeBytes, isClosed };
    }
    const index = this.closed.find(baseOffset);
    if (index < 0 || this.closed.baseOffset(index) !== baseOffset) return undefined;
    return {
      baseOffset,
      path: segmentPaths(this.#directory, baseOffset).log,
      position,
      indexedOffset: -1,
      endPosition: this.closedSize(index),
      isClosed: true,
    };
  }

  /**
   * An index led astray, is damaged or is missing: it is made anew from the batches while the log
   * serves. The active segment's is checked when the log is loaded.
   */
  doubtIndexes(baseOffset: number, indexIntervalBytes: number): void {
    if (baseOffset === this.#active.baseOffset || this.#rebuilding.has(baseOffset)) return;
    const environment = this.#environment;
    const directory = this.#directory;
    environment.logger.warn("The indexes of a segment are rebuilt", { directory, baseOffset });
    this.#rebuilding.add(baseOffset);
    rebuildIndexes(environment, { directory, baseOffset, indexIntervalBytes })
      .then(() => this.#rebuilding.delete(baseOffset))
      .catch((error: unknown) => {
        // Reads work without the index, only slower; the segment stays listed as tried.
        environment.logger.warn("Rebuilding indexes failed", { directory, baseOffset, error });
      });
  }

  /** The offset index of a closed segment, as its file holds it. */
  openOffsetIndex(baseOffset: number): OffsetIndex {
    const { offsetIndex } = segmentPaths(this.#directory, baseOffset);
    return new OffsetIndex(this.#openIndex(offsetIndex, offsetEntrySizeBytes), baseOffset);
  }

  /** The time index of a closed segment, as its file holds it. */
  openTimeIndex(baseOffset: number): TimeIndex {
    const { timeIndex } = segmentPaths(this.#directory, baseOffset);
    return new TimeIndex(this.#openIndex(timeIndex, timeEntrySizeBytes), baseOffset);
  }

  /** Deletes the oldest segments: renames their files at once, removes them after a delay. */
  deleteOldest(count: number, delayMs: number): void {
    const baseOffsets: number[] = [];
    for (let index = 0; index < count; index += 1) baseOffsets.push(this.closed.baseOffset(index));
    this.closed.splice(0, count, []);
    this.deleteLater(
      baseOffsets.flatMap((baseOffset) => this.filesOf(baseOffset)),
      delayMs,
    );
  }

  /**
   * Cuts everything from an offset on, which is not below the first segment's beginning; durably,
   * since what was cut must not come back behind what is appended next.
   */
  truncateTo(offset: number, config: LogConfig): void {
    this.#lowestCut = Math.min(this.#lowestCut, offset);
    if (offset < this.#active.baseOffset) {
      const keep = this.closed.find(offset);
      assert(keep >= 0, "a log is cut below its first segment");
      const baseOffset = this.closed.baseOffset(keep);
      const sizeBytes = this.closedSize(keep);
      this.#removeNewest(keep + 1);
      this.closed.splice(keep, this.closed.count, []);
      this.#active = this.#reopen({ baseOffset, sizeBytes, config });
    }
    this.#active.truncateTo(offset);
    this.#environment.files.get(this.#active.paths.log).syncNow();
  }

  /** Removes every segment and begins with an empty one, durably. */
  restartAt(baseOffset: number, config: LogConfig): void {
    this.#lowestCut = 0;
    this.#removeNewest(0);
    this.closed.splice(0, this.closed.count, []);
    this.#active = this.#create(baseOffset, config);
    this.#environment.fileSystem.syncDirectory(this.#directory);
  }

  /** Gives a file the suffix `.deleted` and removes it after a delay. */
  deleteLater(paths: readonly string[], delayMs: number): void {
    const { fileSystem, files, clock } = this.#environment;
    const renamed: string[] = [];
    for (const path of paths) {
      files.forget(path);
      if (!fileSystem.exists(path)) continue;
      fileSystem.rename(path, path + deletedSuffix);
      renamed.push(path + deletedSuffix);
    }
    if (renamed.length === 0) return;
    const timer = clock.setTimer(delayMs, () => {
      this.#deletions.delete(timer);
      void this.#removeGently(renamed);
    });
    this.#deletions.add(timer);
  }

  async #removeGently(paths: readonly string[]): Promise<void> {
    const { fileSystem, logger } = this.#environment;
    for (const path of paths) {
      try {
        await fileSystem.removeFileLater(path);
      } catch (error) {
        // The next start finds the file by its suffix and tries again.
        logger.warn("A deleted file could not be removed", { path, error });
      }
    }
  }

  /** The log's directory has another name now; nothing is open below the old one. */
  moveTo(directory: string, config: LogConfig): void {
    const { baseOffset, sizeBytes } = this.#active;
    this.#directory = directory;
    this.#cancelDeletions();
    this.#active = this.#reopen({ baseOffset, sizeBytes, config });
  }

  /** Forgets deletions that wait: the next start finds the files by their suffix. */
  close(): void {
    this.#cancelDeletions();
    this.#environment.files.forgetDirectory(this.#directory);
  }

  /** Every file that a segment may have. */
  filesOf(baseOffset: number): string[] {
    const { log, offsetIndex, timeIndex, transactionIndex } = segmentPaths(
      this.#directory,
      baseOffset,
    );
    return [log, offsetIndex, timeIndex, transactionIndex];
  }

  activePlace(offset: number): SegmentPlace {
    const active = this.#active;
    return {
      baseOffset: active.baseOffset,
      path: active.paths.log,
      ...indexedPlace(active.offsetIndex.lookup(offset)),
      endPosition: active.sizeBytes,
      isClosed: false,
    };
  }

  #create(baseOffset: number, config: LogConfig): ActiveSegment {
    const options = { directory: this.#directory, baseOffset, config };
    return ActiveSegment.create(this.#environment, options);
  }

  #reopen(segment: { baseOffset: number; sizeBytes: number; config: LogConfig }): ActiveSegment {
    const { offsetIndex, timeIndex } = segmentPaths(this.#directory, segment.baseOffset);
    return new ActiveSegment(this.#environment, {
      ...segment,
      directory: this.#directory,
      offsetEntryCount: this.#countEntries(offsetIndex, offsetEntrySizeBytes),
      timeEntryCount: this.#countEntries(timeIndex, timeEntrySizeBytes),
    });
  }

  /** Whether a closed segment's offset index can be what it should be, by its size alone. */
  hasIndex(baseOffset: number): boolean {
    const { offsetIndex } = segmentPaths(this.#directory, baseOffset);
    const sizeBytes = this.#environment.fileSystem.stat(offsetIndex)?.sizeBytes;
    return sizeBytes !== undefined && sizeBytes % offsetEntrySizeBytes === 0;
  }

  #openIndex(path: string, entrySizeBytes: number): SparseIndex {
    const { files } = this.#environment;
    const count = this.#countEntries(path, entrySizeBytes);
    return new SparseIndex({ files, path, entrySizeBytes, countMax: count }, count);
  }

  /** A missing or damaged index counts as empty: searches then begin at the segment's start. */
  #countEntries(path: string, entrySizeBytes: number): number {
    const sizeBytes = this.#environment.fileSystem.stat(path)?.sizeBytes ?? 0;
    if (sizeBytes === 0) return 0;
    const options = { entrySizeBytes, sizeBytes };
    return Math.max(0, countIndexEntries(this.#environment.files, path, options));
  }

  /**
   * Removes the active segment and the closed ones from an index on, the newest first and each
   * durably: after a power loss in between no gap lies in the log.
   */
  #removeNewest(fromIndex: number): void {
    const gone = [this.#active.baseOffset];
    for (let index = this.closed.count - 1; index >= fromIndex; index -= 1) {
      gone.push(this.closed.baseOffset(index));
    }
    for (const baseOffset of gone) {
      this.#removeFiles(baseOffset);
      this.#environment.fileSystem.syncDirectory(this.#directory);
    }
  }

  #removeFiles(baseOffset: number): void {
    for (const path of this.filesOf(baseOffset)) {
      this.#environment.files.forget(path);
      this.#environment.fileSystem.removeFile(path);
    }
  }

  #cancelDeletions(): void {
    for (const timer of this.#deletions) timer.cancel();
    this.#deletions.clear();
  }
}

/** The index's word for a place; the beginning of a segment needs none. */
function indexedPlace(found: OffsetPosition): { position: number; indexedOffset: number } {
  const { position, offset } = found;
  return { position, indexedOffset: position === 0 ? -1 : offset };
}
