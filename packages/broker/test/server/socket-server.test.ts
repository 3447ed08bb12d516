import assert from "node:assert/strict";
import { test } from "node:test";

import { type SimPlatform, simPlatform } from "@millrace/platform/sim";

import type { FrameDispatcher } from "../../src/server/answer.ts";
import { AnswerMemory } from "../../src/server/answer-memory.ts";
import { SocketServer } from "../../src/server/socket-server.ts";

/** A dispatcher that answers everything; on the listener OPEN "login" authenticates. */
function dispatcherOf(listenerName: string, begun: string[]): FrameDispatcher {
  let isDone = listenerName !== "OPEN";
  return {
    authentication: {
      get isDone() {
        return isDone;
      },
      frameBytesMax: 500_000,
      timeoutMs: 600_000,
    },
    mayOverlap: () => false,
    memoryOf: () => 0,
    dispatch: (frame) => {
      begun.push(frame.toString("latin1", 0, 20));
      isDone = true;
      return { kind: "send", chunks: [Buffer.from("answer")] };
    },
  };
}

function serverOn(platform: SimPlatform, begun: string[]): SocketServer {
  return new SocketServer({
    network: platform.network,
    clock: platform.clock,
    logger: platform.logger,
    limits: { frameBytesMax: 1_000_000, requestsInFlightMax: 3, queuedAnswerBytesMax: 1000 },
    quota: { connectionsMax: 20, connectionsPerHostMax: 20, overridesByHost: new Map() },
    idleMsMax: 600_000,
    pooledBytesMax: 1024 * 1024,
    frameMemoryBytesMax: 1024 * 1024,
    strangersFrameMemoryBytesMax: 256 * 1024,
    requestMemoryBytesMax: 1024 * 1024,
    answers: new AnswerMemory({ bytesMax: 1024 * 1024 }),
    backlog: 10,
    dispatcherFor: ({ listenerName }) => dispatcherOf(listenerName, begun),
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

/** A frame of so many bytes, which begins with a text. */
function frameOf(text: string, sizeBytes: number): Buffer {
  const frame = Buffer.alloc(4 + sizeBytes);
  frame.writeInt32BE(sizeBytes);
  frame.write(text, 4);
  return frame;
}

async function connectTo(platform: SimPlatform, port: number) {
  const connecting = platform.network.connect({ host: "localhost", port, timeoutMs: 1000 });
  await platform.clock.advance(10);
  const client = await connecting;
  client.onData(() => {});
  return client;
}

test("frames that strangers never finish take no memory from those who are in", async () => {
  const platform = simPlatform({ seed: 12 });
  const begun: string[] = [];
  const server = serverOn(platform, begun);
  await server.listen({ name: "OPEN", host: "localhost", port: 9092 });
  await server.listen({ name: "KNOWN", host: "localhost", port: 9093 });
  server.open();
  for (let count = 0; count < 10; count += 1) {
    const stranger = await connectTo(platform, 9092);
    stranger.write([frameOf("never", 500_000).subarray(0, 70_000)]);
  }
  await platform.clock.advance(100);
  const known = await connectTo(platform, 9093);
  known.write([frameOf("large", 300_000)]);
  await platform.clock.advance(100);
  assert.deepEqual(begun, ["large".padEnd(20, "\0")]);
});

test("who waits among strangers for memory waits no longer once it is known", async () => {
  const platform = simPlatform({ seed: 13 });
  const begun: string[] = [];
  const server = serverOn(platform, begun);
  await server.listen({ name: "OPEN", host: "localhost", port: 9092 });
  server.open();
  const stranger = await connectTo(platform, 9092);
  stranger.write([frameOf("never", 500_000).subarray(0, 70_000)]);
  await platform.clock.advance(100);
  const client = await connectTo(platform, 9092);
  client.write([Buffer.concat([frameOf("login", 5), frameOf("large", 300_000)])]);
  await platform.clock.advance(100);
  assert.deepEqual(begun, ["login", "large".padEnd(20, "\0")]);
});
