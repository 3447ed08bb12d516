import assert from "node:assert/strict";
import { test } from "node:test";
import {
  errorCodes,
  ListGroups,
  Metadata,
  Produce,
  SaslAuthenticate,
  SaslHandshake,
} from "@millrace/protocol";
import type { KafkaError } from "../../src/errors/kafka-error.ts";
import { ScriptedCluster } from "../support/scripted-cluster.ts";

const noGroups = { errorCode: 0, groups: [] };

test("an authentication is renewed before its session ends, and no request fails meanwhile", async () => {
  const world = await new ScriptedCluster().start();
  const broker = world.broker(1);
  broker.on(SaslHandshake, () => ({ errorCode: 0, mechanisms: ["PLAIN"] }));
  broker.on(SaslAuthenticate, () => ({
    errorCode: 0,
    errorMessage: null,
    authBytes: Buffer.alloc(0),
    sessionLifetimeMs: 1000,
  }));
  broker.on(ListGroups, () => noGroups);
  const cluster = world.connect({
    sasl: { mechanism: "plain", username: "alice", password: "secret" },
  });
  await world.settle(cluster.metadata.loadAll());
  for (let count = 0; count < 60; count += 1) {
    const both = [cluster.send(1, ListGroups, {}), cluster.send(1, ListGroups, {})];
    await world.settle(Promise.all(both));
    await world.advance(100);
  }
  // Six seconds, renewed each 850 to 950 ms.
  const proofs = broker.requestsOf(SaslAuthenticate).length;
  assert.ok(proofs >= 7 && proofs <= 8, `${proofs} authentications`);
  assert.equal(broker.connections.size, 1);
  await cluster.close();
});

test("a renewal that is refused closes the connection and fails what waits", async () => {
  const world = await new ScriptedCluster().start();
  const broker = world.broker(1);
  let isRefused = false;
  broker.on(SaslHandshake, () => ({ errorCode: 0, mechanisms: ["PLAIN"] }));
  broker.on(SaslAuthenticate, () => ({
    errorCode: isRefused ? errorCodes.SASL_AUTHENTICATION_FAILED : 0,
    errorMessage: isRefused ? "no more" : null,
    authBytes: Buffer.alloc(0),
    sessionLifetimeMs: 1000,
  }));
  broker.on(ListGroups, () => noGroups);
  const cluster = world.connect({
    sasl: { mechanism: "plain", username: "alice", password: "secret" },
  });
  await world.settle(cluster.metadata.loadAll());
  isRefused = true;
  await world.advance(1000);
  await assert.rejects(world.settle(cluster.send(1, ListGroups, {})), {
    code: "SASL_AUTHENTICATION_FAILED",
  });
  await cluster.close();
});

test("a broker that is away is connected to with growing pauses, never more often", async () => {
  const world = await new ScriptedCluster().start();
  const broker = world.broker(1);
  broker.on(ListGroups, () => noGroups);
  const cluster = world.connect();
  await world.settle(cluster.metadata.loadAll());
  await broker.stop();
  await world.advance(100);
  const beganMs = world.client.clock.monotonicMs();
  let failures = 0;
  while (world.client.clock.monotonicMs() - beganMs < 10_000) {
    const asked = cluster.send(1, ListGroups, {});
    await world.settle(asked.catch((error: KafkaError) => assert.equal(error.retriable, true)));
    failures += 1;
  }
  // 50 ms, doubled up to a second, with 20 % of chance: about 14 in ten seconds.
  assert.ok(failures >= 11 && failures <= 18, `${failures} attempts`);
  await broker.start();
  await world.settle(cluster.send(1, ListGroups, {}));
  await cluster.close();
});

test("when no known broker answers, the client begins again from bootstrap", async () => {
  const world = await new ScriptedCluster({ brokers: 2 }).start();
  world.onAll(ListGroups, () => noGroups);
  const cluster = world.connect({ bootstrap: ["broker-1:9092", "broker-2:9093"] });
  world.broker(1).on(Metadata, () => ({
    brokers: [{ nodeId: 1, host: "broker-1", port: 9092, rack: null }],
    clusterId: "scripted",
    controllerId: 1,
    topics: [],
  }));
  world.broker(2).on(Metadata, () => ({
    brokers: [{ nodeId: 1, host: "broker-1", port: 9092, rack: null }],
    clusterId: "scripted",
    controllerId: 1,
    topics: [],
  }));
  await world.settle(cluster.metadata.loadAll());
  await world.broker(1).stop();
  await world.advance(100);
  const answer = await world.settle(cluster.sendToAny(ListGroups, {}));
  assert.equal(answer.node, -2);
  await cluster.close();
});

test("a request with acks=0 resolves once it is sent, and holds no place among the answers", async () => {
  const world = await new ScriptedCluster().start();
  const broker = world.broker(1);
  broker.on(Produce, () => undefined);
  broker.on(ListGroups, () => noGroups);
  const cluster = world.connect();
  await world.settle(cluster.metadata.loadAll());
  const produce = { transactionalId: null, acks: 0, timeoutMs: 1000, topicData: [] };
  await world.settle(cluster.send(1, Produce, produce, { noAnswer: true, maxVersion: 12 }));
  await world.settle(cluster.send(1, ListGroups, {}));
  await cluster.close();
});

test("an abandoned request leaves those behind it alone", async () => {
  const world = await new ScriptedCluster().start();
  world.broker(1).on(ListGroups, () => noGroups);
  const cluster = world.connect();
  await world.settle(cluster.metadata.loadAll());
  const aborting = new AbortController();
  const abandoned = cluster.send(1, ListGroups, {}, { signal: aborting.signal });
  const next = cluster.send(1, ListGroups, {});
  aborting.abort(new Error("not needed"));
  await assert.rejects(abandoned, { code: "ABORTED" });
  await world.settle(next);
  await cluster.close();
});

test("a broker that throttles is left alone for as long as it says", async () => {
  const world = await new ScriptedCluster().start();
  const broker = world.broker(1);
  broker.on(ListGroups, () => ({ ...noGroups, throttleTimeMs: 500 }));
  const cluster = world.connect();
  await world.settle(cluster.metadata.loadAll());
  await world.settle(cluster.send(1, ListGroups, {}));
  await world.settle(cluster.send(1, ListGroups, {}));
  const [first, second] = broker.seen.filter(({ api }) => api === "ListGroups");
  assert.ok((second?.atMs ?? 0) - (first?.atMs ?? 0) >= 500);
  await cluster.close();
});

test("an idle connection is closed, and made again when something is sent", async () => {
  const world = await new ScriptedCluster().start();
  world.broker(1).on(ListGroups, () => noGroups);
  const cluster = world.connect({ connectionsMaxIdleMs: 10_000, metadataMaxAgeMs: 600_000 });
  await world.settle(cluster.metadata.loadAll());
  await world.advance(20_000);
  assert.equal(world.broker(1).connections.size, 0);
  await world.settle(cluster.send(1, ListGroups, {}));
  await cluster.close();
});

test("what waits when the client is closed fails with CLIENT_CLOSED", async () => {
  const world = await new ScriptedCluster().start();
  world.broker(1).isFrozen = true;
  const cluster = world.connect();
  const loading = cluster.metadata.load(["orders"]);
  await world.advance(100);
  await cluster.close();
  await assert.rejects(world.settle(loading, 1000), { code: "CLIENT_CLOSED" });
});
