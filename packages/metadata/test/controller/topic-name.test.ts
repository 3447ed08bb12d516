import assert from "node:assert/strict";
import { test } from "node:test";

import { collidingTopic, topicNameFault } from "../../src/controller/topic-name.ts";

test("letters, digits, dot, underscore and hyphen make a name of up to 249 characters", () => {
  for (const name of ["a", "A.b_c-9", "...", "x".repeat(249)]) {
    assert.equal(topicNameFault(name), undefined, name);
  }
});

test("names that are empty, too long, a directory of their own or hold other characters are refused", () => {
  for (const name of ["", ".", "..", "x".repeat(250), "a b", "a/b", "ä", "a\0b", "a\n"]) {
    assert.notEqual(topicNameFault(name), undefined, JSON.stringify(name));
  }
});

test("names that differ in dot and underscore only collide", () => {
  assert.equal(collidingTopic("a.b_c", ["x", "a_b.c"]), "a_b.c");
  assert.equal(collidingTopic("a.b", ["a.b"]), undefined);
  assert.equal(collidingTopic("a-b", ["a.b", "a_b"]), undefined);
});
