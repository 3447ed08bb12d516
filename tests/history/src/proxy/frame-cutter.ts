const lengthSizeBytes = 4;

/** Frames beyond this are no frames of a test. */
const frameSizeBytesMax = 128 * 1024 * 1024;

/** Cuts a stream of bytes into Kafka's frames, each with the length before it. */
export class FrameCutter {
  #pending: Buffer = Buffer.alloc(0);

  /** Bytes of a frame that has not come whole. */
  get pending(): Buffer {
    return this.#pending;
  }

  /**
   * Gives the frames that are whole now.
   * @throws Error when a length is none: the peer does not speak Kafka's protocol.
   */
  take(bytes: Buffer): readonly Buffer[] {
    let rest = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    const frames: Buffer[] = [];
    while (rest.length >= lengthSizeBytes) {
      const sizeBytes = rest.readInt32BE(0);
      if (sizeBytes < 0 || sizeBytes > frameSizeBytesMax) {
        throw new Error(`a frame of ${sizeBytes} bytes`);
      }
      const endPosition = lengthSizeBytes + sizeBytes;
      if (rest.length < endPosition) break;
      frames.push(rest.subarray(0, endPosition));
      rest = rest.subarray(endPosition);
    }
    this.#pending = rest;
    return frames;
  }
}
