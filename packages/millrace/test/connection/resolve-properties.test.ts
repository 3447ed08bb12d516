import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ConnectionSources,
  resolveProperties,
} from "../../src/connection/resolve-properties.ts";

const nothing: ConnectionSources = {
  environment: {},
  bootstrap: undefined,
  context: undefined,
  overrides: [],
  fileProperties: {},
  contexts: { current: undefined, contexts: {} },
};

const contexts = {
  current: "here",
  contexts: {
    here: { properties: { "bootstrap.servers": "here:1", "client.id": "here" } },
    there: { properties: { "bootstrap.servers": "there:1" } },
  },
};

function bootstrapOf(sources: Partial<ConnectionSources>): string | undefined {
  return resolveProperties({ ...nothing, ...sources })["bootstrap.servers"];
}

test("what is said nearer to the command wins", () => {
  const fileProperties = { "bootstrap.servers": "file:1" };
  const environment = { MILLRACE_BOOTSTRAP: "environment:1" };
  const overrides = ["bootstrap.servers=override:1"];
  assert.equal(bootstrapOf({}), "127.0.0.1:9092");
  assert.equal(bootstrapOf({ contexts }), "here:1");
  assert.equal(bootstrapOf({ contexts, environment: { MILLRACE_CONTEXT: "there" } }), "there:1");
  assert.equal(bootstrapOf({ contexts, context: "there" }), "there:1");
  assert.equal(bootstrapOf({ contexts, fileProperties }), "file:1");
  assert.equal(bootstrapOf({ contexts, fileProperties, environment }), "environment:1");
  assert.equal(bootstrapOf({ fileProperties, environment, overrides }), "override:1");
  assert.equal(bootstrapOf({ environment, overrides, bootstrap: "option:1" }), "option:1");
});

test("a context's other properties stay when its brokers are overridden", () => {
  const properties = resolveProperties({ ...nothing, contexts, bootstrap: "option:1" });
  assert.equal(properties["client.id"], "here");
});

test("an override without = and a context that is not there are refused", () => {
  assert.throws(() => bootstrapOf({ overrides: ["client.id"] }), /-X takes key=value/u);
  assert.throws(() => bootstrapOf({ context: "away", contexts }), /there are here, there/u);
});
