import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigResourceType } from "@millrace/metadata";
import { createConfigValidator } from "../../../src/config/validate/config-validator.ts";
import { dynamicConfigOf, mapOf, type Settings } from "../given.ts";

const validator = createConfigValidator(dynamicConfigOf({ "log.cleanup.policy": "compact" }));

test("each kind of resource has its own rules", () => {
  const errorOf = (type: ConfigResourceType, name: string, after: Settings): string => {
    return validator.validate({ type, name }, mapOf(after), mapOf({}))?.error ?? "taken";
  };
  assert.equal(errorOf("topic", "orders", { "retention.ms": "5" }), "taken");
  assert.equal(errorOf("topic", "orders", { "log.retention.ms": "5" }), "INVALID_CONFIG");
  assert.equal(errorOf("broker", "", { "log.retention.ms": "5" }), "taken");
  assert.equal(errorOf("broker", "", { "retention.ms": "5" }), "INVALID_REQUEST");
  assert.equal(errorOf("group", "g", { "share.delivery.count.limit": "6" }), "taken");
  assert.equal(errorOf("group", "g", { "share.delivery.count.limit": "99" }), "INVALID_CONFIG");
  assert.equal(errorOf("client-metrics", "m", { "interval.ms": "500" }), "taken");
  assert.equal(errorOf("client-metrics", "m", { "interval.ms": "5" }), "INVALID_REQUEST");
});

test("appending needs a list", () => {
  assert.equal(validator.isList({ type: "topic", name: "a" }, "cleanup.policy"), true);
  assert.equal(validator.isList({ type: "topic", name: "a" }, "retention.ms"), false);
  assert.equal(validator.isList({ type: "broker", name: "" }, "log.cleanup.policy"), true);
  const ofListener = "listener.name.a.ssl.enabled.protocols";
  assert.equal(validator.isList({ type: "broker", name: "1" }, ofListener), true);
  assert.equal(validator.isList({ type: "client-metrics", name: "m" }, "match"), true);
  assert.equal(validator.isList({ type: "group", name: "g" }, "no.such.key"), false);
});

test("appending begins with what is inherited", () => {
  const inherited = (type: ConfigResourceType, name: string): string | undefined => {
    return validator.inheritedValue({ type, name: "x" }, name);
  };
  assert.equal(inherited("topic", "cleanup.policy"), "compact");
  assert.equal(inherited("topic", "flush.messages"), "9223372036854775807");
  assert.equal(inherited("broker", "log.cleanup.policy"), "compact");
  assert.equal(inherited("broker", "broker.rack"), undefined);
  assert.equal(inherited("group", "share.delivery.count.limit"), "5");
  assert.equal(inherited("client-metrics", "interval.ms"), "300000");
  assert.equal(inherited("topic", "no.such.key"), undefined);
});
