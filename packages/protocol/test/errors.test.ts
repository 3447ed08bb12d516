import assert from "node:assert/strict";
import { test } from "node:test";
import {
  errorCodes,
  errorName,
  isRetriable,
  retriableErrors,
  staleMetadataErrors,
} from "@millrace/protocol";

test("codes -1 to 133 have a name each", () => {
  const codes = Object.values(errorCodes).sort((left, right) => left - right);
  assert.deepEqual(
    codes,
    Array.from({ length: 135 }, (_, index) => index - 1),
  );
  for (const [name, code] of Object.entries(errorCodes)) assert.equal(errorName(code), name);
});

test("a code without a name is an unknown server error", () => {
  assert.equal(errorName(9999), "UNKNOWN_SERVER_ERROR");
});

test("an error is retriable as Kafka's clients judge it", () => {
  assert.equal(isRetriable(errorCodes.NOT_LEADER_OR_FOLLOWER), true);
  assert.equal(isRetriable(errorCodes.NONE), false);
  assert.equal(isRetriable(errorCodes.MESSAGE_TOO_LARGE), false);
  for (const name of staleMetadataErrors) assert.ok(retriableErrors.has(name), name);
});
