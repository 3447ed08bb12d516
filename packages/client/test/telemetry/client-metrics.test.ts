import assert from "node:assert/strict";
import { test } from "node:test";
import { ListGroups } from "@millrace/protocol";
import { ScriptedCluster } from "../support/scripted-cluster.ts";

test("connections, requests and bytes are counted", async () => {
  const world = await new ScriptedCluster().start();
  world.broker(1).on(ListGroups, () => ({ errorCode: 0, groups: [] }));
  const cluster = world.connect();
  await world.settle(cluster.metadata.loadAll());
  await world.settle(cluster.send(1, ListGroups, {}, { lane: "group" }));
  const before = cluster.metrics.exposition();
  assert.match(before, /kafka_client_connection_creation_total 2\n/);
  assert.match(before, /kafka_client_connection_count 2\n/);
  // ApiVersions twice, Metadata, ListGroups.
  assert.match(before, /kafka_client_request_total 4\n/);
  assert.match(before, /kafka_client_incoming_byte_total [1-9]/);
  await cluster.close();
  assert.match(cluster.metrics.exposition(), /kafka_client_connection_count 0\n/);
});
