import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, GetTelemetrySubscriptions, PushTelemetry, ZERO_UUID } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";
import { gauge, metricsData } from "../support/otlp.ts";

async function pushed(fixture: BrokerFixture, metrics: Buffer): Promise<string | undefined> {
  const subscription = await fixture.request(GetTelemetrySubscriptions, 0, {
    clientInstanceId: ZERO_UUID,
  });
  const answer = await fixture.request(PushTelemetry, 0, {
    clientInstanceId: subscription.clientInstanceId,
    subscriptionId: subscription.subscriptionId,
    terminating: false,
    compressionType: 0,
    metrics,
  });
  return errorName(answer.errorCode);
}

test("a report without metrics is taken, and shows nothing", async () => {
  await using fixture = await BrokerFixture.start();
  assert.equal(await pushed(fixture, Buffer.alloc(0)), "NONE");
  assert.equal(fixture.broker.services.telemetry.exposition(), "");
});

test("what was pushed is shown beside the broker's own metrics until the client is gone", async () => {
  await using fixture = await BrokerFixture.start();
  assert.equal(await pushed(fixture, metricsData([gauge("m", 1)])), "NONE");
  const { telemetry } = fixture.broker.services;
  assert.match(telemetry.exposition(), /^kafka_client_m\{/m);
  await fixture.platform.clock.advance(900_000);
  assert.equal(telemetry.exposition(), "");
});
