import type { ShareState } from "@millrace/coordinators";
import type { Counter, Histogram, Metrics } from "@millrace/platform";

/** Kafka's MBean of the share coordinator, in the form in which names are exposed. */
const coordinator = "kafka_server_share_coordinator_metrics";

/** What the share coordinator counts and measures. */
export class ShareCoordinatorMetrics {
  readonly #metrics: Metrics;
  readonly #writes: Counter;
  readonly #latency: Histogram;

  constructor(metrics: Metrics, states: () => Iterable<ShareState>) {
    this.#metrics = metrics;
    this.#writes = metrics.counter({
      name: `${coordinator}_write_total`,
      help: "Writes of share partitions' states.",
    });
    this.#latency = metrics.histogram({
      name: `${coordinator}_write_latency_ms`,
      help: "Milliseconds until a write of a state was committed.",
    });
    const help = "Share partitions whose state is kept here.";
    metrics.gauge({ name: `${coordinator}_share_partition_count`, help }, () => {
      let count = 0;
      for (const { partitions } of states()) count += partitions.size;
      return count;
    });
  }

  /** A write was answered. */
  written(latencyMs: number): void {
    this.#writes.add(1);
    this.#latency.record(latencyMs);
  }

  /** The records of a partition of the state's topic before this offset were deleted. */
  pruned(topic: string, partition: number, offset: number): void {
    const labels = { topic, partition: String(partition) };
    const help = "Where the log of share states begins since it was last pruned.";
    this.#metrics.gauge({ name: `${coordinator}_last_pruned_offset`, help, labels }, () => offset);
  }
}
