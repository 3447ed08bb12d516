import assert from "node:assert/strict";
import { test } from "node:test";
import { readClientProperties } from "../../src/options/client-properties.ts";

test("Java's names become options, and what is a consumer's is left over", () => {
  const { options, rest } = readClientProperties(`
    bootstrap.servers=a:1,b:2
    client.id=shop
    request.timeout.ms=5000
    security.protocol=SASL_SSL
    ssl.truststore.type=PEM
    ssl.truststore.location=/etc/ca.pem
    ssl.endpoint.identification.algorithm=
    sasl.mechanism=SCRAM-SHA-512
    sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\
      username="alice" password="pa\\\\"ss;word";
    group.id=readers
  `);
  assert.deepEqual(options, {
    bootstrap: "a:1,b:2",
    clientId: "shop",
    requestTimeoutMs: 5000,
    tls: { ca: "/etc/ca.pem", verifyHostname: false },
    sasl: {
      mechanism: "scram-sha-512",
      username: "alice",
      password: 'pa"ss;word',
      tokenAuth: false,
    },
  });
  assert.deepEqual([...rest], [["group.id", "readers"]]);
});

test("OAUTHBEARER takes its credentials from the JAAS entry or from keys of their own", () => {
  const module = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule";
  const common = {
    "bootstrap.servers": "a:1",
    "security.protocol": "SASL_PLAINTEXT",
    "sasl.mechanism": "OAUTHBEARER",
    "sasl.oauthbearer.token.endpoint.url": "https://issuer.example/token",
  };
  const oidc = {
    tokenEndpointUrl: "https://issuer.example/token",
    clientId: "me",
    clientSecret: "mine",
  };
  const jaas = `${module} required clientId="me" clientSecret="mine" extension_logicalCluster="x";`;
  const first = readClientProperties({ ...common, "sasl.jaas.config": jaas });
  const extensions = { logicalCluster: "x" };
  assert.deepEqual(first.options.sasl, { mechanism: "oauthbearer", oidc, extensions });
  const second = readClientProperties({
    ...common,
    "sasl.oauthbearer.client.credentials.client.id": "me",
    "sasl.oauthbearer.client.credentials.client.secret": "mine",
  });
  assert.deepEqual(second.options.sasl, { mechanism: "oauthbearer", oidc, extensions: {} });
});

test("a key store of Java's own format is refused with how to convert it", () => {
  const properties = {
    "security.protocol": "SSL",
    "ssl.keystore.location": "/etc/client.jks",
    "ssl.keystore.password": "store-secret",
  };
  assert.throws(() => readClientProperties(properties), {
    code: "INVALID_OPTION",
    message: /keytool -importkeystore/,
  });
});

test("what cannot be read is refused without being repeated", () => {
  const properties = {
    "security.protocol": "SASL_PLAINTEXT",
    "sasl.mechanism": "PLAIN",
    "sasl.jaas.config": 'PlainLoginModule required password="my-secret',
  };
  assert.throws(
    () => readClientProperties(properties),
    (error: Error) => !error.message.includes("my-secret"),
  );
});
