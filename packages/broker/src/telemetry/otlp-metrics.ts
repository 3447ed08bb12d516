import { ProtobufReader } from "./protobuf-reader.ts";

/** A number that a client measured, with the attributes of the client and of the measurement. */
export interface MetricSample {
  /** As the client names it: `org.apache.kafka.producer.record.send.total`. */
  readonly name: string;
  readonly kind: "gauge" | "counter";
  /** The value is what was added since the last report, not the sum. */
  readonly isDelta: boolean;
  readonly value: number;
  readonly attributes: ReadonlyMap<string, string>;
}

/** What a report came to. */
export interface DecodedMetrics {
  readonly samples: readonly MetricSample[];
  /** Measurements of kinds that are not shown (summaries, exponential histograms), or too many. */
  readonly droppedCount: number;
}

/** What may be read of one report. */
export interface OtlpLimits {
  /** Measurements; the rest is counted and dropped. */
  readonly samplesMax: number;
  /** Attributes of one measurement, those of its client included. */
  readonly attributesMax: number;
}

// Field numbers of opentelemetry/proto/metrics/v1/metrics.proto and its neighbours, version 1.
const metricsData = { resourceMetrics: 1 } as const;
const resourceMetrics = { resource: 1, scopeMetrics: 2 } as const;
const resource = { attributes: 1 } as const;
const scopeMetrics = { metrics: 2 } as const;
const metric = {
  name: 1,
  gauge: 5,
  sum: 7,
  histogram: 9,
  exponentialHistogram: 10,
  summary: 11,
} as const;
const dataOfMetric = { dataPoints: 1, aggregationTemporality: 2, isMonotonic: 3 } as const;
const numberPoint = { asDouble: 4, asInt: 6, attributes: 7 } as const;
const histogramPoint = { count: 4, sum: 5, attributes: 9 } as const;
const keyValue = { key: 1, value: 2 } as const;
const anyValue = { string: 1, bool: 2, int: 3, double: 4 } as const;

/** AggregationTemporality: what was added since the last report. */
const deltaTemporality = 1;

type Attributes = ReadonlyMap<string, string>;

/**
 * Reads an OTLP MetricsData message (KIP-714): gauges and sums as they are, histograms as their
 * count and sum. Time is linear in the bytes, and what is kept is bounded by the limits.
 * @throws MalformedMessageError
 */
export function decodeOtlpMetrics(bytes: Buffer, limits: OtlpLimits): DecodedMetrics {
  const decoder = new Decoder(limits);
  decoder.metricsData(bytes);
  return decoder;
}

class Decoder implements DecodedMetrics {
  readonly samples: MetricSample[] = [];
  droppedCount = 0;
  readonly #limits: OtlpLimits;

  constructor(limits: OtlpLimits) {
    this.#limits = limits;
  }

  metricsData(bytes: Buffer): void {
    for (const entry of messagesOf(bytes, metricsData.resourceMetrics)) {
      this.#resourceMetrics(entry);
    }
  }

