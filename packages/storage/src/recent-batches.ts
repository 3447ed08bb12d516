import { assert } from "@millrace/platform";
import { batchHeader as header } from "@millrace/protocol";
import { type BufferPool, poolUnitBytes } from "./buffer-pool.ts";

/** From this size on a given batch is kept as it is; a smaller one is copied beside others. */
const keepWithoutCopyBytesMin = 16 * 1024;

/**
 * After this much without a reader near the end, large batches are not copied any more: the copy
 * costs as much as the write to the page cache, from which a reader is served then.
 */
const unreadBytesMax = 8 * 1024 * 1024;
/** A log's first chunk; the next ones double up to `poolUnitBytes`. */
const firstChunkBytes = 8 * 1024;
const nothing = Buffer.alloc(0);

/**
 * The newest batches of every log in memory, within one budget: the oldest chunk of whichever log
 * makes room. A reader near the tail never touches the disk.
 */
export class RecentBatches {
  readonly #pool: BufferPool;
  readonly #sizeBytesMax: number;
  #sizeBytes = 0;
  /** Chunks by age, a queue in an array: `#oldest` is its head. */
  #chunks: Chunk[] = [];
  #oldest = 0;

  constructor(options: { readonly pool: BufferPool; readonly sizeBytesMax: number }) {
    this.#pool = options.pool;
    this.#sizeBytesMax = options.sizeBytesMax;
  }

  /** Bytes held now. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** A log's part of it. */
  createTail(): RecentTail {
    return new RecentTail(this);
  }

  /**
   * Makes a chunk of at least `sizeBytes`, evicting what it must; undefined when it is too large.
   */
  allocate(owner: RecentTail, sizeBytes: number): Chunk | undefined {
    if (sizeBytes > this.#sizeBytesMax) return undefined;
    this.#makeRoom(sizeBytes);
    return this.#add(new Chunk(owner, this.#pool.takeRaw(sizeBytes), true));
  }

  /** Holds a buffer that its owner gave away. */
  adopt(owner: RecentTail, bytes: Buffer): Chunk | undefined {
    if (bytes.length > this.#sizeBytesMax) return undefined;
    this.#makeRoom(bytes.length);
    const chunk = new Chunk(owner, bytes, false);
    chunk.usedBytes = bytes.length;
    return this.#add(chunk);
  }

  /** Drops a chunk; its buffer goes back to the pool once no reader holds it. */
  drop(chunk: Chunk): void {
    if (chunk.isDropped) return;
    chunk.isDropped = true;
    this.#sizeBytes -= chunk.buffer.length;
    this.#giveBack(chunk);
  }

  /** A reader is done with a chunk. */
  unpin(chunk: Chunk): void {
    chunk.pinCount -= 1;
    this.#giveBack(chunk);
  }

  #giveBack(chunk: Chunk): void {
    if (!chunk.isDropped || chunk.pinCount > 0) return;
    if (chunk.isPooled) this.#pool.giveRaw(chunk.buffer);
    // The queue may hold the chunk for a while yet; its bytes must not stay for that.
    chunk.buffer = nothing;
  }

  #add(chunk: Chunk): Chunk {
    this.#chunks.push(chunk);
    this.#sizeBytes += chunk.buffer.length;
    return chunk;
  }

  #makeRoom(sizeBytes: number): void {
    while (this.#sizeBytes + sizeBytes > this.#sizeBytesMax && this.#oldest < this.#chunks.length) {
      const chunk = this.#chunks[this.#oldest];
      this.#oldest += 1;
      if (chunk !== undefined && !chunk.isDropped) chunk.owner.evict(chunk);
    }
    if (this.#oldest > 1024 || this.#oldest === this.#chunks.length) {
      this.#chunks = this.#chunks.slice(this.#oldest);
      this.#oldest = 0;
    }
  }
}

