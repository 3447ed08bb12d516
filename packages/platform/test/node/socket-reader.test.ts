import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, connect, Socket } from "node:net";
import { test } from "node:test";
import { giveReader, SocketReader } from "../../src/node/socket-reader.ts";

test("a socket that exists reads into memory that its reader gives", async () => {
  // This tells whether this Node still lets a reader be given to a socket that was made without
  // one; if it does not, everything works, at twice the CPU per byte received over TLS.
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const client = connect(address.port, "127.0.0.1");
  const [accepted] = (await once(server, "connection")) as unknown as [Socket];
  const own = Buffer.alloc(64);
  let filledBytes = 0;
  const all = Promise.withResolvers<void>();
  const reader = new SocketReader({ sharedBuffer: Buffer.alloc(1) });
  reader.connection = {
    bufferForRead: () => own.subarray(filledBytes),
    received: (_buffer, sizeBytes, isReceivers) => {
      assert.ok(isReceivers);
      filledBytes += sizeBytes;
      if (filledBytes === 10) all.resolve();
    },
  };
  assert.ok(giveReader(accepted, reader));
  accepted.resume();
  client.write("hello");
  client.write("world");
  await all.promise;
  assert.equal(own.toString("latin1", 0, 10), "helloworld");
  client.destroy();
  accepted.destroy();
  server.close();
});

test("a socket without a handle stays as it is", () => {
  const socket = new Socket();
  assert.equal(giveReader(socket, new SocketReader({ sharedBuffer: Buffer.alloc(1) })), false);
});
