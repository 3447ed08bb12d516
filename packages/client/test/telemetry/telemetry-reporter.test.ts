import assert from "node:assert/strict";
import { test } from "node:test";
import {
  errorCodes,
  GetTelemetrySubscriptions,
  PushTelemetry,
  uuidFromBytes,
} from "@millrace/protocol";
import { ScriptedCluster } from "../support/scripted-cluster.ts";

const clientInstanceId = uuidFromBytes(Buffer.alloc(16, 7));
const subscription = {
  errorCode: errorCodes.NONE,
  throttleTimeMs: 0,
  clientInstanceId,
  subscriptionId: 5,
  acceptedCompressionTypes: [0],
  pushIntervalMs: 10_000,
  telemetryMaxBytes: 100_000,
  deltaTemporality: true,
  requestedMetrics: ["org.apache.kafka.client.connection."],
};
const taken = { throttleTimeMs: 0, errorCode: errorCodes.NONE };

test("metrics that the cluster wants are pushed at its interval, and once more at the end", async () => {
  const world = await new ScriptedCluster().start();
  const broker = world.broker(1);
  broker.on(GetTelemetrySubscriptions, () => subscription);
  broker.on(PushTelemetry, () => taken);
  const cluster = world.connect();
  await world.settle(cluster.metadata.loadAll());
  await world.advance(36_000);
  const pushed = broker.requestsOf(PushTelemetry);
  assert.ok(pushed.length === 3 || pushed.length === 4, `${pushed.length} reports`);
  const [first] = pushed;
  assert.equal(first?.clientInstanceId, clientInstanceId);
  assert.equal(first.subscriptionId, 5);
  assert.match(first.metrics.toString("latin1"), /org\.apache\.kafka\.client\.connection\.count/);
  assert.doesNotMatch(first.metrics.toString("latin1"), /client\.request/);
  await world.settle(cluster.close());
  assert.equal(broker.requestsOf(PushTelemetry).at(-1)?.terminating, true);
});

test("a subscription that changed is fetched anew", async () => {
  const world = await new ScriptedCluster().start();
  const broker = world.broker(1);
  broker.on(GetTelemetrySubscriptions, () => subscription);
  broker.on(PushTelemetry, () => ({
    throttleTimeMs: 0,
    errorCode: errorCodes.UNKNOWN_SUBSCRIPTION_ID,
  }));
  const cluster = world.connect();
  await world.settle(cluster.metadata.loadAll());
  await world.advance(26_000);
  const asked = broker.requestsOf(GetTelemetrySubscriptions);
  assert.ok(asked.length >= 2);
  assert.equal(asked[1]?.clientInstanceId, clientInstanceId);
  await world.settle(cluster.close());
});

test("a report that is refused as such ends telemetry, and nothing else", async () => {
  const world = await new ScriptedCluster().start();
  const broker = world.broker(1);
  broker.on(GetTelemetrySubscriptions, () => subscription);
  broker.on(PushTelemetry, () => ({ throttleTimeMs: 0, errorCode: errorCodes.INVALID_RECORD }));
  const cluster = world.connect();
  await world.settle(cluster.metadata.loadAll());
  await world.advance(60_000);
  assert.equal(broker.requestsOf(PushTelemetry).length, 1);
  await world.settle(cluster.metadata.loadAll());
  await cluster.close();
});

test("nothing is asked when the option is off", async () => {
  const world = await new ScriptedCluster().start();
  const broker = world.broker(1);
  broker.on(GetTelemetrySubscriptions, () => subscription);
  const cluster = world.connect({ enableMetricsPush: false });
  await world.settle(cluster.metadata.loadAll());
  await world.advance(60_000);
  assert.equal(broker.requestsOf(GetTelemetrySubscriptions).length, 0);
  await cluster.close();
});
