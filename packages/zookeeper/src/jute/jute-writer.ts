const startSizeBytes = 256;

/** Writes ZooKeeper's serialization into memory that grows. */
export class JuteWriter {
  #bytes = Buffer.allocUnsafe(startSizeBytes);
  #position = 0;

  int32(value: number): void {
    this.#position = this.#room(4).writeInt32BE(value, this.#position);
  }

  int64(value: bigint): void {
    this.#position = this.#room(8).writeBigInt64BE(value, this.#position);
  }

  boolean(value: boolean): void {
    this.#position = this.#room(1).writeUInt8(value ? 1 : 0, this.#position);
  }

  /** Copies the bytes; null is written as length -1. */
  buffer(value: Uint8Array | null): void {
    if (value === null) {
      this.int32(-1);
      return;
    }
    this.int32(value.length);
    this.#room(value.length).set(value, this.#position);
    this.#position += value.length;
  }

  string(value: string): void {
    const sizeBytes = Buffer.byteLength(value);
    this.int32(sizeBytes);
    this.#room(sizeBytes).write(value, this.#position, "utf8");
    this.#position += sizeBytes;
  }

  /** What was written; the writer is not used after it. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#position);
  }

  #room(sizeBytes: number): Buffer {
    const needed = this.#position + sizeBytes;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, this.#position);
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}
