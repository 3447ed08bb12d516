import assert from "node:assert/strict";
import { test } from "node:test";
import { topicKeys } from "../../../src/config/keys/topic.ts";
import {
  invalidConfig,
  invalidRequest,
  problemWithValue,
  unknownName,
} from "../../../src/config/validate/rejection.ts";

test("a rejection carries Kafka's error", () => {
  assert.deepEqual(invalidConfig("a"), { error: "INVALID_CONFIG", errorMessage: "a" });
  assert.deepEqual(invalidRequest("a"), { error: "INVALID_REQUEST", errorMessage: "a" });
});

test("a value is checked for its type, its range and its promise", () => {
  const problemOf = (name: keyof typeof topicKeys, text: string) => {
    return problemWithValue(name, topicKeys[name], text);
  };
  assert.match(problemOf("retention.ms", "soon") ?? "", /^retention\.ms=soon is not valid: exp/);
  assert.match(problemOf("segment.bytes", "1") ?? "", /expected a number of at least 1048576$/);
  assert.match(problemOf("remote.storage.enable", "true") ?? "", /is refused: tiered storage/);
  assert.equal(problemOf("remote.storage.enable", "false"), undefined);
});

test("an unknown name comes with the one that was meant, if there is one", () => {
  const known = ["retention.ms", "segment.bytes"];
  assert.match(unknownName("retention.m", "a topic", known), /did you mean retention\.ms\?$/);
  assert.match(unknownName("colour", "a topic", known), /of a topic; docs\/configuration\.md/);
});
