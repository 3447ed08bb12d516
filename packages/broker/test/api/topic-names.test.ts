import assert from "node:assert/strict";
import { test } from "node:test";

import { isInternalTopic, isValidTopicName } from "../../src/api/topic-names.ts";

test("a topic's name is a directory's name and nothing else", () => {
  for (const name of ["orders", "a.b_c-D9", "x".repeat(249), "..."]) {
    assert.equal(isValidTopicName(name), true, name);
  }
  for (const name of ["", ".", "..", "a/b", "a b", "ä", "a\0", "../etc", "x".repeat(250)]) {
    assert.equal(isValidTopicName(name), false, name);
  }
});

test("the coordinators' topics are internal", () => {
  assert.equal(isInternalTopic("__consumer_offsets"), true);
  assert.equal(isInternalTopic("__orders"), false);
});
