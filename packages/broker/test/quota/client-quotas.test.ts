import assert from "node:assert/strict";
import { test } from "node:test";

import type { ClientQuota } from "@millrace/metadata";
import { simPlatform } from "@millrace/platform/sim";
import { Produce, ShareFetch, WriteTxnMarkers } from "@millrace/protocol";

import { DynamicBrokerConfig, loadBrokerConfig } from "../../src/config/index.ts";
import { ClientQuotas } from "../../src/quota/client-quotas.ts";

function quotasWith(overrides: Readonly<Record<string, string>> = {}) {
  const platform = simPlatform({ seed: 3 });
  const loaded = loadBrokerConfig({ overrides });
  const config = new DynamicBrokerConfig(loaded).current;
  const { clock, metrics } = platform;
  return { platform, quotas: new ClientQuotas({ config, clock, metrics }) };
}

function byClientId(entityName: string | null, key: string, value: number): ClientQuota {
  return { entity: [{ entityType: "client-id", entityName }], key, value };
}

/** How long a client waits that produces so many bytes at once. */
function waitMs(quotas: ClientQuotas, clientId: string, sizeBytes: number): number {
  return quotas.begin("ANONYMOUS", clientId, sizeBytes)?.finish(Produce.key) ?? -1;
}

test("nothing is counted where nobody is limited", () => {
  const { quotas } = quotasWith();
  assert.equal(quotas.begin("alice", "app", 1), undefined);
  quotas.update([byClientId("app", "producer_byte_rate", 5)]);
  assert.notEqual(quotas.begin("alice", "other", 1), undefined);
  quotas.update([]);
  assert.equal(quotas.begin("alice", "app", 1), undefined);
});

test("quota.window.num and quota.window.size.seconds say over which time a rate is measured", () => {
  const limits = [byClientId(null, "producer_byte_rate", 1000)];
  const { quotas } = quotasWith();
  quotas.update(limits);
  assert.equal(waitMs(quotas, "app", 10_000), 0);
  const short = quotasWith({ "quota.window.num": "3", "quota.window.size.seconds": "2" });
  short.quotas.update(limits);
  assert.equal(waitMs(short.quotas, "app", 4000), 0);
  assert.equal(waitMs(short.quotas, "app", 6000), 6000);
  const begun = short.quotas.begin("ANONYMOUS", "app", 1);
  assert.equal(begun?.fetchBytesMax(), Number.POSITIVE_INFINITY);
  short.quotas.update([byClientId(null, "consumer_byte_rate", 1000)]);
  assert.equal(short.quotas.begin("ANONYMOUS", "app", 1)?.fetchBytesMax(), 4000);
});

test("controller.quota.window.num and controller.quota.window.size.seconds bound a burst", () => {
  const burst = (overrides: Readonly<Record<string, string>>): number => {
    const { quotas } = quotasWith(overrides);
    quotas.update([byClientId(null, "controller_mutation_rate", 1)]);
    let count = 0;
    // One more than there are tokens: the last is begun with none owed.
    while (quotas.begin("a", "app", 1)?.partitionCharge(true)(1) === true) count += 1;
    return count;
  };
  assert.equal(burst({}), 12);
  const windows = {
    "controller.quota.window.num": "2",
    "controller.quota.window.size.seconds": "3",
  };
  assert.equal(burst(windows), 7);
});

test("a changed quota counts at once, with what was used before", () => {
  const { quotas } = quotasWith();
  quotas.update([byClientId("app", "producer_byte_rate", 1_000_000)]);
  assert.equal(waitMs(quotas, "app", 50_000), 0);
  quotas.update([byClientId("app", "producer_byte_rate", 1000)]);
  assert.equal(waitMs(quotas, "app", 0), 40_000);
});

test("metrics have Kafka's names, and there are no more than ten thousand clients of them", async () => {
  const { quotas, platform } = quotasWith();
  quotas.update([byClientId(null, "producer_byte_rate", 1000)]);
  waitMs(quotas, "app", 20_000);
  const shown = platform.metrics.exposition();
  assert.match(shown, /kafka_server_Produce_byte_rate\{user="",client_id="app"\} 2000/);
  assert.match(shown, /kafka_server_Produce_throttle_time\{user="",client_id="app"\} 10000/);
  for (let client = 0; client < 10_050; client += 1) waitMs(quotas, `client-${client}`, 1);
  const rows = platform.metrics.exposition().match(/^kafka_server_Produce_byte_rate\{/gm);
  assert.equal(rows?.length, 10_000);
  quotas.update([]);
  assert.doesNotMatch(platform.metrics.exposition(), /kafka_server_Produce_byte_rate\{/);
});

test("records of a share group are given, and waited for afterwards", () => {
  const { quotas } = quotasWith();
  quotas.update([byClientId("app", "consumer_byte_rate", 1000)]);
  const request = quotas.begin("ANONYMOUS", "app", 100);
  request?.chargeRecords(15_000);
  request?.chargeRecords(5000);
  assert.equal(request?.finish(ShareFetch.key), 10_000);
});

test("no more of a client id is remembered than a name needs", () => {
  const { quotas } = quotasWith();
  quotas.update([byClientId(null, "producer_byte_rate", 1000)]);
  const long = "x".repeat(30_000);
  assert.equal(waitMs(quotas, `${long}1`, 10_000), 0);
  // What they are called differs only where nobody looks: they share what they may take.
  assert.notEqual(waitMs(quotas, `${long}2`, 10_000), 0);
  assert.equal(waitMs(quotas, "short", 10_000), 0);
  quotas.update([byClientId(`${long}3`, "producer_byte_rate", 1000)]);
  assert.notEqual(waitMs(quotas, `${long}3`, 100_000), 0);
});

test("what brokers ask of each other is exempt only for who may ask it", () => {
  const { quotas, platform } = quotasWith();
  quotas.update([byClientId(null, "request_percentage", 0.0001)]);
  const { clock } = platform;
  const started = clock.monotonicMs.bind(clock);
  let workMs = 0;
  clock.monotonicMs = () => started() + (workMs += 2);
  const allowed = quotas.begin("broker", "b", 1);
  allowed?.exempt();
  assert.equal(allowed?.finish(WriteTxnMarkers.key), 0);
  assert.equal(quotas.begin("mallory", "m", 1)?.finish(WriteTxnMarkers.key), 1000);
});
