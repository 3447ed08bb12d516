import { type SampleWindows, THROTTLE_MS_MAX } from "./sampled-sum.ts";

/**
 * Tokens that come at a rate and are taken for what is done (KIP-599). It begins full, holds what
 * comes in all its windows, and may fall below nothing: what is begun is done as a whole.
 */
export class TokenBucket {
  readonly #seconds: number;
  #tokens = 0;
  #filledMs = Number.NEGATIVE_INFINITY;

  constructor({ samples, windowMs }: SampleWindows) {
    this.#seconds = (samples * windowMs) / 1000;
  }

  /** What is in it at `rate` tokens a second. */
  tokens(askedRate: number, nowMs: number): number {
    // What is no number any more would never become one again.
    const rate = Math.min(askedRate, Number.MAX_SAFE_INTEGER);
    const fullTokens = this.#seconds * rate;
    const comeTokens = ((nowMs - this.#filledMs) / 1000) * rate;
    this.#tokens = Math.min(fullTokens, this.#tokens + comeTokens);
    this.#filledMs = nowMs;
    return this.#tokens;
  }

  /** Takes tokens, whether there are as many or not. */
  take(count: number, rate: number, nowMs: number): void {
    this.#tokens = this.tokens(rate, nowMs) - count;
  }

  /** How long until it owes nothing, in milliseconds; 0 when it owes nothing. */
  throttleMs(rate: number, nowMs: number): number {
    const owed = -this.tokens(rate, nowMs);
    return owed <= 0 ? 0 : Math.min(Math.round((owed / rate) * 1000), THROTTLE_MS_MAX);
  }
}
