import type { Clock, Logger, Timer } from "@millrace/platform";

/** What the watch looks with, and tells. */
export interface ActivityWatchOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxPollIntervalMs: number;
  /** Called when the application was seen to ask for records. */
  readonly onActivity: () => void;
}

/** What was seen of the event loop. */
export interface EventLoopHealth {
  /** For how long it was blocked the last time that it was noticed; 0: never. */
  readonly lastBlockedMs: number;
  /** When that was, on the monotonic clock; -1: never. */
  readonly lastBlockedAtMs: number;
}

/** How often it looks; a shorter poll interval makes it look more often. */
const TICK_MS_MAX = 1_000;
/** A timer that comes so much too late is told: heartbeats were late, too. */
const BLOCKED_MS_MIN = 500;

/**
 * Watches from a timer, which costs nothing for each record, whether the application still asks for
 * records, and whether something blocks the event loop: a timer that is late says so.
 */
export class ActivityWatch {
  /** How often the application has asked for records. */
  polls = 0;
  /** Loops that wait for records now: waiting is activity, however long it takes. */
  waiting = 0;
  /** When the application asked last, to a tick's precision; monotonic. */
  lastPollAtMs: number;
  /** Gives since when the oldest work under way is at it; undefined when nothing is. */
  busySinceMs: (() => number | undefined) | undefined;

  readonly #options: ActivityWatchOptions;
  readonly #tickMs: number;
  #seenPolls = 0;
  #timer: Timer | undefined;
  #tickAtMs = 0;
  #eventLoop: EventLoopHealth = { lastBlockedMs: 0, lastBlockedAtMs: -1 };

  constructor(options: ActivityWatchOptions) {
    this.#options = options;
    this.#tickMs = Math.max(10, Math.min(TICK_MS_MAX, Math.floor(options.maxPollIntervalMs / 5)));
    this.lastPollAtMs = options.clock.monotonicMs();
  }

  start(): void {
    if (this.#timer !== undefined) return;
    const { clock } = this.#options;
    this.#tickAtMs = clock.monotonicMs() + this.#tickMs;
    this.#timer = clock.setTimer(this.#tickMs, () => this.#tick());
  }

  close(): void {
    this.#timer?.cancel();
  }

  eventLoop(): EventLoopHealth {
    return this.#eventLoop;
  }

  #tick(): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#lookAtDelay(nowMs, nowMs - this.#tickAtMs);
    this.#lookAtPolls(nowMs);
    this.#timer = undefined;
    this.start();
  }

  #lookAtDelay(nowMs: number, lateMs: number): void {
    if (lateMs < BLOCKED_MS_MIN) return;
    this.#eventLoop = { lastBlockedMs: Math.round(lateMs), lastBlockedAtMs: nowMs };
    this.#options.logger.warn("the event loop was blocked: heartbeats could not be sent", {
      blockedMs: Math.round(lateMs),
    });
  }

  #lookAtPolls(nowMs: number): void {
    let activeAtMs = this.lastPollAtMs;
    if (this.busySinceMs !== undefined) activeAtMs = this.busySinceMs() ?? nowMs;
    else if (this.waiting > 0 || this.polls !== this.#seenPolls) activeAtMs = nowMs;
    this.#seenPolls = this.polls;
    if (activeAtMs <= this.lastPollAtMs) return;
    this.lastPollAtMs = activeAtMs;
    this.#options.onActivity();
  }
}
