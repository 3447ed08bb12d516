import assert from "node:assert/strict";
import { test } from "node:test";
import { type Connection, type Listener, type Network, NetworkError } from "@millrace/platform";

/** What the suite needs of an implementation. */
export interface NetworkCandidate {
  readonly name: string;
  readonly create: () => Network;
  /** Lets bytes travel until the promise settles. */
  readonly settle: <Result>(pending: Promise<Result>) => Promise<Result>;
}

interface Pair {
  readonly listener: Listener;
  readonly client: Connection;
  readonly server: Connection;
}

/** What every Network does. */
export function testNetwork(candidate: NetworkCandidate): void {
  testBytes(candidate);
  testEnds(candidate);
  testBackpressure(candidate);
  testAddresses(candidate);
}

function testBytes(candidate: NetworkCandidate): void {
  const { name, settle } = candidate;

  test(`${name}: bytes arrive in order, whole, in both directions`, async () => {
    const sent = Buffer.alloc(1_000_000).map((_, index) => (index * 7) & 0xff);
    const echoed: Buffer[] = [];
    const { listener, client, server } = await connectPair(candidate, (connection) => {
      connection.onData((bytes) => {
        connection.write([bytes.subarray(0, 1), bytes.subarray(1)]);
      });
    });
    const all = Promise.withResolvers<void>();
    client.onData((bytes) => {
      echoed.push(bytes);
      if (echoed.reduce((sum, part) => sum + part.length, 0) === sent.length) all.resolve();
    });
    client.write([Buffer.from(sent.subarray(0, 10)), Buffer.from(sent.subarray(10))]);
    await settle(all.promise);
    assert.ok(Buffer.concat(echoed).equals(sent));
    client.destroy();
    server.destroy();
    await listener.close();
  });

  test(`${name}: a receiver's own buffers are filled one after the other`, async () => {
    const filled: Buffer[] = [];
    const all = Promise.withResolvers<void>();
    const { listener, client, server } = await connectPair(candidate, (connection) => {
      let buffer = Buffer.alloc(0);
      let size = 0;
      connection.receiveInto({
        nextBuffer: () => {
          size = (size % 5) + 1;
          buffer = Buffer.alloc(size);
          return buffer;
        },
        received: (count) => {
          assert.ok(count > 0 && count <= buffer.length);
          filled.push(buffer.subarray(0, count));
          if (filled.reduce((sum, part) => sum + part.length, 0) === 1000) all.resolve();
        },
      });
    });
    const sent = Buffer.alloc(1000).map((_, index) => index & 0xff);
    client.write([Buffer.from(sent)]);
    await settle(all.promise);
    assert.ok(Buffer.concat(filled).equals(sent));
    client.destroy();
    server.destroy();
    await listener.close();
  });
}

function testEnds(candidate: NetworkCandidate): void {
  const { name, settle } = candidate;

  test(`${name}: the peer hears of an end, after what was sent before it`, async () => {
    const closed = Promise.withResolvers<Error | undefined>();
    let text = "";
    const { listener, client } = await connectPair(candidate, (connection) => {
      connection.onData((bytes) => {
        text += bytes.toString();
      });
      connection.onClose(closed.resolve);
    });
    client.write([Buffer.from("last words")]);
    client.end();
    assert.equal(await settle(closed.promise), undefined);
    assert.equal(text, "last words");
    await listener.close();
  });

  test(`${name}: both ends hear of a destroyed connection once`, async () => {
    const farClosed = Promise.withResolvers<Error | undefined>();
    const nearClosed = Promise.withResolvers<Error | undefined>();
    const { listener, client, server } = await connectPair(candidate, (connection) => {
      connection.onData(() => {});
      connection.onClose(farClosed.resolve);
    });
    client.onData(() => {});
    client.onClose(nearClosed.resolve);
    client.destroy();
    await settle(Promise.all([farClosed.promise, nearClosed.promise]));
    assert.equal(server.write([Buffer.from("late")]), true);
    assert.equal(client.write([Buffer.from("late")]), true);
    await listener.close();
  });
}

function testBackpressure(candidate: NetworkCandidate): void {
  const { name, settle } = candidate;

  test(`${name}: a sender is told to wait while the reader does not read, then to go on`, async () => {
    let receivedBytes = 0;
    const all = Promise.withResolvers<void>();
    const { listener, client, server } = await connectPair(candidate, (connection) => {
      connection.onData((bytes) => {
        receivedBytes += bytes.length;
        if (receivedBytes >= wantedBytes) all.resolve();
      });
      connection.pause();
    });
    const drained = Promise.withResolvers<void>();
    client.onDrain(drained.resolve);
    let wantedBytes = 0;
    let hasRoom = true;
    // A kernel takes some megabytes before it refuses; the bound keeps a broken port from looping.
    for (let round = 0; hasRoom || client.queuedBytes() < 200_000; round += 1) {
      assert.ok(round < 1000, "the sender was never told to wait");
      hasRoom = client.write([Buffer.alloc(100_000)]);
      wantedBytes += 100_000;
    }
    assert.equal(hasRoom, false);
    assert.ok(client.queuedBytes() > 0);
    server.resume();
    await settle(Promise.all([all.promise, drained.promise]));
    assert.equal(client.queuedBytes(), 0);
    assert.equal(receivedBytes, wantedBytes);
    client.destroy();
    server.destroy();
    await listener.close();
  });
}

function testAddresses(candidate: NetworkCandidate): void {
  const { name, settle } = candidate;

  test(`${name}: nobody answers where nobody listens, and a port is taken once`, async () => {
    const network = candidate.create();
    const listener = await network.listen({ host: "127.0.0.1", port: 0 }, () => {});
    await assert.rejects(
      network.listen({ host: "127.0.0.1", port: listener.port }, () => {}),
      {
        name: "NetworkError",
        systemCode: "EADDRINUSE",
      },
    );
    await listener.close();
    const refused = network.connect({ host: "127.0.0.1", port: listener.port, timeoutMs: 1000 });
    await assert.rejects(settle(refused), (error) => {
      assert.ok(error instanceof NetworkError);
      assert.equal(error.systemCode, "ECONNREFUSED");
      return true;
    });
    const again = await network.listen({ host: "127.0.0.1", port: listener.port }, () => {});
    await again.close();
  });
}

/** Gives both ends of a new connection; `onAccept` is called in the turn it is accepted in. */
async function connectPair(
  candidate: NetworkCandidate,
  onAccept: (connection: Connection) => void,
): Promise<Pair> {
  const { settle } = candidate;
  const network = candidate.create();
  const accepted = Promise.withResolvers<Connection>();
  const listener = await network.listen({ host: "127.0.0.1", port: 0 }, (connection) => {
    onAccept(connection);
    accepted.resolve(connection);
  });
  const options = { host: "127.0.0.1", port: listener.port, timeoutMs: 5000 };
  const client = await settle(network.connect(options));
  const server = await settle(accepted.promise);
  return { listener, client, server };
}
