import assert from "node:assert/strict";
import { test } from "node:test";

import { configResourceKey, emptyImage } from "@millrace/metadata";
import { simPlatform } from "@millrace/platform/sim";

import { MetricsSubscriptions } from "../../src/telemetry/metrics-subscriptions.ts";

const client = {
  client_instance_id: "AAAAAAAAAAAAAAAAAAAAAg",
  client_id: "orders-1",
  client_software_name: "apache-kafka-java",
  client_software_version: "4.3.1",
  client_source_address: "10.0.0.7",
  client_source_port: "40000",
};

function subscriptions(resources: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const { logger } = simPlatform({ seed: 1 });
  const followed = new MetricsSubscriptions(logger);
  const configs = Object.entries(resources).map(([name, values]) => {
    const key = configResourceKey({ type: "client-metrics", name });
    return [key, new Map(Object.entries(values))] as const;
  });
  followed.follow({ ...emptyImage, configs: new Map(configs) });
  return followed;
}

test("a client is asked for what all matching subscriptions want, at the shortest interval", () => {
  const followed = subscriptions({
    a: { metrics: "m.b,m.a", "interval.ms": "60000", match: "client_id=orders-.*" },
    b: { metrics: "m.c", "interval.ms": "1000", match: "client_software_name=apache-kafka-java" },
    c: { metrics: "m.d", "interval.ms": "100", match: "client_id=other" },
  });
  assert.deepEqual(followed.wantedOf(client), { metrics: ["m.a", "m.b", "m.c"], intervalMs: 1000 });
});

test("a star stands for everything, no subscription for nothing every five minutes", () => {
  assert.deepEqual(subscriptions({ a: { metrics: "m,*" } }).wantedOf(client).metrics, ["*"]);
  assert.deepEqual(subscriptions({}).wantedOf(client), { metrics: [], intervalMs: 300_000 });
});

test("a pattern matches the whole of what it is matched with, and all patterns must", () => {
  const wants = (match: string): number =>
    subscriptions({ a: { metrics: "m", match } }).wantedOf(client).metrics.length;
  assert.equal(wants("client_id=orders"), 0);
  assert.equal(wants("client_id=orders-1,client_source_port=4.*"), 1);
  assert.equal(wants("client_id=orders-1,client_source_port=5.*"), 0);
});

test("a subscription that cannot be followed matches nobody", () => {
  const followed = subscriptions({ a: { metrics: "m", match: "client_id=(?=x)" } });
  assert.deepEqual(followed.wantedOf(client).metrics, []);
});
