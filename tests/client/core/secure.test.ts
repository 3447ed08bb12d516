/** How a client proves who it is, and has the broker prove who it is. */
import assert from "node:assert/strict";
import { join } from "node:path";

import { Client, type ClientOptions, KafkaError } from "@millrace/client";

import { type ClientBroker, eachBroker } from "../src/index.ts";

async function brokersOf(options: ClientOptions): Promise<number> {
  await using client = new Client({ enableMetricsPush: false, ...options });
  const { brokers } = await client.connect({ timeoutMs: 5_000 });
  return brokers.length;
}

async function failureOf(options: ClientOptions): Promise<KafkaError> {
  try {
    await brokersOf(options);
  } catch (error) {
    assert.ok(error instanceof KafkaError);
    return error;
  }
  throw new assert.AssertionError({ message: "the broker let the client in" });
}

const overTls = (broker: ClientBroker): ClientOptions => ({
  bootstrap: broker.listeners.SSL,
  tls: { ca: broker.tls.ca },
});

eachBroker(
  "TLS: the broker is trusted by its authority, given as text or as a file",
  async (broker) => {
    assert.equal(await brokersOf(overTls(broker)), 1);
    const ca = join(broker.secretsFolder, "authority.pem");
    assert.equal(await brokersOf({ ...overTls(broker), tls: { ca } }), 1);
  },
);

eachBroker(
  "TLS: a broker of another authority, or with another name, is not trusted",
  async (broker) => {
    const stranger = await failureOf({ ...overTls(broker), tls: true });
    assert.equal(stranger.code, "TLS_HANDSHAKE_FAILED");
    assert.equal(stranger.retriable, false);
    const tls = { ca: broker.tls.ca, serverName: "other.example" };
    assert.equal((await failureOf({ ...overTls(broker), tls })).code, "TLS_HANDSHAKE_FAILED");
    assert.equal(
      await brokersOf({ ...overTls(broker), tls: { ...tls, verifyHostname: false } }),
      1,
    );
  },
);

eachBroker("mutual TLS: the client shows its certificate", async (broker) => {
  const { ca, certificate, key } = broker.tls;
  assert.equal(await brokersOf({ ...overTls(broker), tls: { ca, certificate, key } }), 1);
  const halves = await failureOf({ ...overTls(broker), tls: { ca, certificate } });
  assert.equal(halves.code, "INVALID_OPTION");
});

for (const mechanism of ["plain", "scram-sha-256", "scram-sha-512"] as const) {
  const loginOf = (broker: ClientBroker): ClientBroker["plainUser"] =>
    mechanism === "plain" ? broker.plainUser : broker.scramUser;

  eachBroker(`${mechanism}: the right password is let in, with and without TLS`, async (broker) => {
    const sasl = { mechanism, ...loginOf(broker) };
    assert.equal(await brokersOf({ bootstrap: broker.listeners.SASL_PLAINTEXT, sasl }), 1);
    const tls = { ca: broker.tls.ca };
    assert.equal(await brokersOf({ bootstrap: broker.listeners.SASL_SSL, sasl, tls }), 1);
  });

  eachBroker(
    `${mechanism}: a wrong password fails at once, and no error tells it`,
    async (broker) => {
      const password = "wrong-secret";
      const sasl = { mechanism, username: loginOf(broker).username, password };
      const error = await failureOf({ bootstrap: broker.listeners.SASL_PLAINTEXT, sasl });
      assert.equal(error.code, "SASL_AUTHENTICATION_FAILED");
      assert.equal(error.fatal, true);
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /wrong-secret/);
    },
  );
}

eachBroker(
  "oauthbearer: a token from a function is let in, a forged one is not",
  async (broker) => {
    const token = broker.token({ sub: "tessa" });
    const bootstrap = broker.listeners.SASL_PLAINTEXT;
    const sasl = { mechanism: "oauthbearer", token: () => Promise.resolve(token) } as const;
    assert.equal(await brokersOf({ bootstrap, sasl }), 1);
    const forged = `${token.slice(0, -8)}AAAAAAAA`;
    const error = await failureOf({ bootstrap, sasl: { ...sasl, token: () => forged } });
    assert.equal(error.code, "SASL_AUTHENTICATION_FAILED");
    assert.ok(!String(error.stack).includes(forged));
  },
);

eachBroker("a function of the token that fails is told with its cause", async (broker) => {
  const cause = new Error("the provider is away");
  const token = (): Promise<string> => Promise.reject(cause);
  await using client = new Client({
    bootstrap: broker.listeners.SASL_PLAINTEXT,
    sasl: { mechanism: "oauthbearer", token },
  });
  await assert.rejects(client.connect({ timeoutMs: 500 }), { code: "TOKEN_UNAVAILABLE" });
});

eachBroker("a client without TLS at a listener with TLS is told what is wrong", async (broker) => {
  const error = await failureOf({ bootstrap: broker.listeners.SSL, requestTimeoutMs: 2_000 });
  assert.ok(["MALFORMED_ANSWER", "BOOTSTRAP_UNREACHABLE"].includes(error.code), error.message);
});
