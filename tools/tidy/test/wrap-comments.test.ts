import assert from "node:assert/strict";
import { test } from "node:test";
import { wrapComments } from "../src/wrap-comments.ts";

const words = (count: number): string => Array.from({ length: count }, () => "word").join(" ");

test("a wide line of a comment is broken between words, with its prefix", () => {
  const wrapped = wrapComments(`  // ${words(30)}`).split("\n");
  assert.equal(wrapped.length, 2);
  assert.ok(wrapped.every((line) => line.startsWith("  // word") && line.length <= 100));
  assert.equal(wrapped.map((line) => line.slice(5)).join(" "), words(30));
});

test("a doc comment of one line becomes one of several", () => {
  const wrapped = wrapComments(`  /** ${words(30)} */`).split("\n");
  assert.equal(wrapped[0], "  /**");
  assert.match(wrapped[1] ?? "", /^ {3}\* word/);
  assert.equal(wrapped.at(-1), "   */");
});

test("what follows a list's mark is set in", () => {
  const [, second] = wrapComments(` * - ${words(30)}`).split("\n");
  assert.match(second ?? "", /^ \* {3}word/);
});

test("code, addresses, tags and short lines stay", () => {
  const kept = [
    `const a = "${words(30)}";`,
    `// https://kafka.apache.org/${"x".repeat(100)}`,
    ` * @param ${words(30)}`,
    "// short",
  ];
  for (const line of kept) assert.equal(wrapComments(line), line);
});
