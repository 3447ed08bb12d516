import { createHistogram } from "node:perf_hooks";

/** Percentiles of latencies, in milliseconds. */
export interface LatencyFacts {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Collects latencies, exact to three digits, in little memory. */
export class LatencyHistogram {
  readonly #histogram = createHistogram({ figures: 3 });

  /** Takes a latency in milliseconds. */
  add(latencyMs: number): void {
    // The histogram takes whole numbers from 1 on: microseconds.
    this.#histogram.record(Math.max(1, Math.round(latencyMs * 1000)));
  }

  /** What was collected; all 0 before the first. */
  facts(): LatencyFacts {
    const at = (percentile: number): number =>
      this.#histogram.count === 0 ? 0 : this.#histogram.percentile(percentile) / 1000;
    return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) };
  }
}
