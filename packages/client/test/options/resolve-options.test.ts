import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClientOptions } from "../../src/options/client-options.ts";
import { parseBootstrap, resolveOptions } from "../../src/options/resolve-options.ts";

test("defaults are Java's, and what is given wins; undefined is as not given", () => {
  const options = resolveOptions({
    bootstrap: "a:1",
    retryBackoffMs: 5,
    requestTimeoutMs: undefined as never,
  });
  assert.equal(options.requestTimeoutMs, 30_000);
  assert.equal(options.retryBackoffMs, 5);
  assert.equal(options.metadataRecoveryStrategy, "rebootstrap");
  assert.equal(options.tls, undefined);
});

test("addresses are read in every form, and a wrong one is named", () => {
  assert.deepEqual(parseBootstrap("a:1, [::1]:2,SSL://b.c:3"), [
    { host: "a", port: 1 },
    { host: "::1", port: 2 },
    { host: "b.c", port: 3 },
  ]);
  for (const bad of ["", "a", "a:0", "a:70000", "::1:2"]) {
    assert.throws(() => parseBootstrap(bad), { code: "INVALID_OPTION" }, bad);
  }
});

test("a duration that is none is refused", () => {
  assert.throws(() => resolveOptions({ bootstrap: "a:1", requestTimeoutMs: -1 }), {
    code: "INVALID_OPTION",
    message: /requestTimeoutMs is -1/,
  });
});

test("what would be ignored is refused: names in tls and sasl, and values that are no choice", () => {
  const user = { mechanism: "plain", username: "u", password: "p" };
  const oidc = { tokenEndpointUrl: "http://a", clientId: "i", clientSecret: "s" };
  const token = (): string => "t";
  const refused: readonly (readonly [object, RegExp])[] = [
    [{ tls: { cert: "c" } }, /tls has no option cert/],
    [{ tls: { versionMin: "TLSv1.1" } }, /tls.versionMin is "TLSv1.1"/],
    [{ sasl: { ...user, user: "x" } }, /sasl has no option user/],
    [{ sasl: { mechanism: "plain", username: "u" } }, /sasl has no password/],
    [{ sasl: { ...user, mechanism: "scram" } }, /sasl.mechanism is "scram"/],
    [{ sasl: { mechanism: "oauthbearer" } }, /token and oidc/],
    [{ sasl: { mechanism: "oauthbearer", token, oidc } }, /token and oidc/],
    [{ sasl: { mechanism: "oauthbearer", oidc: { ...oidc, clientID: "i" } } }, /option clientID/],
    [{ clientDnsLookup: "resolve_canonical_bootstrap_servers_only" }, /clientDnsLookup/],
    [{ metadataRecoveryStrategy: "never" }, /metadataRecoveryStrategy is "never"/],
    [{ enableMetricsPush: "yes" }, /enableMetricsPush is "yes"/],
    [{ logLevel: "loud" }, /logLevel is "loud"/],
    [{ clientId: 5 }, /clientId is no text/],
  ];
  for (const [given, message] of refused) {
    const options = { bootstrap: "a:1", ...given };
    assert.throws(() => resolveOptions(options as ClientOptions), {
      code: "INVALID_OPTION",
      message,
    });
  }
  const taken = [
    { tls: {} },
    { tls: true },
    { sasl: user },
    { sasl: { mechanism: "oauthbearer", oidc } },
    { clientDnsLookup: "use_all_dns_ips" },
    { logLevel: "off" },
  ];
  for (const given of taken) resolveOptions({ bootstrap: "a:1", ...given } as ClientOptions);
});
