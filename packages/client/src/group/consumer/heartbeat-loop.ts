import type { Clock, Random, Timer } from "@millrace/platform";
import type { KafkaError } from "../../errors/kafka-error.ts";
import { backoffMs } from "../../retry/backoff.ts";

/** What a heartbeat ended in: the time until the next one is due, or an error. */
export type Beat =
  | { readonly nextMs: number; readonly error?: undefined }
  | { readonly error: KafkaError };

/**
 * Sends heartbeats, one at a time: every so often as the coordinator says, at once when there is
 * something to tell, after a growing pause when one failed.
 */
export class HeartbeatLoop {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #backoff: { readonly initialMs: number; readonly maxMs: number };
  readonly #beat: (signal: AbortSignal) => Promise<Beat>;
  #timer: Timer | undefined;
  #abort = new AbortController();
  #isRunning = false;
  #isBeating = false;
  #isWanted = false;
  #failures = 0;

  constructor(parts: {
    readonly clock: Clock;
    readonly random: Random;
    readonly backoff: { readonly initialMs: number; readonly maxMs: number };
    readonly beat: (signal: AbortSignal) => Promise<Beat>;
  }) {
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#backoff = parts.backoff;
    this.#beat = parts.beat;
  }

  /** Beats at once, and from then on. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#isBeating = false;
    this.#abort = new AbortController();
    this.#failures = 0;
    this.soon();
  }

  /**
   * There is something to tell: a heartbeat goes out now, or when the one under way is answered.
   */
  soon(): void {
    if (!this.#isRunning) return;
    this.#isWanted = true;
    // After a failure the pause is kept: what is to tell goes with the next attempt.
    if (!this.#isBeating && this.#failures === 0) this.#arm(0);
  }

  stop(): void {
    this.#isRunning = false;
    this.#isWanted = false;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#abort.abort();
  }

  #arm(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(delayMs, () => void this.#run());
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    this.#isBeating = true;
    this.#isWanted = false;
    const beat = await this.#beat(signal);
    if (signal.aborted) return;
    this.#isBeating = false;
    if (beat.error === undefined) {
      this.#failures = 0;
      this.#arm(this.#isWanted ? 0 : beat.nextMs);
      return;
    }
    this.#arm(backoffMs(this.#failures, this.#backoff, this.#random));
    this.#failures += 1;
  }
}
