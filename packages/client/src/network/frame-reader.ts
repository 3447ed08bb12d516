import type { Receiver } from "@millrace/platform";
import { KafkaError } from "../errors/kafka-error.ts";
import type { FrameMemory } from "./frame-memory.ts";

const prefixBytes = 4;
/** What is read at once between two frames, into memory that all connections share. */
const sharedSizeBytes = 64 * 1024;

/** A frame without its size prefix, in memory of its own. */
export interface Frame {
  readonly bytes: Buffer;
  /** Gives the memory back; nobody may read `bytes` after that. May be left out. */
  readonly release: () => void;
}

/** Memory that the connections of a client read into between two frames. */
export function sharedReadBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(sharedSizeBytes);
}

/** What a reader works with. */
export interface FrameReaderOptions {
  readonly memory: FrameMemory;
  readonly shared: Buffer;
  /** A larger frame is refused before anything is allocated for it. */
  readonly frameBytesMax: number;
  readonly onFrame: (frame: Frame) => void;
  readonly onError: (error: KafkaError) => void;
}

/**
 * Cuts what a connection receives into frames. A small frame is copied out of the shared memory;
 * the
 * rest of a large one is read from the socket straight into memory of its own.
 */
export class FrameReader implements Receiver {
  frameBytesMax: number;
  readonly #options: FrameReaderOptions;
  /** The beginning of a size prefix that came in two parts. */
  readonly #prefix = Buffer.alloc(prefixBytes);
  #prefixFilled = 0;
  #frame: Buffer | undefined;
  #frameSizeBytes = 0;
  #frameFilled = 0;
  #hasFailed = false;

  constructor(options: FrameReaderOptions) {
    this.#options = options;
    this.frameBytesMax = options.frameBytesMax;
  }

  nextBuffer(): Uint8Array {
    const frame = this.#frame;
    if (frame === undefined) return this.#options.shared;
    return frame.subarray(this.#frameFilled, this.#frameSizeBytes);
  }

  received(sizeBytes: number): void {
    if (this.#hasFailed) return;
    if (this.#frame === undefined) {
      this.#cut(this.#options.shared, sizeBytes);
      return;
    }
    this.#frameFilled += sizeBytes;
    if (this.#frameFilled === this.#frameSizeBytes) this.#deliver(this.#frame);
  }

  /** Cuts the first `end` bytes of the shared memory. */
  #cut(bytes: Buffer, end: number): void {
    let position = 0;
    while (position < end && !this.#hasFailed) {
      const taken = this.#takePrefix(bytes, position, end);
      position += taken;
      if (this.#prefixFilled < prefixBytes) return;
      const sizeBytes = this.#prefix.readInt32BE(0);
      if (!this.#begin(sizeBytes)) return;
      position += this.#fill(bytes, position, end);
    }
  }

  #takePrefix(bytes: Buffer, position: number, end: number): number {
    const wanted = Math.min(prefixBytes - this.#prefixFilled, end - position);
    bytes.copy(this.#prefix, this.#prefixFilled, position, position + wanted);
    this.#prefixFilled += wanted;
    return wanted;
  }

  #begin(sizeBytes: number): boolean {
    if (sizeBytes < prefixBytes || sizeBytes > this.frameBytesMax) {
      this.#hasFailed = true;
      const message = `the broker announced an answer of ${sizeBytes} bytes; at most ${this.frameBytesMax} are taken`;
      this.#options.onError(new KafkaError("MALFORMED_ANSWER", message));
      return false;
    }
    this.#frame = this.#options.memory.take(sizeBytes);
    this.#frameSizeBytes = sizeBytes;
    this.#frameFilled = 0;
    this.#prefixFilled = 0;
    return true;
  }

  #fill(bytes: Buffer, position: number, end: number): number {
    const frame = this.#frame;
    if (frame === undefined) return 0;
    const sizeBytes = Math.min(this.#frameSizeBytes, end - position);
    bytes.copy(frame, 0, position, position + sizeBytes);
    this.#frameFilled = sizeBytes;
    if (sizeBytes === this.#frameSizeBytes) this.#deliver(frame);
    return sizeBytes;
  }

  #deliver(memory: Buffer): void {
    const bytes = memory.subarray(0, this.#frameSizeBytes);
    this.#frame = undefined;
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      this.#options.memory.giveBack(memory);
    };
    this.#options.onFrame({ bytes, release });
  }
}
