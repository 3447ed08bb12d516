import assert from "node:assert/strict";
import { test } from "node:test";
import {
  atLeast,
  between,
  isList,
  listOf,
  matching,
  notEmpty,
  oneOf,
  oneOfIgnoringCase,
  orExactly,
  throttledReplicas,
} from "../../src/config/validator.ts";

test("a smallest number is allowed itself, for int and long", () => {
  const validator = atLeast(4);
  assert.deepEqual([4, 3, 4n, 3n].map(validator.accepts), [true, false, true, false]);
  assert.equal(validator.accepts("4"), false);
  assert.equal(validator.expected, "a number of at least 4");
});

test("a range includes both its ends", () => {
  const validator = between(-1, 2);
  assert.deepEqual([-2, -1, 2, 3].map(validator.accepts), [false, true, true, false]);
  assert.deepEqual([-2n, -1n, 2n, 3n].map(validator.accepts), [false, true, true, false]);
  assert.equal(validator.expected, "a number from -1 to 2");
});

test("a special number is allowed beside a range", () => {
  const validator = orExactly(-1, between(1, 9));
  assert.deepEqual([-1, 0, 1, 9, 10].map(validator.accepts), [true, false, true, true, false]);
  assert.equal(validator.expected, "-1 or a number from 1 to 9");
});

test("a word has to be one of the named ones, in their case", () => {
  const validator = oneOf("gzip", "zstd");
  assert.deepEqual(["gzip", "GZIP", "lz4", ""].map(validator.accepts), [true, false, false, false]);
  assert.equal(validator.expected, "one of gzip, zstd");
});

test("a word of any case has to be one of the named ones", () => {
  const validator = oneOfIgnoringCase("UPGRADE", "downgrade");
  assert.deepEqual(["upgrade", "DOWNGRADE", "up"].map(validator.accepts), [true, true, false]);
});

test("a list has no empty elements and only named words", () => {
  const policies = listOf({ words: ["compact", "delete"] });
  assert.equal(policies.accepts([]), true);
  assert.equal(policies.accepts(["compact", "delete"]), true);
  assert.equal(policies.accepts(["compact", "shrink"]), false);
  assert.equal(policies.accepts("compact"), false);
  assert.equal(listOf().accepts(["a", ""]), false);
  assert.equal(policies.expected, "a list of compact, delete");
});

test("a list may be required to have an element", () => {
  const directories = listOf({ allowEmpty: false });
  assert.equal(directories.accepts([]), false);
  assert.equal(directories.accepts(["/data"]), true);
  assert.equal(directories.expected, "a list of at least one, no element empty");
});

test("text may be required to have a character or a form", () => {
  assert.deepEqual(["", "x"].map(notEmpty.accepts), [false, true]);
  const duration = matching(/^PT\d+H$/, "hours");
  assert.deepEqual(["PT1H", "1H"].map(duration.accepts), [true, false]);
});

test("throttled replicas are pairs, or a star alone", () => {
  const accepted = [["*"], ["0:1", "1:2"], []];
  const refused = [["*", "0:1"], ["0"], ["none"]];
  assert.deepEqual(accepted.map(throttledReplicas.accepts), [true, true, true]);
  assert.deepEqual(refused.map(throttledReplicas.accepts), [false, false, false]);
});

test("only arrays are lists", () => {
  assert.deepEqual([isList(["a"]), isList("a"), isList(1n)], [true, false, false]);
});
