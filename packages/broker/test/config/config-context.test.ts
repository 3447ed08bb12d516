import assert from "node:assert/strict";
import { test } from "node:test";
import { report } from "../../src/config/config-context.ts";
import { brokerConfigOf } from "./given.ts";

test("a report carries the place where the configuration was given", () => {
  const config = brokerConfigOf({});
  const context = {
    fields: { ...config, ...noOutcomes },
    exactValues: config.exactValues,
    given: new Map([["a", { value: "1", origin: "--override" }]]),
    problems: [],
  };
  report(context, "a", "a is wrong");
  report(context, "b", "b is wrong");
  assert.deepEqual(context.problems, [
    { key: "a", origin: "--override", message: "a is wrong" },
    { key: "b", origin: undefined, message: "b is wrong" },
  ]);
});

/** The fields as they are before several configurations are taken together. */
const noOutcomes = {
  listeners: [],
  interBrokerListenerName: null,
  logDirs: null,
  metadataLogDir: null,
  logRetentionMs: null,
  logRollMs: null,
  logRollJitterMs: null,
  logFlushIntervalMs: null,
  maxConnectionsPerIpOverrides: "",
};
