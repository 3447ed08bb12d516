import assert from "node:assert/strict";
import { test } from "node:test";
import { opCodes } from "../../src/messages.ts";
import type { WatchEvent } from "../../src/watches/watch-event.ts";
import { scriptedWorld } from "../scripted-world.ts";

test("a one-shot watch loses nothing: a change during a partition is told after it", async () => {
  const world = await scriptedWorld({ resumesAfterDoubt: true });
  const { client, ensemble, simulation } = world;
  ensemble.set("/node", "first");
  const told: WatchEvent[] = [];
  await world.run(client.getData("/node", (event) => told.push(event)));
  await world.run(client.exists("/absent", (event) => told.push(event)));
  world.part();
  await simulation.heap.runUntil(() => client.state === "suspended");
  ensemble.set("/node", "second");
  ensemble.set("/absent", "there now");
  world.heal();
  const read = await world.run(client.getData("/node"));
  // The news came before the answer that shows the change.
  assert.deepEqual(told, [
    { type: "dataChanged", path: "/node" },
    { type: "created", path: "/absent" },
  ]);
  assert.equal(Buffer.from(read.data ?? []).toString(), "second");
  ensemble.set("/node", "third");
  await simulation.heap.advance(1000);
  assert.equal(told.length, 2);
});

test("a watch that nothing has fired is in place on the next connection", async () => {
  const world = await scriptedWorld();
  const { client, ensemble, simulation } = world;
  ensemble.set("/node", "first");
  const told: WatchEvent[] = [];
  await world.run(client.getData("/node", (event) => told.push(event)));
  await world.hangUp();
  await world.run(client.exists("/node"));
  assert.deepEqual(told, []);
  assert.deepEqual(ensemble.received.slice(-2), [opCodes.setWatches, opCodes.exists]);
  ensemble.set("/node", "second");
  await simulation.heap.advance(1000);
  assert.deepEqual(told, [{ type: "dataChanged", path: "/node" }]);
});

test("persistent watches are told that they are in place again, before other answers", async () => {
  const world = await scriptedWorld();
  const { client, ensemble } = world;
  const told: WatchEvent[] = [];
  await world.run(client.addWatch("/tree", "persistentRecursive", (event) => told.push(event)));
  await world.hangUp();
  await world.run(client.exists("/node"));
  assert.deepEqual(told, [{ type: "restored", path: "/tree" }]);
  assert.deepEqual(ensemble.received.slice(-2), [opCodes.setWatches2, opCodes.exists]);
});

test("many watches are restored in portions that a server takes", async () => {
  const world = await scriptedWorld({ inFlightMax: 1000 });
  const { client, ensemble } = world;
  const path = (index: number): string => `/${index}-${"x".repeat(1000)}`;
  const reads = Array.from({ length: 300 }, (_, index) =>
    client.exists(path(index), () => undefined),
  );
  await world.run(Promise.all(reads));
  await world.hangUp();
  await world.run(client.exists("/node"));
  const restores = ensemble.received.filter((opCode) => opCode === opCodes.setWatches);
  assert.equal(restores.length, 3);
});

test("the end of the session is told to every watch, with the caller's path", async () => {
  const world = await scriptedWorld({ connect: "zk1/chroot" });
  const { client, ensemble, simulation } = world;
  ensemble.set("/chroot/node", "first");
  const told: WatchEvent[] = [];
  await world.run(client.getData("/node", (event) => told.push(event)));
  await world.run(client.addWatch("/", "persistent", (event) => told.push(event)));
  world.part();
  await simulation.heap.runUntil(() => client.state === "expired");
  assert.deepEqual(told, [
    { type: "sessionEnded", path: "/node" },
    { type: "sessionEnded", path: "/" },
  ]);
});

test("a watch whose read failed is not kept", async () => {
  const world = await scriptedWorld();
  const { client, ensemble } = world;
  await world.failure(client.getData("/absent", () => assert.fail("nothing was there to watch")));
  await world.hangUp();
  await world.run(client.exists("/node"));
  assert.ok(!ensemble.received.includes(opCodes.setWatches));
});
