import assert from "node:assert/strict";
import { test } from "node:test";

import { storedKeyStep } from "../../src/security/password-steps.ts";

// RFC 7677, section 3.
test("the stored key is what SCRAM keeps of a password", () => {
  const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
  const given = { mechanism: "SCRAM-SHA-256", password: "pencil", salt, iterations: 4096 };
  const storedKey = Buffer.from(storedKeyStep(given)).toString("base64");
  assert.equal(storedKey, "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=");
});

test("what is no mechanism has no key that anything could equal", () => {
  const given = { mechanism: "MD5", password: "a", salt: Buffer.from("b"), iterations: 1 };
  assert.equal(storedKeyStep(given).length, 0);
});
