import assert from "node:assert/strict";
import { test } from "node:test";

import { parseScramUsers, scramRecordOf } from "../../src/security/scram-users.ts";

function usersOf(text: string) {
  const outcome = parseScramUsers(text);
  assert.ok(outcome.ok, outcome.ok ? "" : outcome.reason);
  return outcome.users.map(({ name, mechanism, password, iterations }) => {
    return `${name} ${mechanism.name} ${password} ${iterations}`;
  });
}

test("users are read as kafka-storage takes them", () => {
  assert.deepEqual(
    usersOf(
      'SCRAM-SHA-256=[name=a,password=b], SCRAM-SHA-512=[iterations=8192,name="c",password="d e"]',
    ),
    ["a SCRAM-SHA-256 b 4096", "c SCRAM-SHA-512 d e 8192"],
  );
  assert.deepEqual(usersOf(" "), []);
});

test("what is no user is refused without saying what it was", () => {
  for (const text of [
    "alice",
    "SCRAM-SHA-1=[name=a,password=secret]",
    "SCRAM-SHA-256=[name=a]",
    "SCRAM-SHA-256=[password=secret]",
    "SCRAM-SHA-256=[name=a,password=secret,iterations=100]",
    "SCRAM-SHA-256=[name=a,secret]",
  ]) {
    const outcome = parseScramUsers(text);
    assert.ok(!outcome.ok && !outcome.reason.includes("secret"), text);
  }
});

test("what is kept cannot log in", () => {
  const [user] = [parseScramUsers("SCRAM-SHA-256=[name=a,password=b]")].flatMap((outcome) =>
    outcome.ok ? outcome.users : [],
  );
  assert.ok(user !== undefined);
  const record = scramRecordOf(user, Buffer.from("salt"));
  assert.deepEqual([record.name, record.mechanism, record.storedKey.length], ["a", 1, 32]);
  assert.ok(!("password" in record));
});
