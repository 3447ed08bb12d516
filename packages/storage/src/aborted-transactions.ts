import type { LogEnvironment } from "./log-environment.ts";
import type { AbortedTransaction } from "./read-outcome.ts";
import { segmentPaths } from "./segment-paths.ts";
import { hasNoRoom } from "./small-file.ts";
import {
  type AbortedEntry,
  appendAbortedEntry,
  readAbortedEntries,
  truncateAbortedEntries,
} from "./transaction-index.ts";

/** The aborted transactions of one log, in the `.txnindex` files of its segments. */
export class AbortedTransactions {
  readonly #environment: LogEnvironment;
  #directory: string;
  /** Segments that have such a file, by where they begin, in order. Most logs have none. */
  #baseOffsets: number[];
  /** The newest marker's offset: readers beyond it need no file. undefined: not looked up. */
  #lastMarkerOffset: number | undefined;
  /** Those that found no room on the disk, in order: the next sync tries again. */
  #unwritten: { readonly baseOffset: number; readonly entry: AbortedEntry }[] = [];

  constructor(environment: LogEnvironment, directory: string, baseOffsets: readonly number[]) {
    this.#environment = environment;
    this.#directory = directory;
    this.#baseOffsets = [...baseOffsets].sort((left, right) => left - right);
  }

  /** Notes one that a marker in this segment ended. */
  append(segmentBaseOffset: number, entry: AbortedEntry): void {
    this.#unwritten.push({ baseOffset: segmentBaseOffset, entry });
    this.#lastMarkerOffset = entry.lastOffset;
    this.write();
  }

  /**
   * Writes what found no room before.
   * @returns where the first segment begins whose file still lacks some; Infinity when none does.
   * @throws IoError for anything but a full disk.
   */
  write(): number {
    for (let next = this.#unwritten[0]; next !== undefined; next = this.#unwritten[0]) {
      const { baseOffset, entry } = next;
      try {
        appendAbortedEntry(this.#environment.files, this.#path(baseOffset), entry);
      } catch (error) {
        // The marker is in the log already: readers are told from memory until there is room.
        if (!hasNoRoom(error)) throw error;
        return baseOffset;
      }
      this.#unwritten.shift();
      if (this.#baseOffsets.at(-1) !== baseOffset) this.#baseOffsets.push(baseOffset);
    }
    return Infinity;
  }

  /** Those that reach into [fromOffset, endOffset), from the segment that holds `fromOffset` on. */
  collect(range: {
    readonly segmentBaseOffset: number;
    readonly fromOffset: number;
    readonly endOffset: number;
  }): AbortedTransaction[] {
    const found: AbortedTransaction[] = [];
    this.#lastMarkerOffset ??= this.#lookUpLastMarker();
    if (range.fromOffset > this.#lastMarkerOffset) return found;
    for (const baseOffset of this.#baseOffsets) {
      if (baseOffset < range.segmentBaseOffset) continue;
      for (const entry of readAbortedEntries(
        this.#environment.fileSystem,
        this.#path(baseOffset),
      )) {
        const reachesIn =
          entry.lastOffset >= range.fromOffset && entry.firstOffset < range.endOffset;
        if (reachesIn) found.push({ producerId: entry.producerId, firstOffset: entry.firstOffset });
        // Every transaction that began before the range's end was decided before this marker.
        if (entry.lastStableOffset >= range.endOffset) return found;
      }
    }
    for (const { entry } of this.#unwritten) {
      const { producerId, firstOffset, lastOffset } = entry;
      const reachesIn = lastOffset >= range.fromOffset && firstOffset < range.endOffset;
      if (reachesIn) found.push({ producerId, firstOffset });
    }
    return found;
  }

  /** Every one, sorted by first offset. @throws CorruptFileError, IoError */
  all(): AbortedEntry[] {
    const { fileSystem } = this.#environment;
    return this.#baseOffsets
      .flatMap((baseOffset) => readAbortedEntries(fileSystem, this.#path(baseOffset)))
      .concat(this.#unwritten.map(({ entry }) => entry))
      .sort((left, right) => left.firstOffset - right.firstOffset);
  }

  /** Compaction put one segment in the place of some. */
  replace(
    sources: readonly number[],
    target: { readonly baseOffset: number; readonly hasIndex: boolean },
  ): void {
    this.#lastMarkerOffset = undefined;
    const gone = new Set(sources);
    const kept = this.#baseOffsets.filter((baseOffset) => !gone.has(baseOffset));
    if (target.hasIndex) kept.push(target.baseOffset);
    this.#baseOffsets = kept.sort((left, right) => left - right);
    this.#unwritten = this.#unwritten.filter(({ baseOffset }) => !gone.has(baseOffset));
  }

  /** The log ends here now. */
  truncateTo(offset: number): void {
    this.#lastMarkerOffset = undefined;
    // The segment that begins here stays, empty: what its file says must go as well.
    const last = this.#baseOffsets.findLast((baseOffset) => baseOffset <= offset);
    if (last !== undefined) truncateAbortedEntries(this.#environment, this.#path(last), offset);
    this.#baseOffsets = this.#baseOffsets.filter((baseOffset) => baseOffset < offset);
    this.#unwritten = this.#unwritten.filter(({ entry }) => entry.lastOffset < offset);
  }

  /** Segments before an offset were deleted. */
  releaseBelow(baseOffset: number): void {
    this.#unwritten = this.#unwritten.filter((each) => each.baseOffset >= baseOffset);
    if (this.#baseOffsets.length === 0) return;
    this.#baseOffsets = this.#baseOffsets.filter((each) => each >= baseOffset);
  }

  /** The log's directory has another name now. */
  moveTo(directory: string): void {
    this.#directory = directory;
  }

  /** Markers follow each other: the last entry of the last file has the newest. */
  #lookUpLastMarker(): number {
    const unwritten = this.#unwritten.at(-1)?.entry.lastOffset;
    if (unwritten !== undefined) return unwritten;
    for (const baseOffset of this.#baseOffsets.toReversed()) {
      const entries = readAbortedEntries(this.#environment.fileSystem, this.#path(baseOffset));
      const last = entries.at(-1);
      if (last !== undefined) return last.lastOffset;
    }
    return -1;
  }

  #path(baseOffset: number): string {
    return segmentPaths(this.#directory, baseOffset).transactionIndex;
  }
}
