import type { Counter, Histogram, Metrics } from "@millrace/platform";

/** Which coordinator: Kafka's words, in the form in which names are exposed. */
export type CoordinatorName = "group" | "transaction";

const prefixes = {
  group: "kafka_coordinator_group_group_coordinator_metrics",
  transaction: "kafka_coordinator_transaction_transaction_coordinator_metrics",
} as const satisfies Record<CoordinatorName, string>;

/** What is read of the shards when somebody asks. */
export interface ShardsSource {
  /** The phase of each partition's shard. */
  readonly phases: () => Iterable<"loading" | "active" | "closed">;
  /** Requests that wait: for their records to be committed, or for other members. */
  readonly pendingCount: () => number;
}

/**
 * Counts and measures what the shards of one coordinator do, under the names of Kafka's
 * CoordinatorRuntimeMetrics; the transaction coordinator's loads have the same names in Kafka.
 */
export class ShardMetrics {
  readonly #loadMs: Histogram;
  readonly #flushMs: Histogram;
  readonly #batchBytes: Histogram;
  readonly #failedLoads: Counter;
  #loadMsMax = 0;
  #loadMsSum = 0;
  #loads = 0;

  constructor(metrics: Metrics, coordinator: CoordinatorName, source: ShardsSource) {
    const prefix = prefixes[coordinator];
    const name = (attribute: string): string => `${prefix}_${attribute}`;
    this.#loadMs = metrics.histogram({
      name: `millrace_${coordinator}_coordinator_load_time_ms`,
      help: "Milliseconds to replay a partition.",
    });
    this.#flushMs = metrics.histogram({
      name: name("batch_flush_time_ms"),
      help: "Milliseconds from the append of a batch until it is committed.",
    });
    this.#batchBytes = metrics.histogram({
      name: name("batch_size_bytes"),
      help: "Bytes of a batch that a coordinator wrote.",
    });
    this.#failedLoads = metrics.counter({
      name: name("partition_load_failed_count"),
      help: "Partitions that could not be replayed.",
    });
    const gauge = (attribute: string, help: string, read: () => number): void =>
      metrics.gauge({ name: name(attribute), help }, read);
    gauge("partition_load_time_max", "Longest replay of a partition.", () => this.#loadMsMax);
    gauge("partition_load_time_avg", "Mean replay of a partition.", () =>
      this.#loads === 0 ? 0 : this.#loadMsSum / this.#loads,
    );
    gauge("event_queue_size", "Requests that wait for their answer.", source.pendingCount);
    for (const state of ["loading", "active", "failed"] as const) {
      const phase = state === "failed" ? "closed" : state;
      metrics.gauge(
        { name: name("num_partitions"), help: "Partitions by state.", labels: { state } },
        () => [...source.phases()].filter((each) => each === phase).length,
      );
    }
  }

  /** A partition was replayed. */
  loaded(ms: number): void {
    this.#loadMs.record(ms);
    this.#loads += 1;
    this.#loadMsSum += ms;
    this.#loadMsMax = Math.max(this.#loadMsMax, ms);
  }

  /** A partition could not be replayed. */
  loadFailed(): void {
    this.#failedLoads.add(1);
  }

  /** A batch was appended. */
  appended(sizeBytes: number): void {
    this.#batchBytes.record(sizeBytes);
  }

  /** A batch is committed. */
  flushed(ms: number): void {
    this.#flushMs.record(ms);
  }
}
