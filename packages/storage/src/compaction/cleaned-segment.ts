import type { FileSystem } from "@millrace/platform";
import { batchHeader as header, lastOffsetOf, maxTimestampOf } from "@millrace/protocol";
import { cleanedSuffix } from "../file-names.ts";
import { OffsetIndex, offsetEntrySizeBytes } from "../offset-index.ts";
import { OpenFiles } from "../open-files.ts";
import { type SegmentPaths, segmentPaths } from "../segment-paths.ts";
import { SparseIndex } from "../sparse-index.ts";
import { type TimeEntry, TimeIndex, timeEntrySizeBytes } from "../time-index.ts";
import { encodeAbortedEntry } from "../transaction-index.ts";
import type { AbortedTransactionRange } from "./cleaned-transactions.ts";

/** Batches wait in memory for a write of this size: to copy it takes the kernel 0.1 ms. */
const writeBytes = 128 * 1024;

/**
 * So much is made durable at a time: what waits for the disk beside it, an acknowledgement, waits
 * for that much and not for a whole segment.
 */
const syncBytes = 1024 * 1024;

const openFilesMax = 8;

/** Where a cleaned segment goes, and how it is indexed. */
export interface CleanedSegmentOptions {
  readonly directory: string;
  readonly baseOffset: number;
  readonly indexIntervalBytes: number;
  readonly segmentIndexBytes: number;
}

/** Writes the files of a segment that will take the place of others; they end with `.cleaned`. */
export class CleanedSegment {
  readonly #fileSystem: FileSystem;
  readonly #options: CleanedSegmentOptions;
  readonly #files: OpenFiles;
  readonly #paths: SegmentPaths;
  readonly #offsetIndex: OffsetIndex;
  readonly #timeIndex: TimeIndex;
  readonly #giveWay: () => void;
  readonly #pending = Buffer.allocUnsafeSlow(writeBytes);
  #pendingBytes = 0;
  #writtenBytes = 0;
  #syncedBytes = 0;
  #bytesSinceIndexEntry = 0;
  #largest: TimeEntry;

  /** `giveWay` is called between two writes. */
  constructor(fileSystem: FileSystem, options: CleanedSegmentOptions, giveWay: () => void) {
    this.#giveWay = giveWay;
    const { baseOffset, segmentIndexBytes } = options;
    this.#fileSystem = fileSystem;
    this.#options = options;
    this.#paths = segmentPaths(options.directory, baseOffset, cleanedSuffix);
    this.#largest = { timestampMs: -1, offset: baseOffset };
    // What an earlier attempt left is no part of this one.
    removeSegmentFiles(fileSystem, this.#paths);
    this.#files = new OpenFiles(fileSystem, openFilesMax);
    const index = (path: string, entrySizeBytes: number): SparseIndex => {
      const countMax = Math.floor(segmentIndexBytes / entrySizeBytes) - 1;
      return new SparseIndex({ files: this.#files, path, entrySizeBytes, countMax }, 0);
    };
    this.#offsetIndex = new OffsetIndex(
      index(this.#paths.offsetIndex, offsetEntrySizeBytes),
      baseOffset,
    );
    this.#timeIndex = new TimeIndex(index(this.#paths.timeIndex, timeEntrySizeBytes), baseOffset);
  }

  /** Bytes of its batches. */
  get sizeBytes(): number {
    return this.#writtenBytes + this.#pendingBytes;
  }

  /** The largest timestamp in it; -1 when there is none. */
  get largestTimestampMs(): number {
    return this.#largest.timestampMs;
  }

  /** Adds a batch; its bytes may be used again afterwards. */
  append(batch: Buffer): void {
    const timestampMs = maxTimestampOf(batch, 0);
    const lastOffset = lastOffsetOf(batch, 0);
    if (timestampMs > this.#largest.timestampMs)
      this.#largest = { timestampMs, offset: lastOffset };
    if (this.#bytesSinceIndexEntry > this.#options.indexIntervalBytes) {
      if (!this.#offsetIndex.entries.isFull) this.#offsetIndex.append(lastOffset, this.sizeBytes);
      if (!this.#timeIndex.entries.isFull) this.#timeIndex.append(this.#largest);
      this.#bytesSinceIndexEntry = 0;
    }
    const size = header.sizeBytes(batch, 0);
    this.#bytesSinceIndexEntry += size;
    for (let at = 0; at < size; ) {
      const copied = batch.copy(this.#pending, this.#pendingBytes, at, size);
      at += copied;
      this.#pendingBytes += copied;
      if (this.#pendingBytes === writeBytes) this.#write();
    }
  }

  /**
   * Completes the files and makes them durable, but for their names. `aborted` are the transactions
   * of the new transaction index; undefined when none of the segments had one.
   */
  finish(aborted: readonly AbortedTransactionRange[] | undefined): void {
    this.#write();
    if (this.sizeBytes > 0) this.#timeIndex.append(this.#largest);
    this.#offsetIndex.entries.finish();
    this.#timeIndex.entries.finish();
    const written = [this.#paths.log, this.#paths.offsetIndex, this.#paths.timeIndex];
    if (aborted !== undefined) {
      const entries = aborted.map((range) =>
        encodeAbortedEntry({ ...range, producerId: BigInt(range.producerId) }),
      );
      this.#files.get(this.#paths.transactionIndex, "create").writeSync(entries, 0);
      written.push(this.#paths.transactionIndex);
    }
    for (const path of written) this.#files.get(path, "create").syncNow();
    this.#files.close();
  }

  /** Gives up: nothing of it stays. */
  discard(): void {
    this.#files.close();
    removeSegmentFiles(this.#fileSystem, this.#paths);
  }

  #write(): void {
    const file = this.#files.get(this.#paths.log, "create");
    if (this.#pendingBytes === 0) return;
    file.writeSync([this.#pending.subarray(0, this.#pendingBytes)], this.#writtenBytes);
    this.#writtenBytes += this.#pendingBytes;
    this.#pendingBytes = 0;
    if (this.#writtenBytes - this.#syncedBytes >= syncBytes) {
      file.syncNow();
      this.#syncedBytes = this.#writtenBytes;
    }
    this.#giveWay();
  }
}

/** Removes the files of a segment, those that are there. */
export function removeSegmentFiles(fileSystem: FileSystem, paths: SegmentPaths): void {
  const { log, offsetIndex, timeIndex, transactionIndex } = paths;
  for (const path of [log, offsetIndex, timeIndex, transactionIndex]) fileSystem.removeFile(path);
}
