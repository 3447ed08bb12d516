import assert from "node:assert/strict";
import { test } from "node:test";

import { CollidingNames, topicNameFault } from "../../src/controller/topic-name.ts";

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
  assert.equal(new CollidingNames(["x", "a_b.c"]).collidingTopic("a.b_c"), "a_b.c");
  assert.equal(new CollidingNames(["a.b"]).collidingTopic("a.b"), undefined);
  assert.equal(new CollidingNames(["a.b", "a_b"]).collidingTopic("a-b"), undefined);
  const names = new CollidingNames([]);
  names.add("a.b");
  assert.equal(names.collidingTopic("a_b"), "a.b");
});

test("topics are looked through once, however many names are asked about", () => {
  let looks = 0;
  const existing = {
    *[Symbol.iterator]() {
      looks += 1;
      yield "a.b";
    },
  };
  const names = new CollidingNames(existing);
  assert.equal(names.collidingTopic("plain"), undefined);
  assert.equal(looks, 0);
  for (const name of ["a_b", "c_d", "e.f"]) names.collidingTopic(name);
  assert.equal(looks, 1);
});
