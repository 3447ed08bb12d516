const prefixBytes = 4;

/** Cuts what a connection receives into frames, each in memory of its own. */
export class FrameReader {
  readonly #frameBytesMax: number;
  readonly #prefix = Buffer.alloc(prefixBytes);
  #prefixFilled = 0;
  #frame: Buffer | undefined;
  #filled = 0;

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  /**
   * Takes bytes and calls `onFrame` for each frame that they complete, size prefix taken off.
   * @returns the size that a frame announced when it is negative or above the limit; nothing was
   *   allocated for it, and the stream cannot be read on.
   */
  take(bytes: Buffer, onFrame: (frame: Buffer) => void): number | undefined {
    let position = 0;
    while (position < bytes.length) {
      if (this.#frame === undefined) {
        const wanted = Math.min(prefixBytes - this.#prefixFilled, bytes.length - position);
        bytes.copy(this.#prefix, this.#prefixFilled, position, position + wanted);
        this.#prefixFilled += wanted;
        position += wanted;
        if (this.#prefixFilled < prefixBytes) return undefined;
        const sizeBytes = this.#prefix.readInt32BE(0);
        if (sizeBytes < 0 || sizeBytes > this.#frameBytesMax) return sizeBytes;
        this.#prefixFilled = 0;
        this.#frame = Buffer.allocUnsafe(sizeBytes);
        this.#filled = 0;
      }
      const wanted = Math.min(this.#frame.length - this.#filled, bytes.length - position);
      bytes.copy(this.#frame, this.#filled, position, position + wanted);
      this.#filled += wanted;
      position += wanted;
      if (this.#filled === this.#frame.length) {
        const frame = this.#frame;
        this.#frame = undefined;
        onFrame(frame);
      }
    }
    return undefined;
  }
}
