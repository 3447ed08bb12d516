import assert from "node:assert/strict";
import { connect } from "node:net";
import process from "node:process";
import { test } from "node:test";

import { nodePlatform } from "@millrace/platform/node";

import { startBroker } from "../../src/main.ts";

const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required user_a="b";';
const config = {
  listeners: "OPEN://127.0.0.1:0",
  "inter.broker.listener.name": "OPEN",
  "listener.security.protocol.map": "OPEN:SASL_PLAINTEXT",
  "sasl.enabled.mechanisms": "PLAIN",
  "plain.sasl.jaas.config": plain,
  "socket.listen.backlog.size": "2000",
};

/** Opens a connection, sends bytes and waits for its end. */
function send(port: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port }, () => void socket.write(bytes));
    socket.on("data", () => {});
    socket.on("error", () => {});
    socket.on("close", () => resolve());
  });
}

// CVE-2022-34917: sizes and counts of strangers exhausted the memory.
test("1,000 strangers who announce 2 GiB, before SASL, cost less than 100 MiB", async () => {
  await using broker = await startBroker({ config });
  const before = process.memoryUsage.rss();
  const huge = Buffer.from("7fffffff00110001", "hex");
  // SaslHandshake whose mechanism has 2^31-1 bytes, and SaslAuthenticate whose token has.
  const mechanism = Buffer.from("0000000c00110001000000010000ffff7fff", "hex");
  await Promise.all(
    Array.from({ length: 1000 }, (_, index) => send(broker.port, index % 2 ? huge : mechanism)),
  );
  const grownBytes = process.memoryUsage.rss() - before;
  assert.ok(grownBytes < 100 * 1024 * 1024, `${grownBytes} bytes`);
});

test("before authentication a frame is no larger than sasl.server.max.receive.size", async () => {
  await using broker = await startBroker({
    config: { ...config, "sasl.server.max.receive.size": "1000" },
  });
  const size = Buffer.alloc(4);
  size.writeInt32BE(1001);
  await send(broker.port, size);
});

test("who does not authenticate in time is closed", async () => {
  await using broker = await startBroker({
    config: {
      ...config,
      "millrace.authentication.timeout.ms": "50",
      "connections.max.idle.ms": "400",
      "connection.failed.authentication.delay.ms": "1",
    },
  });
  const closed = new Promise<void>((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: broker.port });
    // A frame of 500 bytes that comes one by one is never idle, and never whole.
    socket.write(Buffer.from("000001f4", "hex"));
    const { clock } = nodePlatform({ logLevel: "off", hasProcessMetrics: false });
    const drip = (): void => {
      if (socket.destroyed) return;
      socket.write(Buffer.alloc(1));
      clock.setTimer(20, drip);
    };
    drip();
    socket.on("error", () => {});
    socket.on("data", () => {});
    socket.on("close", () => resolve());
  });
  await closed;
});
