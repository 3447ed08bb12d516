import type { Random } from "@millrace/platform";
import type { ServerAddress } from "../connect-string.ts";

const pauseMsMin = 50;
const pauseMsMax = 1000;

/** A server to try, and how long to wait before that. */
export interface NextServer {
  readonly address: ServerAddress;
  readonly pauseMs: number;
  /** How often all servers have failed in a row. */
  readonly failedRounds: number;
}

/**
 * The servers in an order of chance, so that clients spread. Each is tried once without a pause;
 * when a round has failed, the pauses grow, with chance in them, so that clients do not come back
 * all at once.
 */
export class ServerList {
  readonly #addresses: readonly ServerAddress[];
  readonly #random: Random;
  #index = -1;
  #failureCount = 0;

  constructor(addresses: readonly ServerAddress[], random: Random) {
    this.#addresses = shuffled(addresses, random);
    this.#random = random;
  }

  get count(): number {
    return this.#addresses.length;
  }

  next(): NextServer {
    this.#index = (this.#index + 1) % this.#addresses.length;
    const address = this.#addresses[this.#index] ?? { host: "", port: 0 };
    const failedRounds = Math.floor(this.#failureCount / this.#addresses.length);
    if (failedRounds === 0) return { address, pauseMs: 0, failedRounds };
    const pauseMs = Math.min(pauseMsMax, pauseMsMin * 2 ** (failedRounds - 1));
    const share = 0.5 + this.#random.nextFloat() / 2;
    return { address, pauseMs: pauseMs * share, failedRounds };
  }

  /** A server could not be reached, or did not keep the session for long. */
  failed(): void {
    this.#failureCount += 1;
  }

  /** A server keeps the session. */
  succeeded(): void {
    this.#failureCount = 0;
  }
}

function shuffled<T>(values: readonly T[], random: Random): readonly T[] {
  const left = [...values];
  const order: T[] = [];
  while (left.length > 0) order.push(...left.splice(random.nextInt(left.length), 1));
  return order;
}
