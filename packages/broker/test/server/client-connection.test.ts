import assert from "node:assert/strict";
import { test } from "node:test";

import type { Connection } from "@millrace/platform";
import { type SimPlatform, simPlatform } from "@millrace/platform/sim";

import type { Answer, FrameDispatcher } from "../../src/server/answer.ts";
import { AnswerMemory } from "../../src/server/answer-memory.ts";
import { SocketServer } from "../../src/server/socket-server.ts";

/** A dispatcher whose answers a test gives, by the text of the frame. */
class ManualDispatcher implements FrameDispatcher {
  readonly begun: string[] = [];
  readonly #pending = new Map<string, (answer: Answer) => void>();
  readonly #settle = new Map<string, () => void>();

  mayOverlap(frame: Buffer): boolean {
    return frame.toString().startsWith("produce");
  }

  memoryOf(frame: Buffer): number {
    return frame.toString().includes("large") ? 1_000_000 : 0;
  }

  dispatch(frame: Buffer, onSettled: () => void): Answer | Promise<Answer> {
    const text = frame.toString();
    this.begun.push(text);
    if (text.startsWith("now")) return send(text);
    if (text === "bad") return { kind: "close", reason: "a test says so" };
    this.#settle.set(text, onSettled);
    return new Promise((resolve) => {
      this.#pending.set(text, resolve);
    });
  }

  settle(text: string): void {
    this.#settle.get(text)?.();
  }

  answer(text: string, answer: Answer = send(text)): void {
    this.#pending.get(text)?.(answer);
  }
}

function send(text: string): Answer {
  return { kind: "send", chunks: [Buffer.from(`${text};`)] };
}

function framed(...texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const prefix = Buffer.alloc(4);
      prefix.writeInt32BE(Buffer.byteLength(text));
      return [prefix, Buffer.from(text)];
    }),
  );
}

interface World {
  readonly platform: SimPlatform;
  readonly server: SocketServer;
  readonly dispatcher: ManualDispatcher;
  readonly client: Connection;
  readonly received: () => string;
  readonly isClosed: () => boolean;
}

async function connect(overrides: { readonly idleMsMax?: number } = {}): Promise<World> {
  const platform = simPlatform({ seed: 4 });
  const dispatcher = new ManualDispatcher();
  const server = new SocketServer({
    network: platform.network,
    clock: platform.clock,
    logger: platform.logger,
    limits: { frameBytesMax: 1000, requestsInFlightMax: 3, queuedAnswerBytesMax: 1000 },
    quota: {
      connectionsMax: 10,
      connectionsPerHostMax: 10,
      overridesByHost: new Map(),
    },
    idleMsMax: overrides.idleMsMax ?? 600_000,
    pooledBytesMax: 1024 * 1024,
    frameMemoryBytesMax: 1024 * 1024,
    strangersFrameMemoryBytesMax: 256 * 1024,
    requestMemoryBytesMax: 1024 * 1024,
    answers: new AnswerMemory({ bytesMax: 1024 * 1024 }),
    backlog: 10,
    dispatcherFor: () => dispatcher,
  });
  const bound = await server.listen({ name: "PLAINTEXT", host: "localhost", port: 9092 });
  server.open();
  const connecting = platform.network.connect({
    host: "localhost",
    port: bound.port,
    timeoutMs: 1000,
  });
  await platform.clock.advance(10);
  const client = await connecting;
  let received = "";
  let isClosed = false;
  client.onData((bytes) => {
    received += bytes.toString();
  });
  client.onClose(() => {
    isClosed = true;
  });
  client.resume();
  return {
    platform,
    server,
    dispatcher,
    client,
    received: () => received,
    isClosed: () => isClosed,
  };
}

/** Another client of the same server; gives what it receives. */
async function connectAnother(world: World) {
  const address = { host: "localhost", port: 9092, timeoutMs: 1000 };
  const connecting = world.platform.network.connect(address);
  await pass(world);
  const client = await connecting;
  let received = "";
  client.onData((bytes) => {
    received += bytes.toString();
  });
  return { client, received: () => received };
}

async function pass(world: World, durationMs = 10): Promise<void> {
  await world.platform.clock.advance(durationMs);
}

test("requests begin one after the other, and answers leave in the order of the requests", async () => {
  const world = await connect();
  world.client.write([framed("fetch 1", "now 2", "now 3")]);
  await pass(world);
  assert.deepEqual(world.dispatcher.begun, ["fetch 1"]);
  world.dispatcher.answer("fetch 1");
  await pass(world);
  assert.deepEqual(world.dispatcher.begun, ["fetch 1", "now 2", "now 3"]);
  assert.equal(world.received(), "fetch 1;now 2;now 3;");
});

test("a produce that only waits lets the next produce begin, and nothing else", async () => {
  const world = await connect();
  const requests = ["produce 1", "produce 2", "fetch 3", "produce 4"];
  world.client.write([framed(...requests)]);
  await pass(world);
  assert.deepEqual(world.dispatcher.begun, ["produce 1"]);
  world.dispatcher.settle("produce 1");
  await pass(world);
  assert.deepEqual(world.dispatcher.begun, ["produce 1", "produce 2"]);
  world.dispatcher.settle("produce 2");
  world.dispatcher.answer("produce 2");
  await pass(world);
  assert.equal(world.received(), "", "the second answer waits for the first");
  assert.deepEqual(world.dispatcher.begun, ["produce 1", "produce 2"]);
  world.dispatcher.answer("produce 1");
  await pass(world);
  assert.equal(world.received(), "produce 1;produce 2;");
  assert.deepEqual(world.dispatcher.begun, ["produce 1", "produce 2", "fetch 3"]);
});

