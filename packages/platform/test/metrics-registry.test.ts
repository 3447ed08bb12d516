import assert from "node:assert/strict";
import { test } from "node:test";
import { AssertionError, MetricsRegistry } from "@millrace/platform";

test("instruments are written in Prometheus' text format", () => {
  const metrics = new MetricsRegistry(() => 0);
  const labels = { topic: 'a"b\\c\nd' };
  metrics.counter({ name: "kafka_bytes_total", help: "Bytes\nin.", labels }).add(5);
  metrics.gauge({ name: "kafka_size", help: "Size." }, () => 1.5);
  metrics.gauge({ name: "kafka_limit", help: "Limit." }, () => Number.POSITIVE_INFINITY);
  assert.equal(
    metrics.exposition(),
    [
      "# HELP kafka_bytes_total Bytes\\nin.",
      "# TYPE kafka_bytes_total counter",
      'kafka_bytes_total{topic="a\\"b\\\\c\\nd"} 5',
      "# HELP kafka_size Size.",
      "# TYPE kafka_size gauge",
      "kafka_size 1.5",
      "# HELP kafka_limit Limit.",
      "# TYPE kafka_limit gauge",
      "kafka_limit +Inf",
      "",
    ].join("\n"),
  );
});

test("a histogram gives quantiles of the last minutes, count and sum of all time", () => {
  let nowMs = 0;
  const metrics = new MetricsRegistry(() => nowMs);
  const labels = { request: "Produce" };
  const histogram = metrics.histogram({ name: "kafka_time_ms", help: "Time.", labels });
  for (let value = 1; value <= 100; value += 1) histogram.record(value);
  assert.match(metrics.exposition(), /kafka_time_ms\{request="Produce",quantile="0.5"\} 5[0-4]/);
  assert.match(metrics.exposition(), /kafka_time_ms_sum\{request="Produce"\} 5050\n/);
  nowMs = 61_000;
  assert.match(metrics.exposition(), /quantile="0.999"\} 100/);
  nowMs = 122_000;
  assert.match(metrics.exposition(), /quantile="0.999"\} 0\n/);
  assert.match(metrics.exposition(), /kafka_time_ms_count\{request="Produce"\} 100\n/);
});

test("asking for an instrument again gives the same one; another kind is a bug", () => {
  const metrics = new MetricsRegistry(() => 0);
  const options = { name: "a_total", help: "A.", labels: { x: "1" } };
  metrics.counter(options).add(1);
  metrics.counter(options).add(2);
  assert.equal(metrics.counter(options).value(), 3);
  const histogram = metrics.histogram({ name: "h", help: "H." });
  assert.equal(metrics.histogram({ name: "h", help: "H." }), histogram);
  assert.throws(() => metrics.histogram(options), AssertionError);
  assert.throws(() => metrics.counter({ name: "bad name", help: "" }), AssertionError);
});

test("instruments of a deleted topic are forgotten by their labels", () => {
  const metrics = new MetricsRegistry(() => 0);
  for (const topic of ["orders", "users"]) {
    for (const partition of ["0", "1"]) {
      metrics.gauge({ name: "kafka_log_size", help: "S.", labels: { topic, partition } }, () => 1);
    }
  }
  metrics.remove({ topic: "orders" });
  const text = metrics.exposition();
  assert.doesNotMatch(text, /orders/);
  assert.equal(text.match(/users/g)?.length, 2);
  metrics.remove({ topic: "users" });
  assert.equal(metrics.exposition(), "");
});
