/** Logins that take something made first: a password as it is, a delegation token, a provider. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { Client, KafkaError, type SaslOptions } from "@millrace/client";

import { type ClientBroker, eachBroker, uniqueName } from "../src/index.ts";

async function login(broker: ClientBroker, sasl: SaslOptions): Promise<void> {
  await using client = new Client({ bootstrap: broker.listeners.SASL_PLAINTEXT, sasl });
  await client.connect({ timeoutMs: 5_000 });
}

/** What was just made is not known everywhere at once. */
async function loginSoon(broker: ClientBroker, sasl: SaslOptions): Promise<void> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      await login(broker, sasl);
      return;
    } catch (error) {
      const isRefused = error instanceof KafkaError && error.code === "SASL_AUTHENTICATION_FAILED";
      if (!isRefused || attempts === 20) throw error;
    }
    await sleep(100);
  }
}

eachBroker(
  "scram-sha-256: a password is taken as it is, as by Java's clients and tools",
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const username = uniqueName("user");
    // SASLprep would compose the accent and divide the ligature.
    const password = "pa\u0301ss\ufb01";
    const mechanism = "SCRAM-SHA-256";
    const made = await client
      .admin()
      .alterUserScramCredentials([{ user: username, mechanism, password }]);
    assert.equal(made.get(username), undefined);
    await loginSoon(broker, { mechanism: "scram-sha-256", username, password });
    const other = password.normalize("NFKC");
    await assert.rejects(login(broker, { mechanism: "scram-sha-256", username, password: other }), {
      code: "SASL_AUTHENTICATION_FAILED",
    });
  },
);

eachBroker("a delegation token logs in as its owner, by both hashes", async (broker) => {
  await using owner = new Client({
    bootstrap: broker.listeners.SASL_PLAINTEXT,
    sasl: { mechanism: "scram-sha-256", ...broker.scramUser },
  });
  const { tokenId: username, hmac } = await owner.admin().createDelegationToken({});
  const password = Buffer.from(hmac).toString("base64");
  for (const mechanism of ["scram-sha-256", "scram-sha-512"] as const) {
    await loginSoon(broker, { mechanism, username, password, tokenAuth: true });
    await assert.rejects(login(broker, { mechanism, username, password }), {
      code: "SASL_AUTHENTICATION_FAILED",
    });
  }
  const jaas = `ScramLoginModule required username="${username}" password="${password}"`;
  await using byProperties = Client.fromProperties({
    "bootstrap.servers": broker.listeners.SASL_PLAINTEXT,
    "security.protocol": "SASL_PLAINTEXT",
    "sasl.mechanism": "SCRAM-SHA-256",
    "sasl.jaas.config": `org.apache.kafka.common.security.scram.${jaas} tokenauth="true";`,
  });
  assert.equal((await byProperties.connect()).brokers.length, 1);
});

eachBroker("oauthbearer: a token is fetched by client credentials", async (broker) => {
  const asked: string[] = [];
  const provider = createServer((request, response) => {
    asked.push(request.headers.authorization ?? "");
    const token = broker.token({ sub: "tessa" });
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ access_token: token, expires_in: 300 }));
  });
  await new Promise<void>((listening) => {
    provider.listen(0, "127.0.0.1", () => listening());
  });
  const address = provider.address();
  assert.ok(address !== null && typeof address === "object");
  try {
    const oidc = {
      tokenEndpointUrl: `http://127.0.0.1:${address.port}/token`,
      clientId: "shop",
      clientSecret: "secret of the shop",
    };
    await login(broker, { mechanism: "oauthbearer", oidc });
    const credentials = Buffer.from("shop:secret+of+the+shop").toString("base64");
    assert.deepEqual(asked, [`Basic ${credentials}`]);
  } finally {
    provider.closeAllConnections();
    provider.close();
  }
});

const strict = {
  broker: "own",
  properties: ["listener.name.ssl.ssl.client.auth=required"],
} as const;

eachBroker("mutual TLS: a broker that requires a certificate gets it", strict, async (broker) => {
  const { ca, certificate, key } = broker.tls;
  const bootstrap = broker.listeners.SSL;
  await using client = new Client({ bootstrap, tls: { ca, certificate, key } });
  assert.equal((await client.connect()).brokers.length, 1);
  await using without = new Client({ bootstrap, tls: { ca } });
  await assert.rejects(without.connect({ timeoutMs: 5_000 }), {
    code: "TLS_HANDSHAKE_FAILED",
    retriable: false,
  });
});
