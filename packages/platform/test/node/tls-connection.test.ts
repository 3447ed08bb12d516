import assert from "node:assert/strict";
import { Socket } from "node:net";
import { test } from "node:test";
import { NodeTlsConnection } from "../../src/node/tls-connection.ts";

test("a reset that comes before the handshake is done closes the connection, and no more", async () => {
  const accepted = new Socket();
  const connection = new NodeTlsConnection(accepted, { sharedBuffer: Buffer.alloc(1) }, () => {});
  const closed = new Promise((resolve) => connection.onClose(resolve));
  const reset = new Error("read ECONNRESET");
  accepted.destroy(reset);
  assert.equal(await closed, reset);
});
