import assert from "node:assert/strict";
import { test } from "node:test";

import { type Uuid, uuidFromBytes } from "@millrace/protocol";

import { ClientSeries, SeriesBudget } from "../../src/telemetry/client-series.ts";
import {
  type TelemetryInstance,
  TelemetryInstances,
} from "../../src/telemetry/telemetry-instances.ts";

const budget = new SeriesBudget(100);

function idOf(number: number): Uuid {
  return uuidFromBytes(Buffer.alloc(16, number));
}

function instance(number: number, intervalMs = 1_000): TelemetryInstance {
  const series = new ClientSeries({ budget, seriesMax: 10, labels: new Map() });
  series.record({ name: "m", kind: "gauge", isDelta: false, value: 1, attributes: new Map() });
  return {
    id: idOf(number),
    connection: {},
    attributes: {
      client_instance_id: idOf(number),
      client_id: "c",
      client_software_name: "s",
      client_software_version: "1",
      client_source_address: "a",
      client_source_port: "1",
    },
    wanted: { metrics: [], intervalMs },
    subscriptionId: 1,
    subscriptionsVersion: 1,
    lastGetMs: 0,
    lastPushMs: 0,
    isTerminating: false,
    expiresMs: 0,
    series,
  };
}

test("who was heard of longest ago gives way, and its series with it", () => {
  const instances = new TelemetryInstances(2);
  const [one, two, three] = [instance(1), instance(2), instance(3)];
  instances.heard(one, {}, 0);
  instances.heard(two, {}, 0);
  instances.heard(one, one.connection, 1);
  instances.heard(three, {}, 2);
  assert.deepEqual(
    instances.living(3).map(({ id }) => id),
    [one.id, three.id],
  );
  assert.equal(two.series.size, 0);
});

test("a client is forgotten after a minute or three of its intervals, the longer of the two", () => {
  const instances = new TelemetryInstances();
  instances.heard(instance(1, 1_000), {}, 0);
  instances.heard(instance(2, 100_000), {}, 0);
  assert.ok(instances.get(idOf(1), 59_999));
  assert.equal(instances.get(idOf(1), 60_000), undefined);
  assert.ok(instances.get(idOf(2), 299_999));
  assert.equal(instances.living(300_000).length, 0);
});

test("a closed connection takes its client along, unless that has moved on", () => {
  const instances = new TelemetryInstances();
  const [first, second] = [{}, {}];
  const one = instance(1);
  instances.heard(one, first, 0);
  instances.heard(one, second, 0);
  instances.disconnected(first);
  assert.equal(instances.size, 1);
  instances.disconnected(second);
  assert.equal(instances.size, 0);
});
