import { MillraceError } from "@millrace/platform";

/** Bytes are not the answer they claim to be: cut off, or with a length that lies. */
export class JuteError extends MillraceError {
  readonly code = "ZOOKEEPER_ANSWER_MALFORMED";
}

/** Reads ZooKeeper's serialization. Every length is checked before anything is made for it. */
export class JuteReader {
  readonly #bytes: Buffer;
  #position: number;

  constructor(bytes: Buffer, position = 0) {
    this.#bytes = bytes;
    this.#position = position;
  }

  /** Bytes that are not read yet. */
  remainingBytes(): number {
    return this.#bytes.length - this.#position;
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  /** An int64 that holds a time or a duration in milliseconds. */
  millis(): number {
    return Number(this.int64());
  }

  boolean(): boolean {
    return this.#bytes[this.#take(1)] !== 0;
  }

  /** A view of the bytes, not a copy; null when the length is -1. */
  buffer(): Buffer | null {
    const sizeBytes = this.int32();
    if (sizeBytes === -1) return null;
    const start = this.#take(sizeBytes);
    return this.#bytes.subarray(start, start + sizeBytes);
  }

  /** Empty when it is absent. */
  string(): string {
    const bytes = this.buffer();
    return bytes === null ? "" : bytes.toString("utf8");
  }

  /** How many elements follow; 0 for a vector that is absent. */
  vectorLength(): number {
    const count = this.int32();
    if (count < -1 || count > this.remainingBytes()) {
      throw new JuteError(`a vector of ${count} in ${this.remainingBytes()} bytes`);
    }
    return Math.max(0, count);
  }

  #take(sizeBytes: number): number {
    const start = this.#position;
    if (sizeBytes < 0 || sizeBytes > this.remainingBytes()) {
      throw new JuteError(`${sizeBytes} bytes wanted, ${this.remainingBytes()} are left`);
    }
    this.#position = start + sizeBytes;
    return start;
  }
}
