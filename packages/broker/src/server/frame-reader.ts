import { MillraceError } from "@millrace/platform";

import type { BufferPool } from "./buffer-pool.ts";
import type { MemoryBound } from "./memory-bound.ts";

/** A peer announced a frame of a forbidden size; the connection is closed. */
export class InvalidFrameError extends MillraceError {
  readonly code = "INVALID_FRAME";
}

/** Bytes of the length prefix of every frame. */
const prefixBytes = 4;

/** What a frame is given at first, whatever size it announces: an announcement alone is cheap. */
const firstOwnBytes = 64 * 1024;

/** How much its memory grows when it is full, in relation to the bytes that did arrive. */
const ownGrowth = 4;

/** What a reader works with. */
export interface FrameReaderOptions {
  readonly frameBytesMax: number;
  readonly pool: BufferPool;
  /** The bound of what all unfinished frames may take. */
  readonly memory: MemoryBound;
  /**
   * Memory that all connections of a server share to read into between two messages: what is read
   * into it is consumed, or moved to memory of its own, before the next read.
   */
  readonly scratch: Buffer;
}

/**
 * Cuts a stream of bytes into frames. Small frames are views of the shared scratch buffer; what is
 * left of an unfinished frame moves to pooled memory, and the rest of it is read from the socket
 * straight behind. That memory grows with the bytes that arrived, never with the announced size.
 *
 * A frame from `peek` is valid until `settle`: who needs its bytes longer copies them.
 */
export class FrameReader {
  readonly #options: FrameReaderOptions;
  #own: Buffer | undefined;
  /** The unread bytes: [start, end) of `own`, or of the scratch buffer while `own` is undefined. */
  #start = 0;
  #end = 0;
  /** Whether the network holds the last `nextBuffer`: that memory must stay where it is. */
  #isOffered = false;
  #isStarved = false;

  #frameBytesMax: number;
  #memory: MemoryBound;

  constructor(options: FrameReaderOptions) {
    this.#options = options;
    this.#frameBytesMax = options.frameBytesMax;
    this.#memory = options.memory;
  }

  /** Frames may have this many bytes from now on, and count for another bound. */
  allowFrames(frameBytesMax: number, memory: MemoryBound): void {
    this.#frameBytesMax = frameBytesMax;
    this.#memory.charge(-this.ownBytes());
    this.#memory.finished(this);
    this.#memory = memory;
    memory.charge(this.ownBytes());
  }

  /** Bytes that arrived and were not consumed. */
  bufferedBytes(): number {
    return this.#end - this.#start;
  }

  /** Whether an unfinished frame needs memory that is not to be had now: nothing shall be read. */
  get isStarved(): boolean {
    return this.#isStarved;
  }

  /** Tries again to be fed; true when reading may go on. */
  feed(): boolean {
    if (!this.#memory.mayTake(firstOwnBytes, this)) return false;
    // The network holds a buffer of ours: the memory is taken after that read.
    this.#isStarved = false;
    return true;
  }

  /** Memory held for this connection alone. */
  ownBytes(): number {
    return this.#own?.length ?? 0;
  }

  /**
   * Where the next read goes; never empty. The network asks as soon as the read before is dealt
   * with, long before there is something to read.
   */
  nextBuffer(): Uint8Array {
    this.#isOffered = false;
    const buffer = this.#bufferForRead();
    this.#isOffered = true;
    return buffer;
  }

  #bufferForRead(): Uint8Array {
    if (this.#own === undefined) return this.#options.scratch;
    if (this.#own.length === this.#end) this.#moveTo(this.#end - this.#start + firstOwnBytes);
    return this.#own.subarray(this.#end);
  }

  /** Notes that `sizeBytes` of the last `nextBuffer` were filled. */
  received(sizeBytes: number): void {
    this.#isOffered = false;
    this.#end += sizeBytes;
  }

  /**
   * The next whole frame without its prefix; undefined when more bytes are needed.
   * @throws InvalidFrameError when the announced size is below 0 or above the limit: before
   * anything is allocated for it.
   */
  peek(): Buffer | undefined {
    const frameBytes = this.#announcedBytes();
    if (frameBytes === undefined) return undefined;
    const start = this.#start + prefixBytes;
    if (this.#end - start < frameBytes) return undefined;
    return this.#bytes().subarray(start, start + frameBytes);
  }

  /** Steps over the frame that `peek` gave. */
  consume(frame: Buffer): void {
    this.#start += prefixBytes + frame.length;
  }

  /**
   * Ends a turn: frees what was consumed, saves what was not from the shared scratch buffer, and
   * makes room for the rest of an unfinished frame. Between two reads it changes nothing: a frame
   * that had to wait is consumed where it lies, and the memory is freed after the next read.
   */
  settle(): void {
    if (this.#isOffered) return;
    const leftBytes = this.#end - this.#start;
    if (leftBytes === 0) {
      this.#release();
      return;
    }
    const announced = this.#announcedBytes() ?? 0;
    const neededBytes = Math.max(prefixBytes + announced, leftBytes);
    if (this.#own !== undefined && this.#own.length - this.#start >= neededBytes) return;
    // Memory that lies in the pool costs nothing; fresh memory is a multiple of what has come.
    const allowedBytes = this.#options.pool.has(neededBytes)
      ? neededBytes
      : Math.max(leftBytes * ownGrowth, firstOwnBytes);
    const wantedBytes = Math.min(neededBytes, allowedBytes);
    if (wantedBytes <= firstOwnBytes || this.#memory.mayTake(wantedBytes - this.ownBytes(), this)) {
      this.#moveTo(wantedBytes);
      return;
    }
    this.#isStarved = true;
    // What lies in the shared buffer must leave it all the same.
    if (this.#own === undefined) this.#moveTo(leftBytes);
  }

  /** Gives back its memory; nothing is read afterwards. */
  close(): void {
    this.#release();
  }

  #announcedBytes(): number | undefined {
    if (this.#end - this.#start < prefixBytes) return undefined;
    const frameBytes = this.#bytes().readInt32BE(this.#start);
    if (frameBytes >= 0 && frameBytes <= this.#frameBytesMax) return frameBytes;
    throw new InvalidFrameError(
      `a frame of ${frameBytes} bytes was announced; at most ${this.#frameBytesMax} are taken`,
    );
  }

  #bytes(): Buffer {
    return this.#own ?? this.#options.scratch;
  }

  /** Moves the unread bytes to the front of own memory that holds at least `capacityBytes`. */
  #moveTo(capacityBytes: number): void {
    const own = this.#own;
    const leftBytes = this.#end - this.#start;
    if (own !== undefined && own.length >= capacityBytes && this.#start > 0) {
      own.copyWithin(0, this.#start, this.#end);
    } else {
      const next = this.#options.pool.take(capacityBytes);
      this.#memory.charge(next.length);
      this.#bytes().copy(next, 0, this.#start, this.#end);
      if (own !== undefined) this.#giveBack(own);
      this.#own = next;
    }
    this.#start = 0;
    this.#end = leftBytes;
  }

  #release(): void {
    if (this.#own !== undefined) this.#giveBack(this.#own);
    this.#own = undefined;
    this.#start = 0;
    this.#end = 0;
    this.#memory.finished(this);
  }

  #giveBack(own: Buffer): void {
    this.#options.pool.give(own);
    this.#memory.charge(-own.length);
  }
}
