import assert from "node:assert/strict";
import { test } from "node:test";
import tls from "node:tls";

import { opensslCipher } from "../../src/security/cipher-suites.ts";

test("Java's names become OpenSSL's, which know them", () => {
  const names = [
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
    "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
  ];
  const known = new Set(tls.getCiphers());
  for (const name of names) {
    const cipher = opensslCipher(name);
    assert.ok(cipher !== undefined && known.has(cipher.toLowerCase()), `${name}: ${cipher}`);
  }
});

test("OpenSSL's own names are taken, others are not", () => {
  assert.equal(opensslCipher("ECDHE-RSA-AES128-GCM-SHA256"), "ECDHE-RSA-AES128-GCM-SHA256");
  for (const name of ["TLS_RSA_WITH_RC4_128_MD5", "SSL_RSA_WITH_NULL_SHA", "ALL", "!x", ""]) {
    assert.equal(opensslCipher(name), undefined, name);
  }
});
