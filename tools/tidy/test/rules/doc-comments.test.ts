import assert from "node:assert/strict";
import { test } from "node:test";
import { docComments } from "../../src/rules/doc-comments.ts";
import { findingsOf } from "../findings-of.ts";

const path = "packages/a/src/b.ts";

test("an export without a doc comment is a finding", () => {
  const text = "\nexport function f(): void {}\n// not a doc comment\nexport const a = 1;";
  const findings = findingsOf(docComments, { [path]: text });
  assert.equal(findings.length, 2);
  assert.match(findings[0] ?? "", /b\.ts:2 f is exported/);
});

test("a doc comment directly above documents every kind of export", () => {
  const kinds = ["class A {}", "interface B {}", "type C = 1;", "const d = 1;", "function e() {}"];
  const text = kinds.map((kind) => `/** What it gives. */\nexport ${kind}`).join("\n\n");
  assert.deepEqual(findingsOf(docComments, { [path]: text }), []);
});

test("overloads share one comment, and tests are not asked", () => {
  const text =
    "/** F. */\nexport function f(a: string): void;\nexport function f(a: number): void;";
  assert.deepEqual(findingsOf(docComments, { [path]: text }), []);
  assert.deepEqual(findingsOf(docComments, { "packages/a/test/x.ts": "export const a = 1;" }), []);
});
