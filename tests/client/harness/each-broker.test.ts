/** The harness itself: every listener of every broker lets in whom it should. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

import { SaslConnection } from "@millrace/conformance/harness";
import { SaslHandshake } from "@millrace/protocol";

import { type ClientBroker, eachBroker, uniqueName } from "../src/index.ts";

eachBroker("a shared broker answers on all four listeners", async (broker) => {
  for (const listener of ["PLAINTEXT", "SASL_PLAINTEXT"] as const) {
    const socket = connect(addressOf(broker.listeners[listener]));
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    socket.destroy();
  }
  for (const listener of ["SSL", "SASL_SSL"] as const) {
    const { ca, certificate: cert, key } = broker.tls;
    const socket = connectTls({ ...addressOf(broker.listeners[listener]), ca, cert, key });
    await new Promise((resolve, reject) =>
      socket.once("secureConnect", resolve).once("error", reject),
    );
    assert.ok(socket.authorized);
    socket.destroy();
  }
});

eachBroker("SASL/PLAIN lets its user in, and every mechanism is there", async (broker) => {
  const { port } = addressOf(broker.listeners.SASL_PLAINTEXT);
  const { username: name, password } = broker.plainUser;
  (await SaslConnection.open(port, { name, password }))[Symbol.dispose]();
  using connection = await SaslConnection.open(port);
  const { mechanisms } = await connection.ask(SaslHandshake, 1, { mechanism: "none" });
  assert.deepEqual(mechanisms.toSorted(), [
    "OAUTHBEARER",
    "PLAIN",
    "SCRAM-SHA-256",
    "SCRAM-SHA-512",
  ]);
});

eachBroker("a broker has the requests that a test needs", { needs: ["Fetch"] }, (broker) => {
  assert.notEqual(broker.bootstrap, "");
  return Promise.resolve();
});

eachBroker("a broker of one's own stops and starts again", { broker: "own" }, async (broker) => {
  const before = broker.pid;
  assert.equal(await broker.stop(), broker.kind === "kafka" ? 143 : 0);
  await broker.start();
  assert.notEqual(broker.pid, before);
  assert.notEqual(uniqueName("topic"), uniqueName("topic"));
});

function addressOf(address: ClientBroker["bootstrap"]): { host: string; port: number } {
  const [host = "", port = ""] = address.split(":");
  return { host, port: Number(port) };
}
