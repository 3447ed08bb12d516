/** Writes the little of protobuf that tests of client telemetry need. */
export function field(number: number, value: string | Buffer): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function varintField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

export function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(number * 8 + 1), bytes]);
}

export function fixed64Field(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return Buffer.concat([varint(number * 8 + 1), bytes]);
}

export function attribute(key: string, value: string): Buffer {
  return Buffer.concat([field(1, key), field(2, field(1, value))]);
}

/** A MetricsData message with one resource and one scope. */
export function metricsData(
  metrics: readonly Buffer[],
  resourceAttributes: Readonly<Record<string, string>> = {},
): Buffer {
  const resource = Buffer.concat(
    Object.entries(resourceAttributes).map(([key, value]) => field(1, attribute(key, value))),
  );
  const scope = Buffer.concat(metrics.map((metric) => field(2, metric)));
  return field(1, Buffer.concat([field(1, resource), field(2, scope)]));
}

/** A gauge with one point. */
export function gauge(name: string, value: number, labels: Readonly<Record<string, string>> = {}) {
  const points = Object.entries(labels).map(([key, text]) => field(7, attribute(key, text)));
  const point = Buffer.concat([doubleField(4, value), ...points]);
  return Buffer.concat([field(1, name), field(5, field(1, point))]);
}

/** A monotonic sum with one whole-number point; temporality 1 is delta, 2 cumulative. */
export function sum(name: string, value: bigint, temporality: 1 | 2): Buffer {
  const data = [field(1, fixed64Field(6, value)), varintField(2, temporality), varintField(3, 1)];
  return Buffer.concat([field(1, name), field(7, Buffer.concat(data))]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  while (left >= 128) {
    bytes.push((left % 128) + 128);
    left = Math.floor(left / 128);
  }
  return Buffer.from([...bytes, left]);
}