test("no more requests are in flight than allowed", async () => {
  const world = await connect();
  const requests = ["produce 1", "produce 2", "produce 3", "produce 4"];
  world.client.write([framed(...requests)]);
  for (const text of requests) {
    await pass(world);
    world.dispatcher.settle(text);
  }
  await pass(world);
  assert.deepEqual(world.dispatcher.begun, requests.slice(0, 3));
  world.dispatcher.answer("produce 1");
  await pass(world);
  assert.deepEqual(world.dispatcher.begun, requests);
});

test("what is answered by closing closes after the answers before it", async () => {
  const world = await connect();
  world.client.write([framed("now 1", "bad", "now 2")]);
  await pass(world);
  assert.equal(world.received(), "now 1;");
  assert.equal(world.isClosed(), true);
  assert.deepEqual(world.dispatcher.begun, ["now 1", "bad"]);
  assert.equal(world.server.connectionCount, 0);
});

test("an impossible size closes the connection before its bytes are looked at", async () => {
  for (const size of [-1, 1001, 2 ** 31 - 1]) {
    const world = await connect();
    const prefix = Buffer.alloc(4);
    prefix.writeInt32BE(size);
    world.client.write([framed("now 1"), prefix]);
    await pass(world);
    assert.equal(world.received(), "now 1;");
    assert.equal(world.isClosed(), true);
  }
});

test("a connection that is idle too long is closed; one that waits for its answer is not", async () => {
  const world = await connect({ idleMsMax: 60_000 });
  world.client.write([framed("fetch 1")]);
  await pass(world, 120_000);
  assert.equal(world.isClosed(), false);
  world.dispatcher.answer("fetch 1");
  await pass(world, 1000);
  assert.equal(world.received(), "fetch 1;");
  await pass(world, 120_000);
  assert.equal(world.isClosed(), true);
});

test("a connection that is to close does not wait for a peer that takes nothing", async () => {
  const world = await connect({ idleMsMax: 60_000 });
  world.client.pause();
  world.client.write([framed("now 1")]);
  await pass(world, 60_000);
  assert.equal(world.server.connectionCount, 1);
  await pass(world, 60_000);
  assert.equal(world.server.connectionCount, 0);
});

test("a stop gives the answers that are owed, begins nothing more, and then closes", async () => {
  const world = await connect();
  world.client.write([framed("fetch 1")]);
  await pass(world);
  const closing = world.server.close(30_000);
  world.client.write([framed("now 2")]);
  await pass(world);
  assert.equal(world.isClosed(), false);
  world.dispatcher.answer("fetch 1");
  await pass(world);
  await closing;
  assert.equal(world.received(), "fetch 1;");
  assert.equal(world.isClosed(), true);
});

test("a stop does not wait for ever", async () => {
  const world = await connect();
  world.client.write([framed("fetch 1")]);
  await pass(world);
  const closing = world.server.close(5000);
  await pass(world, 6000);
  await closing;
  await pass(world);
  assert.equal(world.isClosed(), true);
});

test("requests whose handlers need much memory wait for each other, whoever sent them", async () => {
  const world = await connect();
  const [second, third] = [await connectAnother(world), await connectAnother(world)];
  world.client.write([framed("fetch large")]);
  await pass(world);
  second.client.write([framed("now large 2")]);
  await pass(world);
  assert.deepEqual(
    world.dispatcher.begun,
    ["fetch large", "now large 2"],
    "one may pass the bound",
  );
  const fourth = await connectAnother(world);
  second.client.write([framed("fetch large 3")]);
  await pass(world);
  fourth.client.write([framed("now large 4")]);
  third.client.write([framed("now small")]);
  await pass(world);
  assert.equal(third.received(), "", "nothing is begun beyond the bound");
  assert.equal(world.server.requestMemoryWaiting, 2);
  world.dispatcher.answer("fetch large 3");
  world.dispatcher.answer("fetch large");
  await pass(world);
  assert.equal(fourth.received(), "now large 4;");
  assert.equal(third.received(), "now small;");
  assert.equal(world.server.requestMemoryBytes, 0);
});

test("the memory of a request whose client is gone is free once it is answered", async () => {
  const world = await connect();
  world.client.write([framed("fetch large")]);
  await pass(world);
  world.client.destroy();
  await pass(world);
  assert.ok(world.server.requestMemoryBytes > 0, "it is still handled");
  world.dispatcher.answer("fetch large");
  await pass(world);
  assert.equal(world.server.requestMemoryBytes, 0);
});

test("a client that is to wait has its answer at once, and its next request begins later", async () => {
  const world = await connect();
  const { platform, dispatcher, client } = world;
  client.write([framed("slow", "now 2")]);
  await platform.clock.advance(10);
  dispatcher.answer("slow", { kind: "send", chunks: [Buffer.from("slow;")], muteMs: 5000 });
  await platform.clock.advance(10);
  assert.equal(world.received(), "slow;");
  client.write([framed("now 3")]);
  await platform.clock.advance(4900);
  assert.deepEqual(dispatcher.begun, ["slow"]);
  await platform.clock.advance(200);
  assert.equal(world.received(), "slow;now 2;now 3;");
});

test("a client that is to wait twice waits until the later end", async () => {
  const { platform, dispatcher, client } = await connect();
  client.write([framed("produce 1", "produce 2", "now")]);
  await platform.clock.advance(10);
  dispatcher.settle("produce 1");
  await platform.clock.advance(10);
  dispatcher.answer("produce 1", { kind: "silent", muteMs: 3000 });
  dispatcher.answer("produce 2", { kind: "silent", muteMs: 1000 });
  await platform.clock.advance(2900);
  assert.deepEqual(dispatcher.begun, ["produce 1", "produce 2"]);
  await platform.clock.advance(200);
  assert.deepEqual(dispatcher.begun, ["produce 1", "produce 2", "now"]);
});
