import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import type { Connection } from "@millrace/platform";
import { NodeNetwork } from "@millrace/platform/node";
import { testNetwork } from "../contract/network-contract.ts";

testNetwork({
  name: "NodeNetwork",
  create: () => new NodeNetwork(),
  settle: (pending) => pending,
});

test("an accepted socket reads straight into the receiver's buffer", async () => {
  // This tells whether this Node still lets the handle of an accepted socket move to one that is
  // made with `onread`; if it does not, everything works, at twice the CPU per byte received.
  const network = new NodeNetwork();
  const frame = Buffer.alloc(300_000);
  const sizes: number[] = [];
  const done = Promise.withResolvers<void>();
  const accepted: Connection[] = [];
  let filledBytes = 0;
  const listener = await network.listen({ host: "127.0.0.1", port: 0 }, (connection) => {
    accepted.push(connection);
    connection.receiveInto({
      nextBuffer: () => frame.subarray(filledBytes),
      received: (count) => {
        sizes.push(count);
        filledBytes += count;
        if (filledBytes === frame.length) done.resolve();
      },
    });
  });
  const client = net.connect(listener.port, "127.0.0.1");
  client.write(Buffer.alloc(300_000, 5));
  await done.promise;
  assert.ok(frame.every((byte) => byte === 5));
  // The data event never gives more than 64 KiB at once; a buffer of the receiver's may be larger.
  assert.ok(Math.max(...sizes) > 65_536, `largest read ${Math.max(...sizes)}`);
  client.destroy();
  for (const connection of accepted) connection.destroy();
  await listener.close();
});

test("connecting to an address that does not answer ends after the time given", async () => {
  const network = new NodeNetwork();
  // 192.0.2.0/24 is set apart for documentation: nothing there answers, or the route is refused.
  const attempt = network.connect({ host: "192.0.2.1", port: 9092, timeoutMs: 50 });
  await assert.rejects(attempt, { name: "NetworkError" });
});

test("a signal ends connecting and leaves nothing open", async () => {
  const network = new NodeNetwork();
  const ending = new AbortController();
  const target = { host: "192.0.2.1", port: 9092, timeoutMs: 60_000, signal: ending.signal };
  const attempt = network.connect(target);
  ending.abort();
  await assert.rejects(attempt, { name: "NetworkError", systemCode: "ECANCELED" });
  await assert.rejects(network.connect(target), { systemCode: "ECANCELED" });
});
