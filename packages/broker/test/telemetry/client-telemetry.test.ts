import assert from "node:assert/strict";
import { test } from "node:test";

import {
  codecOf,
  type CompressionName,
  compressionIds,
  errorName,
  GetTelemetrySubscriptions,
  IncrementalAlterConfigs,
  PushTelemetry,
  type ResponseOf,
  type Uuid,
  ZERO_UUID,
} from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";
import { gauge, metricsData } from "../support/otlp.ts";

const intervalMs = 1_000;

async function subscribe(fixture: BrokerFixture, configs: Record<string, string>): Promise<void> {
  const answer = await fixture.request(IncrementalAlterConfigs, 1, {
    resources: [
      {
        resourceType: 16,
        resourceName: "mine",
        configs: Object.entries(configs).map(([name, value]) => {
          return { name, configOperation: 0, value };
        }),
      },
    ],
    validateOnly: false,
  });
  assert.equal(errorName(answer.responses[0]?.errorCode ?? -1), "NONE");
}

type Subscription = ResponseOf<typeof GetTelemetrySubscriptions>;

function ask(fixture: BrokerFixture, clientInstanceId: Uuid = ZERO_UUID): Promise<Subscription> {
  return fixture.request(GetTelemetrySubscriptions, 0, { clientInstanceId });
}

async function push(
  fixture: BrokerFixture,
  subscription: Pick<Subscription, "clientInstanceId" | "subscriptionId">,
  more: { metrics?: Buffer; compressionType?: number; terminating?: boolean } = {},
): Promise<string | undefined> {
  const { clientInstanceId, subscriptionId } = subscription;
  const { metrics = report(1), compressionType = 0, terminating = false } = more;
  const answer = await fixture.request(PushTelemetry, 0, {
    clientInstanceId,
    subscriptionId,
    terminating,
    compressionType,
    metrics,
  });
  return errorName(answer.errorCode);
}

function report(value: number): Buffer {
  return metricsData([gauge("org.apache.kafka.producer.record.send.rate", value)]);
}

async function subscribed(config: Record<string, string> = {}): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start({ config });
  await subscribe(fixture, {
    metrics: "org.apache.kafka.producer.",
    "interval.ms": String(intervalMs),
    match: "client_id=test",
  });
  return fixture;
}

test("a client is given an id and told what is wanted; what it pushes is shown", async () => {
  await using fixture = await subscribed();
  const subscription = await ask(fixture);
  assert.notEqual(subscription.clientInstanceId, ZERO_UUID);
  assert.deepEqual(subscription.requestedMetrics, ["org.apache.kafka.producer."]);
  assert.equal(subscription.pushIntervalMs, intervalMs);
  assert.equal(subscription.telemetryMaxBytes, 1_048_576);
  assert.deepEqual(subscription.acceptedCompressionTypes, [4, 3, 1, 2]);
  assert.ok(subscription.deltaTemporality);
  assert.equal(await push(fixture, subscription), "NONE");
  const shown = fixture.broker.services.telemetry.exposition();
  assert.match(shown, /^kafka_client_producer_record_send_rate\{.*client_id="test".*\} 1$/m);
});

test("reports are read in every compression that a client may use", async () => {
  await using fixture = await subscribed();
  const names: CompressionName[] = ["none", "gzip", "snappy", "lz4", "zstd"];
  const subscription = await ask(fixture);
  for (const [index, name] of names.entries()) {
    const metrics = codecOf(name).compress(report(index + 10));
    const more = { metrics, compressionType: compressionIds[name] };
    assert.equal(await push(fixture, subscription, more), "NONE", name);
    const shown = fixture.broker.services.telemetry.exposition();
    assert.match(shown, new RegExp(`\\} ${index + 10}$`, "m"));
    await fixture.platform.clock.advance(intervalMs);
  }
});

test("a second push, or asking again, before the interval is over is throttled", async () => {
  await using fixture = await subscribed();
  const subscription = await ask(fixture);
  assert.equal(await push(fixture, subscription), "NONE");
  assert.equal(await push(fixture, subscription), "THROTTLING_QUOTA_EXCEEDED");
  const again = await ask(fixture, subscription.clientInstanceId);
  assert.equal(errorName(again.errorCode), "THROTTLING_QUOTA_EXCEEDED");
  await fixture.platform.clock.advance(intervalMs);
  assert.equal(await push(fixture, subscription), "NONE");
});

test("a changed subscription is told at once, and a push for the old one is refused", async () => {
  await using fixture = await subscribed();
  const old = await ask(fixture);
  await subscribe(fixture, { metrics: "*" });
  assert.equal(await push(fixture, old), "UNKNOWN_SUBSCRIPTION_ID");
  await fixture.platform.clock.advance(intervalMs);
  const renewed = await ask(fixture, old.clientInstanceId);
  assert.deepEqual(renewed.requestedMetrics, ["*"]);
  assert.notEqual(renewed.subscriptionId, old.subscriptionId);
  assert.equal(await push(fixture, renewed), "NONE");
});

test("the last push may come early, and nothing comes after it", async () => {
  await using fixture = await subscribed();
  const subscription = await ask(fixture);
  assert.equal(await push(fixture, subscription), "NONE");
  assert.equal(await push(fixture, subscription, { terminating: true }), "NONE");
  await fixture.platform.clock.advance(intervalMs);
  assert.equal(await push(fixture, subscription), "INVALID_REQUEST");
});

test("a push without an instance id is refused", async () => {
  await using fixture = await subscribed();
  const nobody = { clientInstanceId: ZERO_UUID, subscriptionId: 1 };
  assert.equal(await push(fixture, nobody), "INVALID_REQUEST");
});

test("an unknown compression, a report that is too large, a bomb and noise are refused", async () => {
  await using fixture = await subscribed({ "telemetry.max.bytes": "1000" });
  const errorOf = async (more: Parameters<typeof push>[2]): Promise<string | undefined> => {
    await fixture.platform.clock.advance(intervalMs);
    return push(fixture, subscription, more);
  };
  const subscription = await ask(fixture);
  assert.equal(await errorOf({ compressionType: 5 }), "UNSUPPORTED_COMPRESSION_TYPE");
  assert.equal(await errorOf({ metrics: Buffer.alloc(1_001) }), "TELEMETRY_TOO_LARGE");
  const bomb = codecOf("gzip").compress(Buffer.alloc(100_000));
  assert.equal(await errorOf({ metrics: bomb, compressionType: 1 }), "TELEMETRY_TOO_LARGE");
  assert.equal(await errorOf({ metrics: Buffer.from("noise") }), "INVALID_RECORD");
  const broken = Buffer.from("noise");
  assert.equal(await errorOf({ metrics: broken, compressionType: 4 }), "INVALID_RECORD");
});

test("whom nobody subscribes to is asked for nothing, every five minutes", async () => {
  await using fixture = await BrokerFixture.start();
  const subscription = await ask(fixture);
  assert.deepEqual(subscription.requestedMetrics, []);
  assert.equal(subscription.pushIntervalMs, 300_000);
});
