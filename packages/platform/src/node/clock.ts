import type { Clock, Timer } from "../clock.ts";

/** setTimeout takes a signed 32-bit delay; a longer one would fire at once. */
const timeoutMsMax = 2 ** 31 - 1;

/** The system's clock and the event loop's timers. */
export class NodeClock implements Clock {
  nowMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  setTimer(delayMs: number, action: () => void): Timer {
    return new NodeTimer(delayMs, action);
  }

  setImmediate(action: () => void): void {
    setImmediate(action);
  }
}

class NodeTimer implements Timer {
  #timeout: NodeJS.Timeout;
  readonly #action: () => void;

  constructor(delayMs: number, action: () => void) {
    this.#action = action;
    this.#timeout = this.#arm(delayMs);
  }

  cancel(): void {
    clearTimeout(this.#timeout);
  }

  #arm(delayMs: number): NodeJS.Timeout {
    if (delayMs <= timeoutMsMax) return setTimeout(this.#action, delayMs);
    return setTimeout(() => {
      this.#timeout = this.#arm(delayMs - timeoutMsMax);
    }, timeoutMsMax);
  }
}
