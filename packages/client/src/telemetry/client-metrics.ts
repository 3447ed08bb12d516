import type { Counter, Histogram, Metrics } from "@millrace/platform";

/** A measurement as it is pushed to the cluster. */
export interface Measurement {
  /** As KIP-714 names metrics: with dots, under `org.apache.kafka.`. */
  readonly name: string;
  readonly kind: "sum" | "gauge";
  readonly value: number;
}

/** Counts what every connection of a client does. */
export class ClientMetrics {
  readonly connectionsMade: Counter;
  readonly connectionsClosed: Counter;
  readonly requests: Counter;
  readonly timeouts: Counter;
  readonly sentBytes: Counter;
  readonly receivedBytes: Counter;
  readonly latencyMs: Histogram;
  #latencySumMs = 0;
  #answers = 0;

  constructor(metrics: Metrics) {
    const counter = (name: string, help: string): Counter =>
      metrics.counter({ name: `kafka_client_${name}`, help });
    this.connectionsMade = counter("connection_creation_total", "Connections made");
    this.connectionsClosed = counter("connection_close_total", "Connections closed");
    this.requests = counter("request_total", "Requests sent");
    this.timeouts = counter("request_timeout_total", "Requests without an answer in time");
    this.sentBytes = counter("outgoing_byte_total", "Bytes sent");
    this.receivedBytes = counter("incoming_byte_total", "Bytes received in answers");
    const help = "Milliseconds from a request to its answer";
    this.latencyMs = metrics.histogram({ name: "kafka_client_request_latency_ms", help });
    const open = { name: "kafka_client_connection_count", help: "Connections that are open" };
    metrics.gauge(open, () => this.openConnections());
  }

  /** An answer came. */
  answered(latencyMs: number, sizeBytes: number): void {
    this.receivedBytes.add(sizeBytes);
    this.latencyMs.record(latencyMs);
    this.#latencySumMs += latencyMs;
    this.#answers += 1;
  }

  openConnections(): number {
    return this.connectionsMade.value() - this.connectionsClosed.value();
  }

  /** Everything as it is now. */
  measure(): readonly Measurement[] {
    const sum = (name: string, value: number): Measurement => {
      return { name: `org.apache.kafka.client.${name}`, kind: "sum", value };
    };
    const average = this.#answers === 0 ? 0 : this.#latencySumMs / this.#answers;
    return [
      sum("connection.creation.total", this.connectionsMade.value()),
      sum("connection.close.total", this.connectionsClosed.value()),
      sum("request.total", this.requests.value()),
      sum("request.timeout.total", this.timeouts.value()),
      sum("outgoing.byte.total", this.sentBytes.value()),
      sum("incoming.byte.total", this.receivedBytes.value()),
      {
        name: "org.apache.kafka.client.connection.count",
        kind: "gauge",
        value: this.openConnections(),
      },
      { name: "org.apache.kafka.client.request.latency.avg", kind: "gauge", value: average },
    ];
  }
}
