import assert from "node:assert/strict";
import { test } from "node:test";

import { peerAddress } from "../../src/node/peer-address.ts";

test("an IPv4 address is written as such, also on a socket of both families", () => {
  assert.equal(peerAddress("::ffff:192.0.2.1"), "192.0.2.1");
  assert.equal(peerAddress("192.0.2.1"), "192.0.2.1");
  assert.equal(peerAddress("::1"), "::1");
  assert.equal(peerAddress("::ffff:1:2"), "::ffff:1:2");
  assert.equal(peerAddress(undefined), "");
});
