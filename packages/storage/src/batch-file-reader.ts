import type { File } from "@millrace/platform";
import { batchHeader as header, batchSizeAt } from "@millrace/protocol";

const windowBytesFirst = 64 * 1024;
/** Bytes that tell a batch's size and format. */
const prefixSizeBytes = 17;

/**
 * Walks the batches of a file from a position, holding a window of it in memory.
 * ```ts
 * const reader = new BatchFileReader(file, { start, end });
 * while (reader.next()) use(reader.buffer, reader.at, reader.position);
 * ```
 */
export class BatchFileReader {
  /** Where the batch under the cursor begins in the file; after the last one, where it stopped. */
  position: number;
  /** Bytes of that batch. */
  sizeBytes = 0;
  /** The window; the batch's header (with `whole`, all of it) lies in it at `at`. */
  buffer: Buffer;
  at = 0;
  /** Why `next` gave false: see BatchCursor. */
  stop: "end" | "partial" | "corrupt" | undefined;

  #file: File;
  readonly #end: number;
  readonly #needsWhole: boolean;
  #next: number;
  #windowStart = 0;
  #windowEnd = 0;

  constructor(
    file: File,
    options: { readonly start: number; readonly end: number; readonly whole?: boolean },
  ) {
    this.#file = file;
    this.#end = options.end;
    this.#needsWhole = options.whole ?? false;
    this.#next = options.start;
    this.position = options.start;
    this.buffer = Buffer.allocUnsafeSlow(windowBytesFirst);
  }

  /** Goes to the next whole batch; false when there is none, and `stop` says why. */
  next(): boolean {
    if (this.stop !== undefined) return false;
    this.position = this.#next;
    const left = this.#end - this.position;
    if (left === 0) return this.#stopAt("end");
    const prefix = this.#load(Math.min(left, header.HEADER_SIZE_BYTES));
    const size = prefix < prefixSizeBytes ? 0 : batchSizeAt(this.buffer, this.at, this.at + prefix);
    if (size < 0) return this.#stopAt("corrupt");
    if (size === 0 || size > left) return this.#stopAt("partial");
    if (this.#needsWhole && this.#load(size) < size) return this.#stopAt("partial");
    this.sizeBytes = size;
    this.#next = this.position + size;
    return true;
  }

  /** Brings all of the batch under the cursor into the window; false when the file is too short. */
  loadWhole(): boolean {
    return this.#load(this.sizeBytes) === this.sizeBytes;
  }

  /**
   * Goes on with the same file opened anew, since the one before may have been closed meanwhile.
   */
  use(file: File): void {
    this.#file = file;
  }

  #stopAt(stop: "end" | "partial" | "corrupt"): false {
    this.stop = stop;
    this.sizeBytes = 0;
    return false;
  }

  /** Brings bytes at the cursor into the window; gives how many are there. */
  #load(sizeBytes: number): number {
    const { position } = this;
    const isThere = position >= this.#windowStart && position + sizeBytes <= this.#windowEnd;
    if (!isThere) {
      if (this.buffer.length < sizeBytes) this.buffer = Buffer.allocUnsafeSlow(sizeBytes);
      const wanted = Math.min(this.buffer.length, this.#end - position);
      const count = this.#file.readSync(this.buffer.subarray(0, wanted), position);
      this.#windowStart = position;
      this.#windowEnd = position + count;
    }
    this.at = position - this.#windowStart;
    return Math.min(sizeBytes, this.#windowEnd - position);
  }
}