/** Batches that lie one after the other in memory; a batch never crosses from one into the next. */
class Chunk {
  readonly owner: RecentTail;
  buffer: Buffer;
  /** Whether the buffer goes back to the pool. */
  readonly isPooled: boolean;
  usedBytes = 0;
  baseOffset = -1;
  endOffset = -1;
  /** Readers that hold slices of it. */
  pinCount = 0;
  isDropped = false;

  constructor(owner: RecentTail, buffer: Buffer, isPooled: boolean) {
    this.owner = owner;
    this.buffer = buffer;
    this.isPooled = isPooled;
  }
}

/** What a tail gave a reader; the slices stay valid until `release`. */
export class TailRead {
  readonly chunks: Buffer[] = [];
  sizeBytes = 0;
  /** The offset after the last batch given. */
  endOffset = -1;
  readonly #store: RecentBatches;
  #pinned: Chunk[] = [];

  constructor(store: RecentBatches) {
    this.#store = store;
  }

  /** Adds a part of a chunk and holds the chunk. */
  add(chunk: Chunk, start: number, end: number): void {
    chunk.pinCount += 1;
    this.#pinned.push(chunk);
    this.chunks.push(chunk.buffer.subarray(start, end));
    this.sizeBytes += end - start;
  }

  release(): void {
    const pinned = this.#pinned;
    this.#pinned = [];
    for (const chunk of pinned) this.#store.unpin(chunk);
  }
}

/** Which bytes of a tail are wanted. */
export interface TailReadOptions {
  readonly offset: number;
  /** Exclusive: no batch that reaches beyond it is given. */
  readonly endOffset: number;
  readonly maxBytes: number;
  readonly minOneBatch: boolean;
}

/** The newest batches of one log, without a gap up to its end. */
export class RecentTail {
  readonly #store: RecentBatches;
  #chunks: Chunk[] = [];
  /** Where the last read stopped: the next read mostly goes on there. */
  #hintChunk: Chunk | undefined;
  /** Bytes appended since somebody read near the end. */
  #unreadBytes = 0;
  #hintOffset = -1;
  #hintPosition = 0;

  constructor(store: RecentBatches) {
    this.#store = store;
  }

  /** The first offset in memory; -1 when nothing is. */
  get startOffset(): number {
    return this.#chunks[0]?.baseOffset ?? -1;
  }

  /** Adds whole batches that follow the last ones. `given`: the buffer may be kept as it is. */
  append(bytes: Buffer, range: { baseOffset: number; endOffset: number; given: boolean }): void {
    const last = this.#chunks.at(-1);
    assert(last === undefined || last.endOffset <= range.baseOffset, "recent batches go backwards");
    let chunk = last;
    this.#unreadBytes += bytes.length;
    if (range.given && bytes.length >= keepWithoutCopyBytesMin) {
      chunk = this.#store.adopt(this, bytes);
    } else if (bytes.length >= keepWithoutCopyBytesMin && this.#unreadBytes > unreadBytesMax) {
      chunk = undefined;
    } else {
      if (chunk === undefined || !hasRoom(chunk, bytes.length)) {
        chunk = this.#store.allocate(this, Math.max(bytes.length, nextChunkBytes(chunk)));
      }
      if (chunk !== undefined) {
        bytes.copy(chunk.buffer, chunk.usedBytes);
        chunk.usedBytes += bytes.length;
      }
    }
    if (chunk === undefined) {
      // The batches are not kept, so what is kept would not reach up to the end.
      this.clear();
      return;
    }
    if (chunk.baseOffset < 0) {
      chunk.baseOffset = range.baseOffset;
      this.#chunks.push(chunk);
    }
    chunk.endOffset = range.endOffset;
  }

  /** Somebody waits at the end, or has just read there. */
  noteReader(): void {
    this.#unreadBytes = 0;
  }

