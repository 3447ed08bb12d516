import type { Clock, Logger } from "@millrace/platform";
import type { MembershipListener, TopicPartition } from "./membership.ts";
import { PartitionSet } from "./partition-set.ts";

/**
 * The partitions of one member, and the one place that tells its listener of them: one call at a
 * time, in the order of the group's decisions.
 */
export class OwnedPartitions {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #listener: MembershipListener;
  #owned = new PartitionSet();
  #calls: Promise<void> = Promise.resolve();
  /** Ends the wait for work on revoked partitions. */
  #revoking: AbortController | undefined;

  constructor(parts: {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly listener: MembershipListener;
  }) {
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    this.#listener = parts.listener;
  }

  /** What is owned now. */
  get current(): PartitionSet {
    return this.#owned;
  }

  /** Takes partitions over, and resolves when the listener has heard. */
  assign(partitions: readonly TopicPartition[]): Promise<void> {
    return this.#inOrder(async () => {
      for (const partition of partitions) this.#owned.add(partition);
      await this.#listener.onAssigned(partitions);
    });
  }

  /**
   * Gives partitions up: they are owned until the listener is done with them, or the time is over
   * and the group waits no longer.
   */
  revoke(partitions: readonly TopicPartition[], timeoutMs: number): Promise<void> {
    return this.#inOrder(async () => {
      const given = partitions.filter((partition) => this.#owned.has(partition));
      if (given.length === 0) return;
      const wait = new AbortController();
      this.#revoking = wait;
      const timer = this.#clock.setTimer(timeoutMs, () => wait.abort());
      try {
        await unlessAborted(this.#listener.onRevoked(given, wait.signal), wait.signal);
      } finally {
        timer.cancel();
        this.#revoking = undefined;
        for (const partition of given) this.#owned.delete(partition);
      }
    });
  }

  /** Drops everything: it may be another's already. Work that is being ended is not waited for. */
  lose(): Promise<void> {
    this.stopWaiting();
    return this.#inOrder(async () => {
      const lost = this.#owned.sorted();
      this.#owned = new PartitionSet();
      if (lost.length > 0) await this.#listener.onLost(lost);
    });
  }

  /** Ends the wait for work on revoked partitions. */
  stopWaiting(): void {
    this.#revoking?.abort();
  }

  #inOrder(call: () => Promise<void>): Promise<void> {
    const result = this.#calls.then(async () => {
      try {
        await call();
      } catch (error) {
        // What a listener throws is its own to report; the group's course does not depend on it.
        this.#logger.error("a rebalance listener failed", { error });
      }
    });
    this.#calls = result;
    return result;
  }
}

function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    work.then(resolve, reject);
  });
}
