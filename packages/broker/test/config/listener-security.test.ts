import assert from "node:assert/strict";
import { test } from "node:test";

import { ConfigurationError } from "../../src/config/index.ts";
import { brokerConfigOf, type Settings } from "./given.ts";

const plainModule = "org.apache.kafka.common.security.plain.PlainLoginModule";
const sasl = {
  listeners: "PLAINTEXT://:9092,A://:9093,B://:9094",
  "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,A:SASL_SSL,B:SASL_PLAINTEXT",
  "ssl.keystore.location": "/a.pem",
  "sasl.enabled.mechanisms": "SCRAM-SHA-256",
};

function listenersOf(settings: Settings) {
  const { listeners } = brokerConfigOf({ ...sasl, ...settings });
  return { a: listeners[1], b: listeners[2] };
}

function problemsOf(settings: Settings): string {
  try {
    brokerConfigOf({ ...sasl, ...settings });
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.problems.map(({ message }) => message).join("\n");
  }
  return "";
}

test("a listener's own value is stronger than that of all", () => {
  const { a, b } = listenersOf({
    "listener.name.a.ssl.keystore.location": "/own.pem",
    "listener.name.b.sasl.enabled.mechanisms": "SCRAM-SHA-512,SCRAM-SHA-256",
  });
  assert.equal(a?.tls?.keystore.location, "/own.pem");
  assert.equal(b?.tls, undefined);
  assert.deepEqual(a?.sasl?.mechanisms, ["SCRAM-SHA-256"]);
  assert.deepEqual(b?.sasl?.mechanisms, ["SCRAM-SHA-512", "SCRAM-SHA-256"]);
});

test("users of PLAIN are given for a listener and a mechanism, or for all", () => {
  const users = (name: string) => ({
    "sasl.enabled.mechanisms": "PLAIN",
    "sasl.jaas.config": `${plainModule} required user_all="x";`,
    [name]: `${plainModule} required username="u" password="p" user_one="1";`,
  });
  for (const name of ["listener.name.b.plain.sasl.jaas.config", "plain.sasl.jaas.config"]) {
    const { b } = listenersOf(users(name));
    assert.deepEqual([...(b?.sasl?.plainUsers ?? [])], [["one", "1"]], name);
  }
  const { a } = listenersOf(users("listener.name.b.plain.sasl.jaas.config"));
  assert.deepEqual([...(a?.sasl?.plainUsers ?? [])], [["all", "x"]]);
});

test("sessions end by mechanism", () => {
  const { b } = listenersOf({
    "sasl.enabled.mechanisms": "SCRAM-SHA-256,SCRAM-SHA-512",
    "connections.max.reauth.ms": "1000",
    "listener.name.b.scram-sha-512.connections.max.reauth.ms": "2000",
  });
  assert.deepEqual(
    [...(b?.sasl?.maxReauthMs ?? [])],
    [
      ["SCRAM-SHA-256", 1000],
      ["SCRAM-SHA-512", 2000],
    ],
  );
});

test("what cannot be meant is told", () => {
  assert.match(problemsOf({ "sasl.enabled.mechanisms": "PLAIN" }), /nobody has a password/);
  assert.match(problemsOf({ "sasl.enabled.mechanisms": "" }), /is empty; expected some of PLAIN/);
  assert.match(problemsOf({ "ssl.enabled.protocols": "TLSv1.1" }), /older versions are not safe/);
  assert.match(problemsOf({ "ssl.cipher.suites": "TLS_RSA_WITH_RC4_128_MD5" }), /not supported/);
  assert.match(problemsOf({ "ssl.principal.mapping.rules": "RULE:(a/b/" }), /is not valid/);
  assert.match(problemsOf({ "ssl.keystore.key": "k" }), /give both/);
  const jaas = { "sasl.enabled.mechanisms": "PLAIN", "sasl.jaas.config": "A required secret" };
  assert.match(problemsOf(jaas), /is not a JAAS configuration/);
  assert.doesNotMatch(problemsOf(jaas), /secret/);
});

test("keys of tokens are asked for only where that is allowed", () => {
  const bearer = { "sasl.enabled.mechanisms": "OAUTHBEARER" };
  assert.match(problemsOf(bearer), /without the keys of who issues them/);
  const url = "https://issuer/keys";
  const asked = { ...bearer, "sasl.oauthbearer.jwks.endpoint.url": url };
  assert.match(problemsOf(asked), /is not an address that may be asked/);
  const allowed = { ...asked, "millrace.sasl.oauthbearer.allowed.urls": url };
  assert.equal(problemsOf(allowed), "");
  assert.equal(listenersOf(allowed).b?.sasl?.oauthbearer?.jwksUrl, url);
  const open = "http://issuer/keys";
  const unsafe = { "millrace.sasl.oauthbearer.allowed.urls": open };
  const key = "sasl.oauthbearer.jwks.endpoint.url";
  assert.match(problemsOf({ ...bearer, ...unsafe, [key]: open }), /expected https:/);
});
