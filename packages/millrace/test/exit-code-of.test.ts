import assert from "node:assert/strict";
import { test } from "node:test";
import { KafkaError } from "@millrace/client";
import { exitCodeOf } from "../src/exit-code-of.ts";

test("what is absent ends with 3, what did not answer with 4, the rest with 1", () => {
  assert.equal(exitCodeOf(new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", "no")), 3);
  assert.equal(exitCodeOf(new KafkaError("GROUP_ID_NOT_FOUND", "no")), 3);
  assert.equal(exitCodeOf(new KafkaError("BOOTSTRAP_UNREACHABLE", "no")), 4);
  assert.equal(exitCodeOf(new KafkaError("REQUEST_TIMED_OUT", "no")), 4);
  assert.equal(exitCodeOf(new KafkaError("TOPIC_ALREADY_EXISTS", "no")), 1);
  assert.equal(exitCodeOf(new Error("no")), 1);
});
