import { LOG_OVERHEAD_BYTES, HEADER_SIZE_BYTES } from "./batch-header.ts";

/** The least length in format 0: checksum, magic, attributes and the lengths of key and value. */
const LEGACY_LENGTH_MIN = 14;

/**
 * Walks the batches that lie one after the other in a buffer, checking that each is whole.
 *
 * It looks at length and magic only; `checkBatchHeader` and the checksum are the caller's.
 * ```ts
 * const cursor = new BatchCursor(buffer);
 * while (cursor.next()) use(buffer, cursor.position, cursor.sizeBytes);
 * ```
 */
export class BatchCursor {
  /** Where the batch under the cursor begins; after the last one, where reading stopped. */
  position: number;
  /** Bytes of the batch under the cursor. */
  sizeBytes = 0;
  /** Its format: 0, 1 or 2. */
  magic = 0;
  /**
   * Why `next` gave false: nothing is left (`end`), the bytes of a batch are not all there
   * (`partial`), or a length or magic is impossible (`corrupt`).
   */
  stop: "end" | "partial" | "corrupt" | undefined;

  #buffer: Buffer;
  #end: number;
  #next: number;

  constructor(buffer: Buffer, start = 0, end = buffer.length) {
    this.#buffer = buffer;
    this.#end = end;
    this.#next = start;
    this.position = start;
  }

  /** Starts again in another buffer, so that one cursor serves many. */
  reset(buffer: Buffer, start = 0, end = buffer.length): this {
    this.#buffer = buffer;
    this.#end = end;
    this.#next = start;
    this.position = start;
    this.sizeBytes = 0;
    this.stop = undefined;
    return this;
  }

  /** Goes to the next whole batch; false when there is none, and `stop` says why. */
  next(): boolean {
    if (this.stop !== undefined) return false;
    this.position = this.#next;
    const left = this.#end - this.position;
    const sizeBytes = batchSizeAt(this.#buffer, this.position, this.#end);
    if (sizeBytes > 0 && sizeBytes <= left) {
      this.sizeBytes = sizeBytes;
      this.magic = this.#buffer[this.position + 16] ?? 0;
      this.#next = this.position + sizeBytes;
      return true;
    }
    this.sizeBytes = 0;
    this.stop = left === 0 ? "end" : sizeBytes < 0 ? "corrupt" : "partial";
    return false;
  }
}

/**
 * Gives the size in bytes of the batch at a position, which may pass `end`; 0 when too few bytes
 * are there to tell (17 always suffice), -1 when its length or magic is impossible.
 */
export function batchSizeAt(buffer: Buffer, position: number, end: number): number {
  if (end - position < LOG_OVERHEAD_BYTES) return 0;
  const length = buffer.readInt32BE(position + 8);
  if (length < LEGACY_LENGTH_MIN) return -1;
  if (end - position < LOG_OVERHEAD_BYTES + 5) return 0;
  const magic = buffer[position + 16] ?? 0xff;
  if (magic > 2) return -1;
  const sizeBytes = LOG_OVERHEAD_BYTES + length;
  return magic === 2 && sizeBytes < HEADER_SIZE_BYTES ? -1 : sizeBytes;
}
