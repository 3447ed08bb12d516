/** What one listener, or the broker as a whole, lets in. */
export interface ListenerLimits {
  /** `max.connections`. */
  readonly connectionsMax: number;
  /** `max.connection.creation.rate`. */
  readonly connectionsPerSecondMax: number;
}

/** Kafka's rate is an average over windows of a second; here each second counts for itself. */
const WINDOW_MS = 1000;

/**
 * Counts connections that are open and those made in this second, and says which is one too many.
 * Kafka lets those beyond the rate wait; here they are closed, and clients come again.
 */
export class ListenerQuota {
  readonly #name: string;
  #limits: ListenerLimits;
  #openCount = 0;
  #windowStartMs = Number.NEGATIVE_INFINITY;
  #madeInWindow = 0;

  /** `name` is for messages: "the listener INTERNAL", "the broker". */
  constructor(name: string, limits: ListenerLimits) {
    this.#name = name;
    this.#limits = limits;
  }

  /** Applies changed limits to those who come from now on. */
  updateLimits(limits: ListenerLimits): void {
    this.#limits = limits;
  }

  /** Why one more is too many now; undefined when it is not. Nothing is counted. */
  refusal(nowMs: number): string | undefined {
    const { connectionsMax, connectionsPerSecondMax } = this.#limits;
    if (this.#openCount >= connectionsMax) {
      return `max.connections (${connectionsMax}) of ${this.#name} is reached`;
    }
    const isSameWindow = nowMs < this.#windowStartMs + WINDOW_MS;
    if (isSameWindow && this.#madeInWindow >= connectionsPerSecondMax) {
      return `max.connection.creation.rate (${connectionsPerSecondMax}) of ${this.#name} is reached`;
    }
    return connectionsPerSecondMax === 0 ? `${this.#name} takes no connections` : undefined;
  }

  /** Counts a connection. */
  enter(nowMs: number): void {
    if (nowMs >= this.#windowStartMs + WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#madeInWindow = 0;
    }
    this.#madeInWindow += 1;
    this.#openCount += 1;
  }

  /** Uncounts a connection that has closed. */
  leave(): void {
    this.#openCount -= 1;
  }
}
