import { assert } from "@millrace/platform";
import type { OpenFiles } from "./open-files.ts";

/** Entries that wait in memory before they go to the file: one write for 2 MiB of small batches. */
const pendingCountMax = 512;
const pendingCountFirst = 16;

const nothing = Buffer.alloc(0);
/** One entry read from a file, of whichever index; its content is valid until the next one. */
const scratch = Buffer.alloc(16);

/** What an index is made of. */
export interface SparseIndexOptions {
  readonly files: OpenFiles;
  readonly path: string;
  /** 8 for the offset index, 12 for the time index. */
  readonly entrySizeBytes: number;
  /** How many entries `segment.index.bytes` leaves room for. */
  readonly countMax: number;
}

/**
 * Entries of one size in a file, sorted by a key that they begin with. New ones wait in memory
 * until there are enough for a write, the segment is rolled, or the log is closed: after a crash an
 * index of the active segment is rebuilt anyway. Nothing else of it is in memory.
 */
export class SparseIndex {
  readonly path: string;
  readonly #files: OpenFiles;
  readonly #entrySize: number;
  #countMax: number;
  /** Entries in the file. */
  #fileCount: number;
  #pending = nothing;
  #pendingCount = 0;
  constructor(options: SparseIndexOptions, fileCount: number) {
    this.path = options.path;
    this.#files = options.files;
    this.#entrySize = options.entrySizeBytes;
    this.#countMax = options.countMax;
    this.#fileCount = fileCount;
  }

  /** How many entries there are. */
  get count(): number {
    return this.#fileCount + this.#pendingCount;
  }

  /** Whether `segment.index.bytes` leaves no room for another. */
  get isFull(): boolean {
    return this.count >= this.#countMax;
  }

  /** Applies a changed `segment.index.bytes`. */
  set countMax(countMax: number) {
    this.#countMax = countMax;
  }

  /** Gives the place for a new last entry; the caller fills it at once. */
  push(): { readonly buffer: Buffer; readonly position: number } {
    if (this.#pendingCount === pendingCountMax) this.write();
    const position = this.#pendingCount * this.#entrySize;
    if (position === this.#pending.length) this.#grow();
    this.#pendingCount += 1;
    return { buffer: this.#pending, position };
  }

  /** Gives an entry as a view that the next call overwrites. */
  entry(index: number): Buffer {
    assert(index >= 0 && index < this.count, "there is no such index entry");
    if (index >= this.#fileCount) {
      const start = (index - this.#fileCount) * this.#entrySize;
      return this.#pending.subarray(start, start + this.#entrySize);
    }
    const entry = scratch.subarray(0, this.#entrySize);
    this.#files.get(this.path).readSync(entry, index * this.#entrySize);
    return entry;
  }

  /** Finds the last entry for which `isAtOrBelow` holds; -1 when there is none. */
  findLast(isAtOrBelow: (entry: Buffer) => boolean): number {
    let low = -1;
    let high = this.count - 1;
    while (low < high) {
      const middle = low + Math.ceil((high - low) / 2);
      if (isAtOrBelow(this.entry(middle))) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Puts what waits into the file, made if it is not there. */
  write(): void {
    const file = this.#files.get(this.path, "create");
    if (this.#pendingCount === 0) return;
    const bytes = this.#pending.subarray(0, this.#pendingCount * this.#entrySize);
    file.writeSync([bytes], this.#fileCount * this.#entrySize);
    this.#fileCount += this.#pendingCount;
    this.#pendingCount = 0;
  }

  /** Puts what waits into the file and cuts off what lies behind it: a crash leaves zeros there. */
  finish(): void {
    this.write();
    const file = this.#files.get(this.path, "create");
    const sizeBytes = this.#fileCount * this.#entrySize;
    if (file.sizeBytes() !== sizeBytes) file.truncate(sizeBytes);
    this.#pending = nothing;
  }

  /** Keeps the first entries. */
  truncate(count: number): void {
    assert(count <= this.count, "an index cannot be cut to more than it has");
    if (count >= this.#fileCount) {
      this.#pendingCount = count - this.#fileCount;
      return;
    }
    this.#pendingCount = 0;
    this.#fileCount = count;
    this.#files.get(this.path, "create").truncate(count * this.#entrySize);
  }

  #grow(): void {
    const count = this.#pendingCount === 0 ? pendingCountFirst : this.#pendingCount * 2;
    const grown = Buffer.alloc(Math.min(count, pendingCountMax) * this.#entrySize);
    this.#pending.copy(grown);
    this.#pending = grown;
  }
}

/**
 * Counts the entries of an index file. Apache Kafka makes an index as large as
 * `segment.index.bytes` and cuts it only when the segment is rolled or closed well: after a crash
 * zeros follow the last entry, and an entry of zeros can only be the first.
 * @returns -1 when the file is not there or its size is not a multiple of an entry.
 */
export function countIndexEntries(
  files: OpenFiles,
  path: string,
  options: { readonly entrySizeBytes: number; readonly sizeBytes: number },
): number {
  const { entrySizeBytes, sizeBytes } = options;
  if (sizeBytes % entrySizeBytes !== 0) return -1;
  const entry = Buffer.alloc(entrySizeBytes);
  const file = files.get(path);
  let low = 0;
  let high = sizeBytes / entrySizeBytes;
  while (low < high) {
    const middle = (low + high) >>> 1;
    file.readSync(entry, middle * entrySizeBytes);
    if (entry.every((byte) => byte === 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
