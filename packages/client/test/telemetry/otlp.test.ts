import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeReport } from "../../src/telemetry/otlp.ts";

// Each byte by the definition of opentelemetry-proto's metrics.proto; `protoc --decode` agrees.

test("a sum is written with its temporality, and as one that only grows", () => {
  const report = encodeReport([{ name: "n", kind: "sum", value: 1 }], {
    startMs: 0,
    nowMs: 1,
    isDelta: true,
  });
  const point = "110000000000000000" + "1940420f0000000000" + "21000000000000f03f";
  const sum = `0a1b${point}` + "1001" + "1801";
  const metric = "0a016e" + `3a21${sum}`;
  const scopeMetrics = `1226${metric}`;
  const resourceMetrics = `1228${scopeMetrics}`;
  assert.equal(report.toString("hex"), `0a2a${resourceMetrics}`);
});

test("a gauge has no temporality", () => {
  const report = encodeReport([{ name: "n", kind: "gauge", value: 0 }], {
    startMs: 0,
    nowMs: 0,
    isDelta: false,
  });
  const point = "110000000000000000" + "190000000000000000" + "210000000000000000";
  assert.equal(report.toString("hex"), `0a261224` + `1222` + `0a016e` + `2a1d` + `0a1b${point}`);
});
