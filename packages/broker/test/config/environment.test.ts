import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvironment } from "../../src/config/environment.ts";

test("a variable of the apache/kafka image names a configuration", () => {
  assert.deepEqual(readEnvironment({ KAFKA_LOG_RETENTION_HOURS: "5", PATH: "/bin" }), [
    { variable: "KAFKA_LOG_RETENTION_HOURS", key: "log.retention.hours", value: "5" },
  ]);
});

test("two underscores are an underscore and three are a dash", () => {
  const keys = readEnvironment({ KAFKA_A_B__C___D: "1" }).map((config) => config.key);
  assert.deepEqual(keys, ["a.b_c-d"]);
});

test("a variable of Millrace keeps its first word", () => {
  const keys = readEnvironment({ MILLRACE_HTTP_PORT: "1" }).map((config) => config.key);
  assert.deepEqual(keys, ["millrace.http.port"]);
});

test("variables of Kafka's scripts are no configurations", () => {
  const environment = { KAFKA_HEAP_OPTS: "-Xmx1G", KAFKA_JMX_OPTS: "", KAFKA_VERSION: "4.3.1" };
  assert.deepEqual(readEnvironment(environment), []);
});

test("listeners follow from the advertised ones, on every address", () => {
  const advertised = "PLAINTEXT://kafka:9092,OUTSIDE://localhost:29092";
  assert.deepEqual(readEnvironment({ KAFKA_ADVERTISED_LISTENERS: advertised }).at(-1), {
    variable: "KAFKA_ADVERTISED_LISTENERS",
    key: "listeners",
    value: "PLAINTEXT://0.0.0.0:9092,OUTSIDE://0.0.0.0:29092",
  });
});

test("listeners that are given stay as they are", () => {
  const environment = { KAFKA_ADVERTISED_LISTENERS: "A://b:1", KAFKA_LISTENERS: "A://:1" };
  const listeners = readEnvironment(environment).filter((config) => config.key === "listeners");
  assert.deepEqual(
    listeners.map((config) => config.value),
    ["A://:1"],
  );
});

test("an undefined variable is not there", () => {
  assert.deepEqual(readEnvironment({ KAFKA_NODE_ID: undefined }), []);
});
