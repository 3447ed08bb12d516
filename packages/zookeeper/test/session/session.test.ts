import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionLossError, RequestNotTakenError, SessionEndedError } from "../../src/errors.ts";
import { opCodes } from "../../src/messages.ts";
import { scriptedWorld } from "../scripted-world.ts";

const value = Buffer.from("value");

test("a session goes on over another server, with the same id", async () => {
  const world = await scriptedWorld({ serverCount: 3 });
  const { client, ensemble, servers } = world;
  const { sessionId } = client;
  const first = ensemble.handshakes[0]?.host;
  servers.find(({ host }) => host === first)?.restart("kill");
  await world.simulation.heap.runUntil(() => client.state === "suspended");
  await world.run(client.exists("/any"));
  assert.deepEqual(world.kinds(), ["connected", "suspended", "connected"]);
  const last = ensemble.handshakes.at(-1);
  assert.equal(last?.sessionId, sessionId);
  assert.notEqual(last?.host, first);
  assert.equal(client.sessionId, sessionId);
});

test("quiet sessions are kept by pings, one for each third of the time-out", async () => {
  const world = await scriptedWorld();
  await world.simulation.heap.advance(60_000);
  assert.deepEqual(world.kinds(), ["connected"]);
  assert.ok(world.ensemble.pingCount >= 29 && world.ensemble.pingCount <= 31);
  const ageMs = world.simulation.heap.nowMs() - world.client.lastAnsweredSentMs;
  assert.ok(ageMs <= 2100, `the last answered ping is ${ageMs} ms old`);
});

test("during a partition our clock ends the session before a server can", async () => {
  const world = await scriptedWorld({ serverCount: 3 });
  const { simulation, client } = world;
  await simulation.heap.advance(10_000);
  const aliveMs = client.lastAnsweredSentMs;
  world.part();
  await simulation.heap.runUntil(() => world.kinds().includes("suspended"));
  assert.ok(simulation.heap.nowMs() - aliveMs <= 4100 + 2000);
  await simulation.heap.runUntil(() => client.state === "expired", 60_000);
  assert.deepEqual(world.events.at(-1), { kind: "expired", by: "clock" });
  const lifeMs = simulation.heap.nowMs() - aliveMs;
  assert.ok(lifeMs >= 6000 && lifeMs < 6010, `the session ended after ${lifeMs} ms`);
  const error = await world.failure(client.exists("/any"));
  assert.ok(error instanceof SessionEndedError && error.outcome === "notSent");
  world.heal();
  await simulation.heap.advance(60_000);
  assert.deepEqual(world.kinds(), ["connected", "suspended", "expired"]);
});

test("a session in doubt goes on when the servers still have it, and ends when not", async () => {
  const world = await scriptedWorld({ resumesAfterDoubt: true });
  const { simulation, client, ensemble } = world;
  world.part();
  await simulation.heap.advance(30_000);
  assert.equal(client.state, "inDoubt");
  world.heal();
  await simulation.heap.runUntil(() => client.state === "connected", 30_000);
  assert.deepEqual(world.kinds(), ["connected", "suspended", "inDoubt", "connected"]);
  world.part();
  await simulation.heap.advance(30_000);
  ensemble.sessions.clear();
  world.heal();
  await simulation.heap.runUntil(() => client.state === "expired", 30_000);
  assert.deepEqual(world.events.at(-1), { kind: "expired", by: "server" });
});

test("what was sent and not answered has an unknown outcome, and is not sent again", async () => {
  const world = await scriptedWorld();
  const { client, ensemble } = world;
  ensemble.set("/node", "first");
  ensemble.behaviour = "appliesInSilence";
  const failure = world.failure(client.setData("/node", value));
  await world.simulation.heap.advance(100);
  ensemble.hangUp();
  const error = await failure;
  assert.ok(error instanceof ConnectionLossError);
  assert.equal(error.outcome, "unknown");
  ensemble.behaviour = "answers";
  const { data, stat } = await world.run(client.getData("/node"));
  assert.equal(Buffer.from(data ?? []).toString(), "value");
  assert.equal(stat.version, 1);
});

