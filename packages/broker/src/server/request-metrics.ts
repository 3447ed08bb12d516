import type { Counter, Histogram, Metrics } from "@millrace/platform";

import type { ApiTable } from "../api/api-table.ts";

interface Instruments {
  readonly requests: Counter;
  readonly totalTimeMs: Histogram;
}

/**
 * Counts and times the requests of each API, under Kafka's names of kafka.network RequestMetrics.
 */
export class RequestMetrics {
  readonly #byKey: (Instruments | undefined)[] = [];

  constructor(metrics: Metrics, table: ApiTable) {
    for (const { api } of table.handlers()) {
      const labels = { request: api.name };
      this.#byKey[api.key] = {
        requests: metrics.counter({
          name: "kafka_network_RequestMetrics_RequestsPerSec_total",
          help: "Requests answered.",
          labels,
        }),
        totalTimeMs: metrics.histogram({
          name: "kafka_network_RequestMetrics_TotalTimeMs",
          help: "Milliseconds from a request's last byte to its answer.",
          labels,
        }),
      };
    }
  }

  /** Notes an answered request. */
  record(apiKey: number, totalTimeMs: number): void {
    const instruments = this.#byKey[apiKey];
    instruments?.requests.add(1);
    instruments?.totalTimeMs.record(totalTimeMs);
  }
}
