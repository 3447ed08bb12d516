import assert from "node:assert/strict";
import { test } from "node:test";
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
