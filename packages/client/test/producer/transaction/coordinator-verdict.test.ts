import assert from "node:assert/strict";
import { test } from "node:test";

import {
  graver,
  judgeCoordinatorError,
} from "../../../src/producer/transaction/coordinator-verdict.ts";

test("errors of coordinators are judged as Java's transaction manager judges them", () => {
  const expected = {
    NONE: "fine",
    NOT_COORDINATOR: "find",
    COORDINATOR_NOT_AVAILABLE: "find",
    COORDINATOR_LOAD_IN_PROGRESS: "again",
    CONCURRENT_TRANSACTIONS: "again",
    UNKNOWN_TOPIC_OR_PARTITION: "again",
    TRANSACTION_ABORTABLE: "abort",
    UNKNOWN_PRODUCER_ID: "abort",
    ILLEGAL_GENERATION: "abort",
    GROUP_AUTHORIZATION_FAILED: "abort",
    PRODUCER_FENCED: "fatal",
    INVALID_TXN_STATE: "fatal",
    UNKNOWN_SERVER_ERROR: "fatal",
  } as const;
  for (const name of Object.keys(expected) as (keyof typeof expected)[]) {
    assert.equal(judgeCoordinatorError(name), expected[name], name);
  }
});

test("the gravest of several errors counts", () => {
  assert.equal(graver("again", "fatal"), "fatal");
  assert.equal(graver("abort", "find"), "abort");
});
