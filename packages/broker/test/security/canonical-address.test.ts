import assert from "node:assert/strict";
import { test } from "node:test";

import { canonicalAddress } from "../../src/security/canonical-address.ts";

test("an address has one form, which is Java's", () => {
  const forms: Readonly<Record<string, string>> = {
    "::1": "0:0:0:0:0:0:0:1",
    "0:0:0:0:0:0:0:1": "0:0:0:0:0:0:0:1",
    "2001:DB8::00a1": "2001:db8:0:0:0:0:0:a1",
    "2001:db8::": "2001:db8:0:0:0:0:0:0",
    "::ffff:10.0.0.1": "10.0.0.1",
    "::FFFF:0a00:1": "10.0.0.1",
    "64:ff9b::10.0.0.1": "64:ff9b:0:0:0:0:a00:1",
    "fe80::1%eth0": "fe80:0:0:0:0:0:0:1%eth0",
    "10.0.0.1": "10.0.0.1",
  };
  for (const [text, form] of Object.entries(forms)) assert.equal(canonicalAddress(text), form);
});

test("what is no address stays as it is", () => {
  for (const text of ["*", "", "host", ":", ":::", "1::2::3", "1:2:3", "::g", "::300.1.1.1"]) {
    assert.equal(canonicalAddress(text), text);
  }
});