  /**
   * Gives batches from the one that holds `offset`.
   * @returns undefined when that one is not in memory.
   */
  read(options: TailReadOptions): TailRead | undefined {
    let at = this.#findChunk(options.offset);
    if (at < 0) return undefined;
    this.noteReader();
    const result = new TailRead(this.#store);
    let left = options.maxBytes;
    let mustGive = options.minOneBatch;
    for (let first = true; at < this.#chunks.length; at += 1, first = false) {
      const chunk = this.#chunks[at];
      if (chunk === undefined || chunk.baseOffset >= options.endOffset) break;
      const start = first ? this.#findPosition(chunk, options.offset) : 0;
      const limit = { maxBytes: left, endOffset: options.endOffset, mustGive };
      const end = this.#findEnd(chunk, start, limit);
      if (end === start) break;
      result.add(chunk, start, end);
      left -= end - start;
      mustGive = false;
      result.endOffset = this.#hintOffset;
      if (end < chunk.usedBytes) break;
    }
    return result;
  }

  /** Forgets everything. */
  clear(): void {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#hintChunk = undefined;
    for (const chunk of chunks) this.#store.drop(chunk);
  }

  /** Forgets what begins before an offset: the log's files have changed there. */
  forgetBefore(offset: number): void {
    const kept = this.#chunks.findIndex((chunk) => chunk.baseOffset >= offset);
    const last = kept < 0 ? this.#chunks.at(-1) : this.#chunks[kept - 1];
    if (last !== undefined) this.evict(last);
  }

  /** Forgets a chunk and, for the tail to have no gap, those before it. */
  evict(chunk: Chunk): void {
    const at = this.#chunks.indexOf(chunk);
    const evicted = this.#chunks.splice(0, at + 1);
    for (const old of evicted) {
      if (old === this.#hintChunk) this.#hintChunk = undefined;
      this.#store.drop(old);
    }
  }

  /** The chunk whose batches reach over an offset; -1 when there is none. */
  #findChunk(offset: number): number {
    const start = this.#chunks[0];
    if (start === undefined || offset < start.baseOffset) return -1;
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#chunks[middle]?.baseOffset ?? Infinity) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Where the batch that reaches over `offset` begins, or the first after it. */
  #findPosition(chunk: Chunk, offset: number): number {
    const useHint = chunk === this.#hintChunk && this.#hintOffset <= offset;
    let position = useHint ? this.#hintPosition : 0;
    while (position < chunk.usedBytes) {
      if (header.lastOffset(chunk.buffer, position) >= offset) break;
      position += header.sizeBytes(chunk.buffer, position);
    }
    return position;
  }

  /** Where to stop: after the last batch within the limits. Leaves the hint there. */
  #findEnd(
    chunk: Chunk,
    start: number,
    limit: { maxBytes: number; endOffset: number; mustGive: boolean },
  ): number {
    const { buffer, usedBytes } = chunk;
    let end = start;
    this.#hintChunk = chunk;
    if (usedBytes - start <= limit.maxBytes && chunk.endOffset <= limit.endOffset) {
      end = usedBytes;
      this.#hintOffset = chunk.endOffset;
    } else {
      this.#hintOffset = start < usedBytes ? header.baseOffset(buffer, start) : chunk.endOffset;
      let mustGive = limit.mustGive;
      while (end < usedBytes) {
        const size = header.sizeBytes(buffer, end);
        const next = header.nextOffset(buffer, end);
        if (next > limit.endOffset) break;
        if (end - start + size > limit.maxBytes && !mustGive) break;
        mustGive = false;
        end += size;
        this.#hintOffset = next;
      }
    }
    this.#hintPosition = end;
    return end;
  }
}

/** Chunks grow with a log's traffic: a quiet partition among thousands holds little. */
function nextChunkBytes(last: Chunk | undefined): number {
  if (last === undefined) return firstChunkBytes;
  return Math.min(poolUnitBytes, last.buffer.length * 2);
}

function hasRoom(chunk: Chunk, sizeBytes: number): boolean {
  return chunk.isPooled && chunk.buffer.length - chunk.usedBytes >= sizeBytes;
}
