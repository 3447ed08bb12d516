import type { MetricSample } from "./otlp-metrics.ts";

/** Characters of a name, a label's name and a label's value that are shown. */
const NAME_LENGTH_MAX = 200;
const LABEL_LENGTH_MAX = 256;

/** What clients' metrics begin with, so that no client can name one of the broker's own. */
const prefix = "kafka_client_";
const kafkaPrefix = "org.apache.kafka.";

/** Room for all series of all clients; taken and given back as they come and go. */
export class SeriesBudget {
  readonly #seriesMax: number;
  #used = 0;

  constructor(seriesMax: number) {
    this.#seriesMax = seriesMax;
  }

  /** Series that are held. */
  get used(): number {
    return this.#used;
  }

  /** Takes room for one; false when there is none. */
  take(): boolean {
    if (this.#used >= this.#seriesMax) return false;
    this.#used += 1;
    return true;
  }

  giveBack(count: number): void {
    this.#used -= count;
  }
}

interface Series {
  /** The metric's name in Prometheus' form. */
  readonly family: string;
  kind: MetricSample["kind"];
  value: number;
}

/** What is shown of one series. */
export interface ShownSeries extends Readonly<Series> {
  /** Labels in Prometheus' form, with braces. */
  readonly labelText: string;
}

/**
 * The newest values that one client has pushed. What is over the limits is dropped and counted: a
 * client cannot make the broker hold, or a scraper read, more than that.
 */
export class ClientSeries {
  readonly #budget: SeriesBudget;
  readonly #seriesMax: number;
  readonly #labels: ReadonlyMap<string, string>;
  readonly #series = new Map<string, Series>();

  /** @param options `labels` say which client it is; no attribute replaces them. */
  constructor(options: {
    readonly budget: SeriesBudget;
    readonly seriesMax: number;
    readonly labels: ReadonlyMap<string, string>;
  }) {
    this.#budget = options.budget;
    this.#seriesMax = options.seriesMax;
    this.#labels = options.labels;
  }

  /** Series that are held. */
  get size(): number {
    return this.#series.size;
  }

  /** Takes over a sample: a delta is added, all else replaces. False when there is no room. */
  record(sample: MetricSample): boolean {
    const family = familyName(sample.name);
    const key = `${family}${this.#labelText(sample.attributes)}`;
    const known = this.#series.get(key);
    if (known !== undefined) {
      known.value = sample.isDelta ? known.value + sample.value : sample.value;
      known.kind = sample.kind;
      return true;
    }
    if (this.#series.size >= this.#seriesMax || !this.#budget.take()) return false;
    this.#series.set(key, { family, kind: sample.kind, value: sample.value });
    return true;
  }

  /** Every series. */
  *shown(): IterableIterator<ShownSeries> {
    for (const [key, series] of this.#series) {
      yield { ...series, labelText: key.slice(series.family.length) };
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#budget.giveBack(this.#series.size);
    this.#series.clear();
  }

  #labelText(attributes: ReadonlyMap<string, string>): string {
    const labels = new Map<string, string>();
    for (const [name, value] of attributes) labels.set(labelName(name), value);
    for (const [name, value] of this.#labels) labels.set(name, value);
    // Sorted: the same attributes in another order are the same series.
    const sorted = [...labels].sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${sorted.map(([name, value]) => `${name}="${labelValue(value)}"`).join(",")}}`;
  }
}

/** Writes all clients' series in Prometheus' text format, one block for each name. */
export function clientSeriesExposition(clients: Iterable<ClientSeries>): string {
  const families = new Map<string, { kinds: Set<string>; lines: string[] }>();
  for (const client of clients) {
    for (const { family, kind, labelText, value } of client.shown()) {
      const block = families.get(family) ?? { kinds: new Set<string>(), lines: [] };
      block.kinds.add(kind);
      block.lines.push(`${family}${labelText} ${numberText(value)}\n`);
      families.set(family, block);
    }
  }
  const parts: string[] = [];
  for (const [family, { kinds, lines }] of families) {
    const [kind = "untyped", ...others] = kinds;
    // Two clients may not agree on what a metric is.
    parts.push(`# TYPE ${family} ${others.length === 0 ? kind : "untyped"}\n`, ...lines);
  }
  return parts.join("");
}

function familyName(name: string): string {
  const own = name.startsWith(kafkaPrefix) ? name.slice(kafkaPrefix.length) : name;
  return prefix + own.slice(0, NAME_LENGTH_MAX).replaceAll(/[^a-zA-Z0-9_]/g, "_");
}

function labelName(name: string): string {
  const plain = name.slice(0, LABEL_LENGTH_MAX).replaceAll(/[^a-zA-Z0-9_]/g, "_");
  // Two underscores at the start are Prometheus' own, a digit or nothing is no name.
  return /^[a-zA-Z]/.test(plain) ? plain : `attribute_${plain}`;
}

function labelValue(value: string): string {
  const shown = value.slice(0, LABEL_LENGTH_MAX);
  return shown.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}
