import assert from "node:assert/strict";
import { test } from "node:test";

import { simPlatform } from "@millrace/platform/sim";

import { brokerConfigOf, type Settings } from "../config/given.ts";
import { isLoopback, warnOfOpenListeners } from "../../src/lifecycle/open-listeners.ts";

function warningsOf(settings: Settings): readonly string[] {
  const platform = simPlatform({ seed: 1 });
  const config = brokerConfigOf({ "sasl.enabled.mechanisms": "SCRAM-SHA-256", ...settings });
  warnOfOpenListeners(config, platform.logger);
  return platform.logLines.map((line) => JSON.stringify(line));
}

test("a listener that lets anybody in from elsewhere is told, one by one", () => {
  const warnings = warningsOf({
    listeners:
      "PLAINTEXT://:9092,SASL_PLAINTEXT://:9093,SSL://10.0.0.1:9094,LOCAL://127.0.0.1:9095",
    "listener.security.protocol.map":
      "PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL,LOCAL:PLAINTEXT",
    "ssl.keystore.location": "/store.pem",
  });
  assert.equal(warnings.length, 2);
  assert.match(warnings[0] ?? "", /NOT PROTECTED.*"PLAINTEXT".*every address/);
  assert.match(warnings[1] ?? "", /NOT PROTECTED.*"SSL".*10\.0\.0\.1/);
});

test("with a certificate that clients must show, or on this machine alone, nothing is told", () => {
  const tls = { listeners: "SSL://:9092", "inter.broker.listener.name": "SSL" };
  const keys = { "ssl.keystore.location": "/store.pem", "ssl.truststore.location": "/ca.pem" };
  assert.deepEqual(warningsOf({ ...tls, ...keys, "ssl.client.auth": "required" }), []);
  assert.deepEqual(warningsOf({ listeners: "PLAINTEXT://localhost:9092" }), []);
});

test("metrics for everybody are told unless they need a password", () => {
  const local = { listeners: "PLAINTEXT://127.0.0.1:9092", "millrace.http.host": "0.0.0.0" };
  assert.match(warningsOf(local).join(""), /may read the metrics/);
  assert.match(warningsOf({ ...local, "millrace.http.users": "" }).join(""), /may read/);
  assert.deepEqual(warningsOf({ ...local, "millrace.http.users": "a:b" }), []);
  assert.deepEqual(warningsOf({ ...local, "millrace.http.port": "-1" }), []);
});

test("loopback is told by its names", () => {
  for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "::1"]) assert.ok(isLoopback(host));
  for (const host of [undefined, "", "0.0.0.0", "::", "10.0.0.1"]) assert.ok(!isLoopback(host));
});
