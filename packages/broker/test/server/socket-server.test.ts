import assert from "node:assert/strict";
import { test } from "node:test";

import { type SimPlatform, simPlatform } from "@millrace/platform/sim";

import { AnswerMemory } from "../../src/server/answer-memory.ts";
import { SocketServer } from "../../src/server/socket-server.ts";

function serverOn(platform: SimPlatform, begun: string[]): SocketServer {
  return new SocketServer({
    network: platform.network,
    clock: platform.clock,
    logger: platform.logger,
    limits: { frameBytesMax: 1000, requestsInFlightMax: 3, queuedAnswerBytesMax: 1000 },
    quota: { connectionsMax: 10, connectionsPerHostMax: 10, overridesByHost: new Map() },
    idleMsMax: 600_000,
    pooledBytesMax: 1024 * 1024,
    frameMemoryBytesMax: 1024 * 1024,
    requestMemoryBytesMax: 1024 * 1024,
    answers: new AnswerMemory({ bytesMax: 1024 * 1024 }),
    backlog: 10,
    dispatcherFor: () => ({
      mayOverlap: () => false,
      memoryOf: () => 0,
      dispatch: (frame) => {
        begun.push(frame.toString());
        return { kind: "send", chunks: [Buffer.from("answer")] };
      },
    }),
  });
}

test("a request that comes before the server is open waits until it is", async () => {
  const platform = simPlatform({ seed: 11 });
  const begun: string[] = [];
  const server = serverOn(platform, begun);
  await server.listen({ name: "PLAINTEXT", host: "localhost", port: 9092 });
  const connecting = platform.network.connect({ host: "localhost", port: 9092, timeoutMs: 1000 });
  await platform.clock.advance(10);
  const client = await connecting;
  let received = "";
  client.onData((bytes) => {
    received += bytes.toString();
  });
  client.write([Buffer.from("\0\0\0\x05early")]);
  await platform.clock.advance(1000);
  assert.deepEqual(begun, []);
  server.open();
  await platform.clock.advance(10);
  assert.deepEqual(begun, ["early"]);
  assert.equal(received, "answer");
});
