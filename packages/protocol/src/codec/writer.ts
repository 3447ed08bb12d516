import { UnencodableMessageError } from "../protocol-error.ts";

const highWord = 2 ** 32;
const uuidSizeBytes = 16;
const initialSizeBytes = 1024;
/** A scratch buffer that grew beyond this is not kept for the next message. */
const keptSizeBytesMax = 1024 * 1024;
/** Up to this length a loop over the characters is faster than a call into native code. */
const asciiLoopLengthMax = 32;
/** UTF-8 takes up to three bytes for one UTF-16 unit. */
const utf8SizeBytesMax = 3;

interface Insertion {
  /** Where the pieces stand between the written bytes. */
  position: number;
  readonly chunks: readonly Uint8Array[];
}

/**
 * Writes Kafka's primitive types one after the other into a buffer that grows. Bytes that are
 * inserted are not copied: they become chunks of their own.
 */
export class Writer {
  #buffer = Buffer.allocUnsafeSlow(initialSizeBytes);
  #insertions: Insertion[] = [];
  #insertedSizeBytes = 0;
  /** How many bytes are written, without those inserted. */
  position = 0;

  /** How many bytes the message has so far. */
  get sizeBytes(): number {
    return this.position + this.#insertedSizeBytes;
  }

  /** Moves on by `sizeBytes`, for which there is room then, and gives where it stood. */
  #grow(sizeBytes: number): number {
    const start = this.position;
    const end = start + sizeBytes;
    if (end > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, start);
      this.#buffer = larger;
    }
    this.position = end;
    return start;
  }

  int8(value: number): void {
    const start = this.#grow(1);
    this.#buffer[start] = value;
  }

  int16(value: number): void {
    const start = this.#grow(2);
    this.#buffer[start] = value >> 8;
    this.#buffer[start + 1] = value;
  }

  int32(value: number): void {
    const start = this.#grow(4);
    this.int32At(start, value);
  }

  /** Overwrites four bytes that are written already. */
  int32At(position: number, value: number): void {
    const buffer = this.#buffer;
    buffer[position] = value >>> 24;
    buffer[position + 1] = value >>> 16;
    buffer[position + 2] = value >>> 8;
    buffer[position + 3] = value;
  }

  /** Overwrites two bytes that are written already. */
  int16At(position: number, value: number): void {
    this.#buffer[position] = value >> 8;
    this.#buffer[position + 1] = value;
  }

  /** Overwrites a byte that is written already. */
  int8At(position: number, value: number): void {
    this.#buffer[position] = value;
  }

  /** Writes a safe integer. */
  int64(value: number): void {
    const start = this.#grow(8);
    this.int32At(start, Math.floor(value / highWord));
    this.int32At(start + 4, value);
  }

  bigint64(value: bigint): void {
    const start = this.#grow(8);
    this.#buffer.writeBigInt64BE(value, start);
  }

  float64(value: number): void {
    const start = this.#grow(8);
    this.#buffer.writeDoubleBE(value, start);
  }

  uuid(value: string): void {
    const start = this.#grow(uuidSizeBytes);
    if (this.#buffer.write(value, start, uuidSizeBytes, "base64url") !== uuidSizeBytes) {
      throw new UnencodableMessageError(`"${value}" is not a uuid of 22 characters`);
    }
  }

  uvarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.int8((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.int8(rest);
  }

  /** Writes a text as UTF-8 behind `prefixSizeBytes` bytes to fill later; gives its size. */
  text(value: string, prefixSizeBytes: number): number {
    const room = this.#grow(prefixSizeBytes + value.length * utf8SizeBytesMax);
    const start = room + prefixSizeBytes;
    const sizeBytes =
      value.length <= asciiLoopLengthMax ? this.#ascii(value, start) : this.#utf8(value, start);
    this.position = start + sizeBytes;
    return sizeBytes;
  }

  #ascii(value: string, start: number): number {
    const buffer = this.#buffer;
    for (let index = 0; index < value.length; index += 1) {
      const unit = value.charCodeAt(index);
      if (unit >= 0x80) return this.#utf8(value, start);
      buffer[start + index] = unit;
    }
    return value.length;
  }

  #utf8(value: string, start: number): number {
    return this.#buffer.write(value, start, "utf8");
  }

  /** Inserts bytes without a copy. */
  insert(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.#insertedSizeBytes += chunk.byteLength;
    this.#insertions.push({ position: this.position, chunks });
  }

  /** Puts a varint before what was written since `position`. */
  insertUvarint(position: number, value: number): void {
    const { position: end } = this;
    this.uvarint(value);
    const sizeBytes = this.position - end;
    // The varint now stands behind the bytes; they make room and it moves before them.
    const varint = Buffer.from(this.#buffer.subarray(end, this.position));
    this.#buffer.copyWithin(position + sizeBytes, position, end);
    varint.copy(this.#buffer, position);
    for (const insertion of this.#insertions) {
      if (insertion.position >= position) insertion.position += sizeBytes;
    }
  }

  /** Gives what was written as pieces in order, in memory of their own. */
  chunks(): Uint8Array[] {
    const written = Buffer.allocUnsafe(this.position);
    this.#buffer.copy(written, 0, 0, this.position);
    if (this.#insertions.length === 0) return [written];
    const pieces: Uint8Array[] = [];
    let start = 0;
    for (const { position, chunks } of this.#insertions) {
      if (position > start) pieces.push(written.subarray(start, position));
      for (const chunk of chunks) if (chunk.byteLength > 0) pieces.push(chunk);
      start = position;
    }
    if (start < written.length) pieces.push(written.subarray(start));
    return pieces;
  }

  /** Forgets what was written, so that the writer serves the next message. */
  reset(): void {
    this.position = 0;
    this.#insertedSizeBytes = 0;
    this.#insertions = [];
    if (this.#buffer.length > keptSizeBytesMax) {
      this.#buffer = Buffer.allocUnsafeSlow(initialSizeBytes);
    }
  }
}

const idleWriters: Writer[] = [];

/** Gives what `write` writes as pieces in order. */
export function writeChunks(write: (writer: Writer) => void): Uint8Array[] {
  const writer = idleWriters.pop() ?? new Writer();
  try {
    write(writer);
    return writer.chunks();
  } finally {
    writer.reset();
    idleWriters.push(writer);
  }
}
