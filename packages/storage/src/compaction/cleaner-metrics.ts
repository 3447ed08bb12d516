import type { Clock, Metrics } from "@millrace/platform";
import type { LogDirectory } from "../log-directory.ts";
import type { PartitionLog } from "../partition-log.ts";
import type { CompactionReport } from "./log-compaction.ts";

/** What the cleaner's metrics are made from. */
export interface CleanerMetricsOptions {
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly directories: readonly LogDirectory[];
  uncleanableOf(directory: LogDirectory): readonly PartitionLog[];
}

/** The metrics of Kafka's LogCleaner and LogCleanerManager, by their names. */
export class CleanerMetrics {
  readonly #clock: Clock;
  #ratioMax = 0;
  #overdueMsMax = 0;
  #lastRunMs: number;
  #mapUse = 0;
  #recopyRatio = 0;
  #durationMs = 0;

  constructor(options: CleanerMetricsOptions) {
    const { clock, metrics } = options;
    this.#clock = clock;
    this.#lastRunMs = clock.monotonicMs();
    const gauge = (name: string, help: string, read: () => number): void =>
      metrics.gauge({ name, help }, read);
    const manager = "kafka_log_LogCleanerManager";
    const cleaner = "kafka_log_LogCleaner";
    gauge(`${manager}_max_dirty_percent`, "Dirty share of the dirtiest log", () =>
      Math.floor(this.#ratioMax * 100),
    );
    gauge(`${manager}_time_since_last_run_ms`, "Since logs were last looked at", () =>
      Math.floor(this.#clock.monotonicMs() - this.#lastRunMs),
    );
    gauge(`${cleaner}_max_compaction_delay_secs`, "Beyond max.compaction.lag.ms", () =>
      Math.floor(this.#overdueMsMax / 1000),
    );
    gauge(`${cleaner}_max_buffer_utilization_percent`, "Slots taken in the offset map", () =>
      Math.floor(this.#mapUse * 100),
    );
    gauge(`${cleaner}_cleaner_recopy_percent`, "Bytes kept by the last compaction", () =>
      Math.floor(this.#recopyRatio * 100),
    );
    gauge(`${cleaner}_max_clean_time_secs`, "Duration of the last compaction", () =>
      Math.floor(this.#durationMs / 1000),
    );
    for (const directory of options.directories) {
      const labels = { logDirectory: directory.path };
      const help = "Logs that cannot be compacted";
      metrics.gauge({ name: `${manager}_uncleanable_partitions_count`, help, labels }, () => {
        return options.uncleanableOf(directory).length;
      });
      metrics.gauge(
        { name: `${manager}_uncleanable_bytes`, help: `${help}, in bytes`, labels },
        () => options.uncleanableOf(directory).reduce((sum, log) => sum + log.sizeBytes, 0),
      );
    }
  }

  /** Notes what a look over all logs found. */
  noteLook(found: { readonly ratioMax: number; readonly overdueMsMax: number }): void {
    this.#ratioMax = found.ratioMax;
    this.#overdueMsMax = found.overdueMsMax;
    this.#lastRunMs = this.#clock.monotonicMs();
  }

  /** Notes what a compaction did. */
  noteCompaction(report: CompactionReport, durationMs: number): void {
    this.#mapUse = report.mapUse;
    this.#recopyRatio = report.bytesRead === 0 ? 0 : report.bytesKept / report.bytesRead;
    this.#durationMs = durationMs;
  }
}
