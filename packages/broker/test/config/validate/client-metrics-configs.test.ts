import assert from "node:assert/strict";
import { test } from "node:test";
import { validateClientMetricsConfigs } from "../../../src/config/validate/client-metrics-configs.ts";
import { mapOf, type Settings } from "../given.ts";

function errorOf(settings: Settings, name = "all-clients"): string {
  return validateClientMetricsConfigs(name, mapOf(settings))?.error ?? "taken";
}

test("what Apache Kafka's ClientMetricsConfigs takes is taken", () => {
  assert.equal(errorOf({ match: "client_id=a.*,client_software_name=x" }), "taken");
  assert.equal(errorOf({ metrics: "*" }), "taken");
  assert.equal(errorOf({ metrics: "", match: "" }), "taken");
  assert.equal(errorOf({ "interval.ms": "100" }), "taken");
  assert.equal(errorOf({ "interval.ms": "3600000" }), "taken");
});

test("what it refuses is refused with its error", () => {
  assert.equal(errorOf({ "interval.ms": "1000" }, ""), "INVALID_REQUEST");
  assert.equal(errorOf({ nope: "1" }), "INVALID_REQUEST");
  assert.equal(errorOf({ "interval.ms": "99" }), "INVALID_REQUEST");
  assert.equal(errorOf({ "interval.ms": "3600001" }), "INVALID_REQUEST");
  assert.equal(errorOf({ "interval.ms": "x" }), "INVALID_CONFIG");
  assert.equal(errorOf({ metrics: "a,,b" }), "INVALID_CONFIG");
  for (const match of ["a=b", "client_id", "client_id=["]) {
    assert.equal(errorOf({ match }), "INVALID_CONFIG", match);
  }
});
