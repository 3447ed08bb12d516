import assert from "node:assert/strict";
import { test } from "node:test";

import { BrokerFixture } from "../support/broker-fixture.ts";

async function get(fixture: BrokerFixture, path: string, header = ""): Promise<string> {
  const { network, clock } = fixture.platform;
  const connecting = network.connect({ host: "localhost", port: 9464, timeoutMs: 1000 });
  const client = await fixture.settled(connecting);
  let received = "";
  client.onData((bytes) => {
    received += bytes.toString();
  });
  client.resume();
  client.write([Buffer.from(`GET ${path} HTTP/1.1\r\n${header}\r\n`)]);
  await clock.advance(50);
  return received;
}

test("metrics, liveness and readiness are served beside the Kafka port", async () => {
  await using fixture = await BrokerFixture.start({ config: { "millrace.http.port": "9464" } });
  assert.match(await get(fixture, "/livez"), /^HTTP\/1\.1 200 /);
  assert.match(await get(fixture, "/readyz"), /^HTTP\/1\.1 200 /);
  const metrics = await get(fixture, "/metrics");
  assert.match(metrics, /kafka_server_ReplicaManager_PartitionCount 0/);
  assert.match(metrics, /kafka_network_RequestMetrics_TotalTimeMs/);
});

test("metrics are read with a name and a password where there are any, probes without", async () => {
  const config = { "millrace.http.port": "9464", "millrace.http.users": "prometheus:scrape" };
  await using fixture = await BrokerFixture.start({ config });
  const headerOf = (text: string): string => {
    return `Host: x\r\nAuthorization: Basic ${Buffer.from(text).toString("base64")}\r\n`;
  };
  const refused = await get(fixture, "/metrics");
  assert.match(refused, /^HTTP\/1\.1 401 [^]*\r\nWWW-Authenticate: Basic/);
  assert.match(await get(fixture, "/metrics", headerOf("prometheus:guess")), /^HTTP\/1\.1 401 /);
  assert.match(await get(fixture, "/metrics", headerOf("prometheus:scrape")), /^HTTP\/1\.1 200 /);
  assert.match(await get(fixture, "/livez"), /^HTTP\/1\.1 200 /);
  assert.match(await get(fixture, "/readyz"), /^HTTP\/1\.1 200 /);
});
