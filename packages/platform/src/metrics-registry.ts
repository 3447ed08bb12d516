import { assert } from "./assert.ts";
import { LogarithmicHistogram } from "./logarithmic-histogram.ts";
import type { Counter, Histogram, InstrumentOptions, MetricLabels, Metrics } from "./metrics.ts";

/** Instruments of one process may not exceed this; above it something registers without end. */
const instrumentsMax = 500_000;

/** How long a histogram's quantiles look back, at least; at most twice as long. */
const windowMs = 60_000;

interface Instrument {
  readonly labels: MetricLabels;
  readonly lines: (name: string, labelText: string) => string;
  readonly value: RegisteredCounter | RegisteredHistogram | undefined;
}

interface Family {
  readonly help: string;
  readonly kind: "counter" | "gauge" | "summary";
  readonly instruments: Map<string, Instrument>;
}

/** Keeps instruments and writes them in Prometheus' text format. */
export class MetricsRegistry implements Metrics {
  readonly #families = new Map<string, Family>();
  readonly #monotonicMs: () => number;
  #instrumentCount = 0;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  counter(options: InstrumentOptions): Counter {
    const existing = this.#find(options, "counter")?.value;
    if (existing instanceof RegisteredCounter) return existing;
    const counter = new RegisteredCounter();
    this.#register(options, "counter", {
      labels: options.labels ?? {},
      lines: (name, labelText) => `${name}${labelText} ${counter.value()}\n`,
      value: counter,
    });
    return counter;
  }

  gauge(options: InstrumentOptions, read: () => number): void {
    this.#register(options, "gauge", {
      labels: options.labels ?? {},
      lines: (name, labelText) => `${name}${labelText} ${formatNumber(read())}\n`,
      value: undefined,
    });
  }

  histogram(options: InstrumentOptions): Histogram {
    const existing = this.#find(options, "summary")?.value;
    if (existing instanceof RegisteredHistogram) return existing;
    const histogram = new RegisteredHistogram(this.#monotonicMs);
    const labels = options.labels ?? {};
    this.#register(options, "summary", {
      labels,
      lines: (name, labelText) => histogram.lines({ name, labelText, labels }),
      value: histogram,
    });
    return histogram;
  }

  remove(labels: MetricLabels): void {
    const wanted = Object.entries(labels);
    for (const [name, family] of this.#families) {
      for (const [key, instrument] of family.instruments) {
        if (!wanted.every(([label, value]) => instrument.labels[label] === value)) continue;
        family.instruments.delete(key);
        this.#instrumentCount -= 1;
      }
      if (family.instruments.size === 0) this.#families.delete(name);
    }
  }

  exposition(): string {
    const parts: string[] = [];
    for (const [name, family] of this.#families) {
      parts.push(`# HELP ${name} ${escapeHelp(family.help)}\n# TYPE ${name} ${family.kind}\n`);
      for (const [labelText, instrument] of family.instruments) {
        parts.push(instrument.lines(name, labelText));
      }
    }
    return parts.join("");
  }

  #find(options: InstrumentOptions, kind: Family["kind"]): Instrument | undefined {
    const family = this.#families.get(options.name);
    if (family === undefined) return undefined;
    assert(family.kind === kind, `metric ${options.name} is registered as ${family.kind}`);
    return family.instruments.get(formatLabels(options.labels ?? {}));
  }

  #register(options: InstrumentOptions, kind: Family["kind"], instrument: Instrument): void {
    let family = this.#families.get(options.name);
    if (family === undefined) {
      assert(/^[a-zA-Z_:][\w:]*$/.test(options.name), `bad metric name ${options.name}`);
      family = { help: options.help, kind, instruments: new Map() };
      this.#families.set(options.name, family);
    }
    assert(family.kind === kind, `metric ${options.name} is registered as ${family.kind}`);
    const key = formatLabels(options.labels ?? {});
    if (!family.instruments.has(key)) this.#instrumentCount += 1;
    assert(this.#instrumentCount <= instrumentsMax, "too many metrics are registered");
    family.instruments.set(key, instrument);
  }
}

class RegisteredCounter implements Counter {
  #value = 0;

  add(amount: number): void {
    this.#value += amount;
  }

  value(): number {
    return this.#value;
  }
}

/** The quantiles that Kafka reports for its histograms. */
const quantiles = [0.5, 0.75, 0.95, 0.98, 0.99, 0.999] as const;

/**
 * A summary: count and sum since the start, quantiles of the last one to two minutes. Recording
 * never looks at the clock; the windows turn when somebody reads.
 */
class RegisteredHistogram implements Histogram {
  readonly #monotonicMs: () => number;
  #current = new LogarithmicHistogram();
  #previous = new LogarithmicHistogram();
  #windowStartMs: number;
  #count = 0;
  #sum = 0;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
    this.#windowStartMs = monotonicMs();
  }

  record(value: number): void {
    this.#count += 1;
    this.#sum += value;
    this.#current.record(value);
  }

  lines(target: {
    readonly name: string;
    readonly labelText: string;
    readonly labels: MetricLabels;
  }): string {
    const { name, labelText, labels } = target;
    this.#turnWindows();
    const window = this.#current.mergedWith(this.#previous);
    const lines = quantiles.map((quantile) => {
      const text = formatLabels({ ...labels, quantile: String(quantile) });
      return `${name}${text} ${formatNumber(window.quantile(quantile))}\n`;
    });
    lines.push(`${name}_sum${labelText} ${formatNumber(this.#sum)}\n`);
    lines.push(`${name}_count${labelText} ${this.#count}\n`);
    return lines.join("");
  }

  #turnWindows(): void {
    const nowMs = this.#monotonicMs();
    if (nowMs - this.#windowStartMs < windowMs) return;
    const spare = this.#previous;
    spare.clear();
    if (nowMs - this.#windowStartMs >= 2 * windowMs) this.#current.clear();
    this.#previous = this.#current;
    this.#current = spare;
    this.#windowStartMs = nowMs;
  }
}

function formatLabels(labels: MetricLabels): string {
  const entries = Object.entries(labels);
  if (entries.length === 0) return "";
  return `{${entries.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

function escapeHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function formatNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}
