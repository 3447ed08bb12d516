import assert from "node:assert/strict";
import { test } from "node:test";

import { simPlatform } from "@millrace/platform/sim";

import { HttpServer, plain } from "../../src/server/http-server.ts";

async function ask(...pieces: readonly string[]): Promise<string> {
  const platform = simPlatform({ seed: 2 });
  const { network, clock } = platform;
  const routes = { "/livez": () => plain(200, "ok\n"), "/readyz": () => plain(503, "starting\n") };
  const server = new HttpServer({ network, clock, host: "localhost", port: 9464, routes });
  await server.start();
  const connecting = network.connect({ host: "localhost", port: 9464, timeoutMs: 1000 });
  await clock.advance(10);
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
  for (const piece of pieces) {
    client.write([Buffer.from(piece)]);
    await clock.advance(10);
  }
  client.end();
  await clock.advance(10);
  assert.equal(isClosed, true);
  await server.close();
  return received;
}

test("a path is answered, whatever pieces its request comes in", async () => {
  const answer = await ask("GET /livez?verbose HT", "TP/1.1\r\nHost: x\r\n", "\r\n");
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(answer, /Content-Length: 3\r\n/);
  assert.ok(answer.endsWith("\r\n\r\nok\n"));
});

test("a path's own status is given; others are told what there is", async () => {
  assert.match(await ask("GET /readyz HTTP/1.1\r\n\r\n"), /^HTTP\/1\.1 503 /);
  const unknown = await ask("GET /toString HTTP/1.1\r\n\r\n");
  assert.match(unknown, /^HTTP\/1\.1 404 /);
  assert.match(unknown, /\/livez \/readyz/);
  assert.match(await ask("POST /livez HTTP/1.1\r\n\r\n"), /^HTTP\/1\.1 405 /);
});

test("a head without an end is refused at its limit", async () => {
  assert.match(await ask("x".repeat(9000)), /^HTTP\/1\.1 400 /);
});

test("who sends nothing is sent away", async () => {
  const { network, clock } = simPlatform({ seed: 3 });
  const server = new HttpServer({ network, clock, host: "localhost", port: 9464, routes: {} });
  await server.start();
  const connecting = network.connect({ host: "localhost", port: 9464, timeoutMs: 1000 });
  await clock.advance(10);
  const client = await connecting;
  let isClosed = false;
  client.onClose(() => {
    isClosed = true;
  });
  await clock.advance(9000);
  assert.equal(isClosed, false);
  await clock.advance(2000);
  assert.equal(isClosed, true);
});
