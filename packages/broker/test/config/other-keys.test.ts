import assert from "node:assert/strict";
import { test } from "node:test";
import { baseNameOfListenerKey, findOtherKey } from "../../src/config/other-keys.ts";

test("a listener's prefix and a mechanism's are taken off", () => {
  const base = "listener.name.internal.";
  assert.equal(baseNameOfListenerKey(`${base}ssl.keystore.location`), "ssl.keystore.location");
  assert.equal(baseNameOfListenerKey(`${base}plain.sasl.jaas.config`), "sasl.jaas.config");
  assert.equal(baseNameOfListenerKey(`${base}scram-sha-256.sasl.login.class`), "sasl.login.class");
  assert.equal(baseNameOfListenerKey(`${base}no.such.key`), "no.such.key");
  assert.equal(baseNameOfListenerKey("ssl.keystore.location"), undefined);
  assert.equal(baseNameOfListenerKey("listener.name.internal"), undefined);
});

test("plug-ins' configurations are taken by their prefix", () => {
  assert.equal(findOtherKey("rsm.config.bucket")?.kind, "accepted");
  assert.equal(findOtherKey("super.users")?.kind, "acts");
  assert.equal(findOtherKey("zookeeper.connect")?.kind, "refused");
  assert.equal(findOtherKey("advertised.host.name")?.kind, "refused");
});

test("a listener's unknown configuration is unknown", () => {
  assert.equal(findOtherKey("listener.name.internal.no.such.key"), undefined);
  assert.equal(findOtherKey("listener.name.internal.ssl.protocol")?.kind, "listener");
  assert.equal(findOtherKey("toString"), undefined);
});
