import assert from "node:assert/strict";
import { test } from "node:test";

import { MalformedMessageError } from "@millrace/protocol";
import fc from "fast-check";

import { decodeOtlpMetrics } from "../../src/telemetry/otlp-metrics.ts";
import { doubleField, field, fixed64Field, gauge, metricsData, sum } from "../support/otlp.ts";

const limits = { samplesMax: 100, attributesMax: 8 };

test("gauges and sums are read with the attributes of client and point", () => {
  const bytes = metricsData(
    [gauge("a.gauge", 2.5, { topic: "orders" }), sum("a.delta", 3n, 1), sum("a.total", 9n, 2)],
    { client_rack: "r1" },
  );
  const { samples, droppedCount } = decodeOtlpMetrics(bytes, limits);
  assert.equal(droppedCount, 0);
  assert.deepEqual(
    samples.map(({ name, kind, isDelta, value }) => [name, kind, isDelta, value]),
    [
      ["a.gauge", "gauge", false, 2.5],
      ["a.delta", "counter", true, 3],
      ["a.total", "counter", false, 9],
    ],
  );
  assert.deepEqual(
    [...(samples[0]?.attributes ?? [])],
    [
      ["client_rack", "r1"],
      ["topic", "orders"],
    ],
  );
});

test("a histogram is its count and its sum; a summary is dropped and counted", () => {
  const point = Buffer.concat([fixed64Field(4, 5n), doubleField(5, 12.5)]);
  const histogram = Buffer.concat([field(1, "h"), field(9, field(1, point))]);
  const summary = Buffer.concat([field(1, "s"), field(11, field(1, ""))]);
  const decoded = decodeOtlpMetrics(metricsData([histogram, summary]), limits);
  assert.deepEqual(
    decoded.samples.map(({ name, value }) => [name, value]),
    [
      ["h.count", 5],
      ["h.sum", 12.5],
    ],
  );
  assert.equal(decoded.droppedCount, 1);
});

test("measurements and attributes above the limits are dropped", () => {
  const many = metricsData([1, 2, 3].map((value) => gauge(`g${value}`, value, { x: "1", y: "2" })));
  const decoded = decodeOtlpMetrics(many, { samplesMax: 2, attributesMax: 1 });
  assert.equal(decoded.samples.length, 2);
  assert.equal(decoded.droppedCount, 1);
  assert.deepEqual([...(decoded.samples[0]?.attributes.keys() ?? [])], ["x"]);
});

test("a report with a changed or missing byte is read or malformed, and nothing else", () => {
  const good = metricsData([gauge("a", 1, { topic: "t" }), sum("b", 2n, 1)], { rack: "r" });
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.boolean(), (index, byte, cut) => {
      const bytes = Buffer.from(cut ? good.subarray(0, index) : good);
      if (!cut) bytes[index] = byte;
      try {
        decodeOtlpMetrics(bytes, limits);
      } catch (error) {
        assert.ok(error instanceof MalformedMessageError);
      }
    }),
  );
});
