import assert from "node:assert/strict";
import { test } from "node:test";
import { Simulation } from "@millrace/platform/sim";

/** Two machines talk, write and crash for a while; gives the sum of all events. */
async function run(seed: number): Promise<string> {
  const simulation = new Simulation(seed);
  const server = simulation.platform({ host: "server" });
  const client = simulation.platform({ host: "client" });
  const { disk } = server.fileSystem;
  for (let round = 0; round < 10; round += 1) {
    const file = server.fileSystem.open("/log", "create");
    await server.network.listen({ host: undefined, port: 9092 }, (connection) => {
      connection.onData((bytes) => {
        file.writeSync([bytes], file.sizeBytes());
        void file.sync().then(() => connection.write([Buffer.from("ok")]));
      });
    });
    const connecting = client.network.connect({ host: "server", port: 9092, timeoutMs: 50 });
    await simulation.heap.advance(20);
    const connection = await connecting;
    connection.onData(() => {
      connection.write([client.random.bytes(1 + client.random.nextInt(3000))]);
    });
    connection.write([Buffer.from("start")]);
    await simulation.heap.advance(20 + simulation.random.nextInt(20));
    disk.crash();
    server.restart(simulation.random.happens(2) ? "kill" : "powerLoss");
  }
  assert.ok(simulation.events.count() > 200, `${simulation.events.count()} events`);
  return simulation.events.value();
}

test("the same seed gives the same events, another seed gives others", async () => {
  for (const seed of [1, 2, 3]) assert.equal(await run(seed), await run(seed));
  assert.notEqual(await run(1), await run(2));
});