test("what waits for a connection is sent by the next one, or fails as not sent", async () => {
  const world = await scriptedWorld({ resumesAfterDoubt: true, waitMs: 5000 });
  const { client, ensemble, simulation } = world;
  ensemble.set("/node", "first");
  world.part();
  await simulation.heap.runUntil(() => client.state === "suspended");
  const startMs = simulation.heap.nowMs();
  const error = await world.failure(client.setData("/node", value));
  assert.ok(error instanceof ConnectionLossError);
  assert.equal(error.outcome, "notSent");
  assert.ok(simulation.heap.nowMs() - startMs <= 5001);
  const later = client.setData("/node", value, 0);
  world.heal();
  assert.equal((await world.run(later)).version, 1);
});

test("requests are pipelined up to a limit, and answered in their order", async () => {
  const world = await scriptedWorld({ inFlightMax: 8, waitingMax: 50 });
  const { client, ensemble, simulation } = world;
  ensemble.set("/node", "first");
  const versions: number[] = [];
  const writes = Array.from({ length: 40 }, async () => {
    versions.push((await client.setData("/node", value)).version);
  });
  assert.deepEqual(client.load, { waiting: 32, inFlight: 8 });
  const startMs = simulation.heap.nowMs();
  await world.run(Promise.all(writes));
  assert.deepEqual(
    versions,
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
  // Forty round trips of 0.6 ms would take 24 ms.
  assert.ok(simulation.heap.nowMs() - startMs < 24);
  const many = Array.from({ length: 59 }, () => client.exists("/node"));
  const results = await world.run(Promise.allSettled(many));
  const refused = results.filter(({ status }) => status === "rejected");
  assert.equal(refused.length, 1);
});

test("a request larger than servers take is refused before it is sent", async () => {
  const world = await scriptedWorld();
  const error = await world.failure(world.client.setData("/node", Buffer.alloc(1024 * 1024)));
  assert.ok(error instanceof RequestNotTakenError);
  assert.deepEqual(world.ensemble.received, []);
});

test("an answer above the limit closes the connection; the session goes on", async () => {
  const world = await scriptedWorld({ answerBytesMax: 1000 });
  const { client, ensemble } = world;
  ensemble.set("/large", "x".repeat(2000));
  const error = await world.failure(client.getData("/large"));
  assert.ok(error instanceof ConnectionLossError);
  await world.run(client.exists("/large"));
  assert.deepEqual(world.kinds(), ["connected", "suspended", "connected"]);
});

test("a close ends the session at the server; what waits fails, what was sent is answered", async () => {
  const world = await scriptedWorld();
  const { client, ensemble } = world;
  const answered = client.exists("/any");
  const closed = client.close();
  const late = await world.failure(client.exists("/any"));
  await world.run(closed);
  assert.equal(await answered, undefined);
  assert.ok(late instanceof SessionEndedError && late.reason === "closed");
  assert.equal(ensemble.sessions.size, 0);
  assert.equal(ensemble.received.at(-1), opCodes.closeSession);
  assert.deepEqual(world.kinds(), ["connected", "closed"]);
});

test("a close without a connection ends at once", async () => {
  const world = await scriptedWorld();
  world.part();
  await world.simulation.heap.runUntil(() => world.client.state === "suspended");
  const startMs = world.simulation.heap.nowMs();
  await world.run(world.client.close());
  assert.equal(world.simulation.heap.nowMs(), startMs);
  assert.equal(world.client.state, "closed");
});

test("servers that hang up are tried again with pauses that grow", async () => {
  const world = await scriptedWorld({ resumesAfterDoubt: true });
  const { ensemble, simulation } = world;
  ensemble.behaviour = "isSilent";
  ensemble.hangUp();
  const before = ensemble.handshakes.length;
  for (let count = 0; count < 300; count += 1) {
    await simulation.heap.advance(100);
    ensemble.hangUp();
  }
  const tries = ensemble.handshakes.length - before;
  assert.ok(tries > 20 && tries < 80, `${tries} tries in 30 s`);
});

test("the same seed gives the same events", async () => {
  const hashes = [];
  for (let round = 0; round < 2; round += 1) {
    const world = await scriptedWorld({ serverCount: 3 });
    await world.run(world.client.exists("/any"));
    world.ensemble.hangUp();
    await world.simulation.heap.advance(20_000);
    hashes.push(world.simulation.events.value());
  }
  assert.equal(hashes[0], hashes[1]);
});
