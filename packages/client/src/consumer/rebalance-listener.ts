import type { Logger } from "@millrace/platform";
import type { KafkaError } from "../errors/kafka-error.ts";
import type { MembershipListener, TopicPartition } from "../group/membership.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import type { Assignment } from "./assignment.ts";
import type { Committer } from "./committer.ts";
import type { RecordBuffer } from "./record-buffer.ts";

/** What an application can hear of its assignment. */
export type RebalanceEvent = "assigned" | "revoked" | "lost";

/** Hears which partitions came or went. `revoked` is waited for: what it commits counts. */
export type RebalanceHandler = (partitions: readonly TopicPartition[]) => void | Promise<void>;

/** What rebalances change. */
export interface RebalanceContext<K, V> {
  readonly assignment: Assignment<K, V>;
  readonly buffer: RecordBuffer<K, V>;
  readonly committer: () => Committer;
  readonly logger: Logger;
  /** Called when partitions are being taken away, before it is waited for their work. */
  readonly onLeaving: (partitions: readonly AssignedPartition<K, V>[]) => void;
  /** Called when there is something new to fetch. */
  readonly onChange: () => void;
}

/**
 * Carries out what the group decides: a partition that is taken away is handed out no more, what
 * the application has of it is waited for and committed, and only then it is given up.
 */
export class RebalanceListener<K, V> implements MembershipListener {
  readonly #context: RebalanceContext<K, V>;
  readonly #handlers = new Map<RebalanceEvent, Set<RebalanceHandler>>();

  constructor(context: RebalanceContext<K, V>) {
    this.#context = context;
  }

  /** Adds a handler and gives how to take it away. */
  on(event: RebalanceEvent, handler: RebalanceHandler): () => void {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers);
    handlers.add(handler);
    return () => {
      handlers.delete(handler);
    };
  }

  async onAssigned(partitions: readonly TopicPartition[]): Promise<void> {
    const { assignment, onChange } = this.#context;
    const added = assignment.add(partitions);
    // Nothing is fetched before the application has had its word: it may seek.
    for (const partition of added) partition.isBusy = true;
    const moves = added.map((partition) => partition.moves);
    await this.#tell("assigned", partitions);
    for (const [index, partition] of added.entries()) {
      if (partition.moves === moves[index]) partition.isBusy = false;
    }
    onChange();
  }

  async onRevoked(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<void> {
    const { assignment, committer, onLeaving, onChange } = this.#context;
    const leaving = assignment.known(partitions);
    assignment.leave(leaving);
    onLeaving(leaving);
    await Promise.all(leaving.map((partition) => quiet(partition, signal)));
    if (!signal.aborted) await committer().commitFinished(leaving, { signal });
    committer().giveUp(leaving);
    await this.#tell("revoked", partitions);
    assignment.remove(leaving);
    onChange();
  }

  async onLost(partitions: readonly TopicPartition[]): Promise<void> {
    const { assignment, committer, onLeaving, onChange } = this.#context;
    const lost = assignment.known(partitions);
    assignment.leave(lost);
    committer().giveUp(lost);
    onLeaving(lost);
    assignment.remove(lost);
    await this.#tell("lost", partitions);
    onChange();
  }

  onFatal(error: KafkaError): void {
    this.#context.buffer.failForGood(error);
  }

  async #tell(event: RebalanceEvent, partitions: readonly TopicPartition[]): Promise<void> {
    for (const handler of this.#handlers.get(event) ?? []) {
      try {
        await handler(partitions);
      } catch (error) {
        // Java wraps it and throws it from poll; the rebalance itself goes on.
        const said = error instanceof Error ? error.message : String(error);
        this.#context.logger.error("a rebalance handler failed", { event, error: said });
      }
    }
  }
}

/** Resolves when the application is done with what it has of a partition, or may wait no longer. */
function quiet(partition: AssignedPartition, signal: AbortSignal): Promise<void> {
  if (partition.outstanding === 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      partition.onQuiet = undefined;
      signal.removeEventListener("abort", done);
      resolve();
    };
    partition.onQuiet = done;
    signal.addEventListener("abort", done, { once: true });
  });
}
