import type { Clock, Timer } from "@millrace/platform";

/** Says when nothing has been noted for a while. */
export class IdleWatch implements Disposable {
  readonly #clock: Clock;
  readonly #timeoutMs: number | undefined;
  readonly #controller = new AbortController();
  #timer: Timer | undefined;

  /** @param timeoutMs for ever when it is not given */
  constructor(clock: Clock, timeoutMs: number | undefined) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.note();
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begins the time anew. */
  note(): void {
    if (this.#timeoutMs === undefined) return;
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(this.#timeoutMs, () => this.#controller.abort());
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
  }
}
