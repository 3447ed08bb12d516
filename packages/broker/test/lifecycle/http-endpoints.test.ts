import assert from "node:assert/strict";
import { test } from "node:test";

import { BrokerFixture } from "../support/broker-fixture.ts";

async function get(fixture: BrokerFixture, path: string): Promise<string> {
  const { network, clock } = fixture.platform;
  const connecting = network.connect({ host: "localhost", port: 9464, timeoutMs: 1000 });
  const client = await fixture.settled(connecting);
  let received = "";
  client.onData((bytes) => {
    received += bytes.toString();
  });
  client.resume();
  client.write([Buffer.from(`GET ${path} HTTP/1.1\r\n\r\n`)]);
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
