/** Input in parts larger than this is a stream, which fills the loop by itself. */
const requestBytesMax = 4096;

/** Requests that follow each other faster than this are a conversation worth waiting for. */
const gapMsMax = 0.25;

/** How long after a request arrived the loop looks for the next before the thread sleeps. */
const lingerMs = 0.1;

/** What a `BusyPoll` works with. */
export interface BusyPollOptions {
  readonly monotonicMs: () => number;
  /** Calls back after the loop has looked for input once, without waiting. */
  readonly afterPoll: (action: () => void) => void;
  /** Whether other threads of the process need the core: then the thread sleeps at once. */
  readonly mustYield: () => boolean;
}

/**
 * Keeps the event loop awake for a moment between small requests that follow each other closely.
 *
 * A thread that sleeps between two requests is woken by an interrupt of the peer's core, which on a
 * virtual machine costs both sides more than the request itself. See
 * docs/decisions/013-process-options-and-polling.md.
 */
export class BusyPoll {
  readonly #options: BusyPollOptions;
  readonly #look = (): void => this.#lookAgain();
  #lastInputMs = Number.NEGATIVE_INFINITY;
  #untilMs = 0;
  #isLooking = false;

  constructor(options: BusyPollOptions) {
    this.#options = options;
  }

  /** Notes that so many bytes arrived now, before they are dealt with. */
  noteInput(sizeBytes: number): void {
    if (sizeBytes > requestBytesMax) return;
    const nowMs = this.#options.monotonicMs();
    const gapMs = nowMs - this.#lastInputMs;
    this.#lastInputMs = nowMs;
    if (gapMs > gapMsMax) return;
    this.#untilMs = nowMs + lingerMs;
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#options.afterPoll(this.#look);
  }

  #lookAgain(): void {
    if (this.#options.mustYield() || this.#options.monotonicMs() >= this.#untilMs) {
      this.#isLooking = false;
      return;
    }
    this.#options.afterPoll(this.#look);
  }
}
