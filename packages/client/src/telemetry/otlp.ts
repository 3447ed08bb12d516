import type { Measurement } from "./client-metrics.ts";

/** What a report says besides its measurements. */
export interface ReportOptions {
  readonly startMs: number;
  readonly nowMs: number;
  /** Sums are what was added since the last report, not since the start. */
  readonly isDelta: boolean;
}

const delta = 1;
const cumulative = 2;
const wireVarint = 0;
const wireFixed64 = 1;
const wireBytes = 2;

/**
 * Writes measurements as OTLP `MetricsData` (opentelemetry-proto 1.x, metrics.proto): the protobuf
 * message that PushTelemetry carries. Only the fields that are needed; all others have defaults.
 */
export function encodeReport(measurements: readonly Measurement[], options: ReportOptions): Buffer {
  const metrics = measurements.map((one) => field(2, metricOf(one, options)));
  const scopeMetrics = field(2, Buffer.concat(metrics));
  return field(1, scopeMetrics);
}

function metricOf({ name, kind, value }: Measurement, options: ReportOptions): Buffer {
  const point = field(1, pointOf(value, options));
  const named = field(1, Buffer.from(name, "utf8"));
  if (kind === "gauge") return Buffer.concat([named, field(5, point)]);
  const temporality = varintField(2, options.isDelta ? delta : cumulative);
  const isMonotonic = varintField(3, 1);
  return Buffer.concat([named, field(7, Buffer.concat([point, temporality, isMonotonic]))]);
}

function pointOf(value: number, { startMs, nowMs }: ReportOptions): Buffer {
  const asDouble = Buffer.alloc(8);
  asDouble.writeDoubleLE(value);
  return Buffer.concat([
    fixed64Field(2, nanoseconds(startMs)),
    fixed64Field(3, nanoseconds(nowMs)),
    fixed64Field(4, asDouble),
  ]);
}

function nanoseconds(ms: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(Math.floor(ms)) * 1_000_000n);
  return bytes;
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([tag(number, wireBytes), varint(bytes.length), bytes]);
}

function varintField(number: number, value: number): Buffer {
  return Buffer.concat([tag(number, wireVarint), varint(value)]);
}

function fixed64Field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([tag(number, wireFixed64), bytes]);
}

function tag(number: number, wire: number): Buffer {
  return varint((number << 3) | wire);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 0x80)) bytes.push((left & 0x7f) | 0x80);
  bytes.push(left);
  return Buffer.from(bytes);
}
