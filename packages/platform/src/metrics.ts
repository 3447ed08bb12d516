/**
 * Counts and measures. Instruments are made once and kept by their owner: an update on a hot path
 * is an addition to a number, without a look-up or an allocation.
 */
export interface Metrics {
  /** A count that only grows. */
  counter(options: InstrumentOptions): Counter;
  /** A value read when it is asked for. Registering the same name and labels again replaces it. */
  gauge(options: InstrumentOptions, read: () => number): void;
  /** A distribution of values (latencies in milliseconds, sizes in bytes). */
  histogram(options: InstrumentOptions): Histogram;
  /** Forgets every instrument that carries these labels: a deleted topic's, for example. */
  remove(labels: MetricLabels): void;
  /** Every instrument in Prometheus' text format 0.0.4. */
  exposition(): string;
}

/** What names an instrument: Kafka's own MBean name in Prometheus form. */
export interface InstrumentOptions {
  readonly name: string;
  readonly help: string;
  readonly labels?: MetricLabels;
}

/** Label names and values. */
export type MetricLabels = Readonly<Record<string, string>>;

/** A count that only grows. */
export interface Counter {
  add(amount: number): void;
  value(): number;
}

/** A distribution. */
export interface Histogram {
  record(value: number): void;
}
