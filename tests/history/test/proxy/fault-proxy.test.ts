import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { freePort } from "@millrace/conformance/harness";
import { calm, FaultProxy } from "../../src/proxy/fault-proxy.ts";
import { FrameCutter } from "../../src/proxy/frame-cutter.ts";
import { seededRandom } from "../../src/seeded-random.ts";

const holdMs = 150;

/** A server that notes each frame and answers it with itself, and a proxy before it. */
class Scene implements AsyncDisposable {
  readonly proxy: FaultProxy;
  readonly received: string[] = [];
  /** What the last connection that ended left of a frame. */
  torn = "";
  readonly #server;
  readonly #port: number;
  readonly #waiting = new Set<() => void>();

  private constructor(proxy: FaultProxy, server: ReturnType<typeof createServer>, port: number) {
    this.proxy = proxy;
    this.#server = server;
    this.#port = port;
    server.on("connection", (socket) => this.#serve(socket));
  }

  static async set(seed = 1): Promise<Scene> {
    const server = createServer();
    const [port, targetPort] = [await freePort(), await freePort()];
    server.listen(targetPort, "127.0.0.1");
    await once(server, "listening");
    const proxy = await FaultProxy.listen({ port, targetPort, random: seededRandom(seed) });
    return new Scene(proxy, server, port);
  }

  async client(): Promise<TestClient> {
    const socket = connect({ host: "127.0.0.1", port: this.#port });
    await once(socket, "connect");
    return new TestClient(socket);
  }

  /** Waits until something holds; each thing that the server sees is a reason to look again. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy[Symbol.asyncDispose]();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    const cutter = new FrameCutter();
    socket.on("error", () => undefined);
    socket.on("data", (bytes: Buffer) => {
      for (const frame of cutter.take(bytes)) {
        this.received.push(frame.toString("utf8", 4));
        socket.write(frame);
      }
      this.#wake();
    });
    socket.once("close", () => {
      this.torn = cutter.pending.toString("utf8", 4);
      this.#wake();
    });
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

class TestClient {
  readonly closed: Promise<unknown>;
  readonly answers: string[] = [];
  readonly #socket: Socket;
  readonly #cutter = new FrameCutter();
  #onAnswer: () => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = once(socket, "close");
    socket.on("error", () => undefined);
    socket.on("data", (bytes: Buffer) => {
      for (const frame of this.#cutter.take(bytes)) this.answers.push(frame.toString("utf8", 4));
      this.#onAnswer();
    });
  }

  send(text: string): void {
    const frame = Buffer.alloc(4 + Buffer.byteLength(text));
    frame.writeInt32BE(frame.length - 4, 0);
    frame.write(text, 4);
    this.#socket.write(frame);
  }

  async answered(count: number): Promise<readonly string[]> {
    while (this.answers.length < count) {
      await new Promise<void>((resolve) => {
        this.#onAnswer = resolve;
      });
    }
    return this.answers;
  }

  close(): void {
    this.#socket.destroy();
  }
}

test("in calm weather everything passes as it is", async () => {
  await using scene = await Scene.set();
  const client = await scene.client();
  const texts = Array.from({ length: 200 }, (_, index) => `${index}`.repeat(1 + (index % 50)));
  for (const text of texts) client.send(text);
  assert.deepEqual(await client.answered(200), texts);
  client.close();
});

test("frames are delayed, in order in one connection, and passed by those of others", async () => {
  await using scene = await Scene.set();
  const [slow, fast] = [await scene.client(), await scene.client()];
  scene.proxy.weather = { delayChance: 1, delayMsMax: 2 * holdMs, strandChance: 0 };
  for (const text of ["one", "two", "three"]) slow.send(text);
  // The proxy must have decided about them before the weather changes.
  while (scene.proxy.counts.frames < 3) await new Promise((resolve) => setImmediate(resolve));
  scene.proxy.weather = calm;
  fast.send("overtakes");
  assert.deepEqual(await fast.answered(1), ["overtakes"]);
  assert.deepEqual(await slow.answered(3), ["one", "two", "three"]);
  assert.equal(scene.received[0], "overtakes");
  slow.close();
  fast.close();
});

test("a connection is cut half-way through a frame", async () => {
  await using scene = await Scene.set();
  const client = await scene.client();
  client.send("whole");
  await client.answered(1);
  scene.proxy.cut(1);
  client.send("0123456789");
  await client.closed;
  await scene.until(() => scene.torn !== "");
  assert.equal(scene.torn, "012");
  assert.deepEqual(scene.received, ["whole"]);
  assert.equal(scene.proxy.connectionCount, 0);
});

test("one direction is frozen, and goes on when it thaws", async () => {
  await using scene = await Scene.set();
  const client = await scene.client();
  client.send("before");
  await client.answered(1);
  scene.proxy.freeze("answers", 1);
  client.send("asked");
  await scene.until(() => scene.received.length === 2);
  assert.deepEqual(client.answers, ["before"]);
  scene.proxy.thaw();
  assert.deepEqual(await client.answered(2), ["before", "asked"]);
  client.close();
});

test("a stranded request reaches the broker after its client has seen the end", async () => {
  await using scene = await Scene.set();
  const client = await scene.client();
  scene.proxy.weather = { delayChance: 0, delayMsMax: 4 * holdMs, strandChance: 1 };
  client.send("stranded");
  await client.closed;
  assert.deepEqual(scene.received, []);
  await scene.until(() => scene.received.length === 1);
  assert.deepEqual(client.answers, []);
});

test("a broker that is gone closes the client's connection", async () => {
  const [port, targetPort] = [await freePort(), await freePort()];
  await using proxy = await FaultProxy.listen({ port, targetPort, random: seededRandom(1) });
  const socket = connect({ host: "127.0.0.1", port });
  await once(socket, "close");
  assert.equal(proxy.connectionCount, 0);
});

test("a seed gives the same decisions again", async () => {
  const delayedOf = async (seed: number): Promise<number> => {
    await using scene = await Scene.set(seed);
    scene.proxy.weather = { delayChance: 0.5, delayMsMax: 1, strandChance: 0 };
    const client = await scene.client();
    for (let round = 1; round <= 40; round += 1) {
      client.send(String(round));
      await client.answered(round);
    }
    client.close();
    return scene.proxy.counts.delayed;
  };
  assert.equal(await delayedOf(7), await delayedOf(7));
  assert.notEqual(await delayedOf(7), await delayedOf(8));
});

test("a half-open connection tells its client nothing, and others are as they were", async () => {
  await using scene = await Scene.set();
  const alone = await scene.client();
  alone.send("before");
  await alone.answered(1);
  scene.proxy.halfOpen(1);
  const other = await scene.client();
  alone.send("after");
  other.send("other");
  assert.deepEqual(await other.answered(1), ["other"]);
  assert.deepEqual(scene.received, ["before", "other"]);
  assert.equal(scene.proxy.connectionCount, 2);
  alone.close();
  other.close();
  await Promise.all([alone.closed, other.closed]);
  while (scene.proxy.connectionCount > 0) await new Promise((resolve) => setImmediate(resolve));
});

test("a deaf proxy takes connections that lead nowhere", async () => {
  await using scene = await Scene.set();
  scene.proxy.isDeaf = true;
  const alone = await scene.client();
  alone.send("nobody hears it");
  while (scene.proxy.counts.halfOpen < 1) await new Promise((resolve) => setImmediate(resolve));
  scene.proxy.isDeaf = false;
  const other = await scene.client();
  other.send("heard");
  assert.deepEqual(await other.answered(1), ["heard"]);
  assert.deepEqual(scene.received, ["heard"]);
  alone.close();
  other.close();
});
