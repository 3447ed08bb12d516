import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ClientSeries,
  clientSeriesExposition,
  SeriesBudget,
} from "../../src/telemetry/client-series.ts";
import type { MetricSample } from "../../src/telemetry/otlp-metrics.ts";

function sample(name: string, value: number, more: Partial<MetricSample> = {}): MetricSample {
  return { name, kind: "gauge", isDelta: false, value, attributes: new Map(), ...more };
}

function client(id: string, options: { seriesMax?: number; budget?: SeriesBudget } = {}) {
  return new ClientSeries({
    budget: options.budget ?? new SeriesBudget(100),
    seriesMax: options.seriesMax ?? 10,
    labels: new Map([["client_id", id]]),
  });
}

test("two clients' values of one metric stand together, under a name no metric of ours has", () => {
  const [one, two] = [client("one"), client("two")];
  one.record(sample("org.apache.kafka.producer.record.send.rate", 1.5));
  one.record(sample("own.metric-name", 7));
  two.record(sample("org.apache.kafka.producer.record.send.rate", 2));
  assert.equal(
    clientSeriesExposition([one, two]),
    [
      "# TYPE kafka_client_producer_record_send_rate gauge",
      'kafka_client_producer_record_send_rate{client_id="one"} 1.5',
      'kafka_client_producer_record_send_rate{client_id="two"} 2',
      "# TYPE kafka_client_own_metric_name gauge",
      'kafka_client_own_metric_name{client_id="one"} 7',
      "",
    ].join("\n"),
  );
});

test("a delta is added to what was there, all else replaces it", () => {
  const series = client("one");
  for (const value of [2, 3]) {
    series.record(sample("d", value, { kind: "counter", isDelta: true }));
    series.record(sample("c", value, { kind: "counter" }));
  }
  assert.deepEqual(
    [...series.shown()].map(({ family, value }) => [family, value]),
    [
      ["kafka_client_d", 5],
      ["kafka_client_c", 3],
    ],
  );
});

test("no attribute takes the place of a client's own label, or breaks a line", () => {
  const series = client("one");
  const attributes = new Map([
    ["client_id", "somebody else"],
    ["__name__", 'a"b\nc\\'],
    ["2nd", "x"],
  ]);
  series.record(sample("m", 1, { attributes }));
  const [shown] = series.shown();
  assert.equal(
    shown?.labelText,
    '{attribute_2nd="x",attribute___name__="a\\"b\\nc\\\\",client_id="one"}',
  );
});

test("series above a client's limit or above the limit of all are refused until there is room", () => {
  const budget = new SeriesBudget(3);
  const [one, two] = [client("one", { budget, seriesMax: 2 }), client("two", { budget })];
  assert.deepEqual(
    ["a", "b", "c", "a"].map((name) => one.record(sample(name, 1))),
    [true, true, false, true],
  );
  assert.deepEqual(
    ["a", "b"].map((name) => two.record(sample(name, 1))),
    [true, false],
  );
  one.clear();
  assert.equal(budget.used, 1);
  assert.ok(two.record(sample("b", 1)));
});
