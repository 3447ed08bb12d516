import assert from "node:assert/strict";
import { test } from "node:test";
import { Simulation, type SimPlatform, simPlatform } from "@millrace/platform/sim";
import { testNetwork } from "../contract/network-contract.ts";

let current: SimPlatform = simPlatform({ seed: 7 });

testNetwork({
  name: "SimNetwork",
  create: () => {
    current = simPlatform({ seed: 7 });
    return current.network;
  },
  settle: async (pending) => {
    await current.clock.runUntil(() => false, 60_000);
    return pending;
  },
});

test("what is sent across a parted wire waits and arrives when it is healed", async () => {
  const simulation = new Simulation(1);
  const left = simulation.platform({ host: "left" });
  const right = simulation.platform({ host: "right" });
  let text = "";
  await right.network.listen({ host: "right", port: 9092 }, (connection) => {
    connection.onData((bytes) => {
      text += bytes.toString();
    });
  });
  const connecting = left.network.connect({ host: "right", port: 9092, timeoutMs: 100 });
  await simulation.heap.advance(10);
  const connection = await connecting;
  simulation.wires.part("left", "right");
  connection.write([Buffer.from("hello")]);
  await simulation.heap.advance(1000);
  assert.equal(text, "");
  const failing = left.network.connect({ host: "right", port: 9092, timeoutMs: 100 });
  const refused = assert.rejects(failing, { systemCode: "ETIMEDOUT" });
  await simulation.heap.advance(1000);
  await refused;
  simulation.wires.heal();
  await simulation.heap.advance(10);
  assert.equal(text, "hello");
});

test("the peer of a process that ended hears a reset", async () => {
  const simulation = new Simulation(1);
  const left = simulation.platform({ host: "left" });
  const right = simulation.platform({ host: "right" });
  await right.network.listen({ host: "right", port: 9092 }, (connection) => {
    connection.onData(() => {});
  });
  const connecting = left.network.connect({ host: "right", port: 9092, timeoutMs: 100 });
  await simulation.heap.advance(10);
  const connection = await connecting;
  const closed = new Promise<Error | undefined>((resolve) => connection.onClose(resolve));
  right.restart("kill");
  await simulation.heap.advance(10);
  assert.match(String(await closed), /the peer has gone/);
  const failing = left.network.connect({ host: "right", port: 9092, timeoutMs: 100 });
  const refused = assert.rejects(failing, { systemCode: "ECONNREFUSED" });
  await simulation.heap.advance(10);
  await refused;
});