  #resourceMetrics(bytes: Buffer): void {
    const attributes = new Map<string, string>();
    // The resource may stand behind what it describes.
    for (const entry of messagesOf(bytes, resourceMetrics.resource)) {
      for (const pair of messagesOf(entry, resource.attributes)) this.#attribute(pair, attributes);
    }
    for (const scope of messagesOf(bytes, resourceMetrics.scopeMetrics)) {
      for (const entry of messagesOf(scope, scopeMetrics.metrics)) this.#metric(entry, attributes);
    }
  }

  #metric(bytes: Buffer, inherited: Attributes): void {
    let name = "";
    const reader = new ProtobufReader(bytes);
    const data: { readonly field: number; readonly bytes: Buffer }[] = [];
    while (reader.next()) {
      if (reader.field === metric.name) name = reader.text();
      else if (isData(reader.field)) data.push({ field: reader.field, bytes: reader.bytes() });
      else reader.skip();
    }
    for (const one of data) {
      if (one.field === metric.gauge) this.#points(one.bytes, { name, kind: "gauge", inherited });
      else if (one.field === metric.sum) this.#points(one.bytes, { name, kind: "sum", inherited });
      else if (one.field === metric.histogram) {
        this.#points(one.bytes, { name, kind: "histogram", inherited });
      } else this.droppedCount += 1;
    }
  }

  #points(bytes: Buffer, about: PointsContext): void {
    const reader = new ProtobufReader(bytes);
    let isDelta = false;
    let isMonotonic = about.kind === "histogram";
    const points: Buffer[] = [];
    while (reader.next()) {
      if (reader.field === dataOfMetric.dataPoints) points.push(reader.bytes());
      else if (about.kind !== "gauge" && reader.field === dataOfMetric.aggregationTemporality) {
        isDelta = reader.uint() === deltaTemporality;
      } else if (about.kind === "sum" && reader.field === dataOfMetric.isMonotonic) {
        isMonotonic = reader.uint() !== 0;
      } else reader.skip();
    }
    const kind = isMonotonic ? "counter" : "gauge";
    for (const point of points) {
      if (about.kind === "histogram") this.#histogramPoint(point, about, isDelta);
      else this.#numberPoint(point, about, { kind, isDelta });
    }
  }

  #numberPoint(
    bytes: Buffer,
    { name, inherited }: PointsContext,
    shape: Pick<MetricSample, "kind" | "isDelta">,
  ): void {
    const attributes = new Map(inherited);
    let value: number | undefined;
    const reader = new ProtobufReader(bytes);
    while (reader.next()) {
      if (reader.field === numberPoint.asDouble) value = reader.double();
      else if (reader.field === numberPoint.asInt) value = reader.signedFixed64();
      else if (reader.field === numberPoint.attributes) this.#attribute(reader.bytes(), attributes);
      else reader.skip();
    }
    // A point without a value says that there was nothing to measure.
    if (value !== undefined) this.#keep({ name, ...shape, value, attributes });
  }

  #histogramPoint(bytes: Buffer, { name, inherited }: PointsContext, isDelta: boolean): void {
    const attributes = new Map(inherited);
    let count = 0;
    let sum = 0;
    const reader = new ProtobufReader(bytes);
    while (reader.next()) {
      if (reader.field === histogramPoint.count) count = reader.signedFixed64();
      else if (reader.field === histogramPoint.sum) sum = reader.double();
      else if (reader.field === histogramPoint.attributes) {
        this.#attribute(reader.bytes(), attributes);
      } else reader.skip();
    }
    const shape = { kind: "counter", isDelta, attributes } as const;
    this.#keep({ name: `${name}.count`, value: count, ...shape });
    this.#keep({ name: `${name}.sum`, value: sum, ...shape });
  }

  #keep(sample: MetricSample): void {
    if (this.samples.length < this.#limits.samplesMax) this.samples.push(sample);
    else this.droppedCount += 1;
  }

  #attribute(bytes: Buffer, attributes: Map<string, string>): void {
    let key = "";
    let value: string | undefined;
    const reader = new ProtobufReader(bytes);
    while (reader.next()) {
      if (reader.field === keyValue.key) key = reader.text();
      else if (reader.field === keyValue.value) value = anyValueText(reader.bytes());
      else reader.skip();
    }
    const isRoom = attributes.size < this.#limits.attributesMax || attributes.has(key);
    if (value !== undefined && isRoom) attributes.set(key, value);
  }
}

interface PointsContext {
  readonly name: string;
  readonly kind: "gauge" | "sum" | "histogram";
  readonly inherited: Attributes;
}

function isData(field: number): boolean {
  return (
    field === metric.gauge ||
    field === metric.sum ||
    field === metric.histogram ||
    field === metric.exponentialHistogram ||
    field === metric.summary
  );
}

/** The text of a plain value; undefined for lists and maps, which make no label. */
function anyValueText(bytes: Buffer): string | undefined {
  let text: string | undefined;
  const reader = new ProtobufReader(bytes);
  while (reader.next()) {
    if (reader.field === anyValue.string) text = reader.text();
    else if (reader.field === anyValue.bool) text = String(reader.uint() !== 0);
    else if (reader.field === anyValue.int) text = String(reader.int());
    else if (reader.field === anyValue.double) text = String(reader.double());
    else reader.skip();
  }
  return text;
}

function* messagesOf(bytes: Buffer, field: number): IterableIterator<Buffer> {
  const reader = new ProtobufReader(bytes);
  while (reader.next()) {
    if (reader.field === field) yield reader.bytes();
    else reader.skip();
  }
}
