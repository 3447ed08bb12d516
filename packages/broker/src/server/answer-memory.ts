/** An answer may always be this large, whatever else waits to be taken: every reader goes on. */
const answerBytesMin = 1024 * 1024;

/**
 * Counts the answers that clients have not taken yet, over all connections. When they reach the
 * bound, further answers are kept small, and slow readers begin no further requests.
 */
export class AnswerMemory {
  readonly #bytesMax: number;
  #usedBytes = 0;

  constructor(options: { readonly bytesMax: number }) {
    this.#bytesMax = options.bytesMax;
  }

  /** Bytes that wait to be taken. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Whether the bound is reached. */
  get isFull(): boolean {
    return this.#usedBytes >= this.#bytesMax;
  }

  /** How large an answer may be now. */
  roomBytes(): number {
    return Math.max(answerBytesMin, this.#bytesMax - this.#usedBytes);
  }

  /** Notes bytes that wait, or left by a negative number. */
  charge(bytes: number): void {
    this.#usedBytes += bytes;
  }
}
