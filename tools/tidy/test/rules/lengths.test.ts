import assert from "node:assert/strict";
import { test } from "node:test";
import { lengths } from "../../src/rules/lengths.ts";
import { findingsOf } from "../findings-of.ts";

const statements = (count: number): string => "  f();\n".repeat(count);
const functionOf = (lines: number): string => `function g() {\n${statements(lines - 2)}}\n`;

test("a function of 70 lines passes and one of 71 does not", () => {
  assert.deepEqual(findingsOf(lengths, { "packages/a/src/b.ts": functionOf(70) }), []);
  const [finding] = findingsOf(lengths, { "packages/a/src/b.ts": `\n${functionOf(71)}` });
  assert.match(finding ?? "", /b\.ts:2 function g has 71 lines, over 70/);
});

test("methods and arrow functions are measured too", () => {
  const method = `class A { m() {\n${statements(70)}} }`;
  const arrow = `const h = () => {\n${statements(70)}};`;
  assert.match(findingsOf(lengths, { "a.ts": method })[0] ?? "", /function m has 72/);
  assert.match(findingsOf(lengths, { "a.ts": arrow })[0] ?? "", /function h has 72/);
});

test("a file of more than 600 lines is too long", () => {
  assert.match(findingsOf(lengths, { "a.ts": statements(601) })[0] ?? "", /601 lines, over 600/);
});

test("an exception holds today's number, and may only shrink", () => {
  const texts = { "a.ts": functionOf(90) };
  const at = (lines: number) => ({ lengths: { "a.ts#g": { lines, reason: "a table" } } });
  assert.deepEqual(findingsOf(lengths, texts, at(90)), []);
  assert.match(findingsOf(lengths, texts, at(89))[0] ?? "", /90 lines, over 89/);
  assert.match(findingsOf(lengths, texts, at(91))[0] ?? "", /shrunk to 90 lines/);
  const gone = { lengths: { "b.ts": { lines: 700, reason: "big" } } };
  assert.match(findingsOf(lengths, { "a.ts": "" }, gone)[0] ?? "", /b\.ts is gone/);
  const short = { "a.ts": functionOf(20) };
  assert.match(findingsOf(lengths, short, at(90))[0] ?? "", /within the limit/);
});

test("a wide comment or expression is a finding; an address or a quoted sentence is not", () => {
  const wide = (text: string) => findingsOf(lengths, { "a.ts": text }).length;
  assert.equal(wide(`// ${"word ".repeat(25)}`), 1);
  assert.equal(wide(`const a = ${"b + ".repeat(30)}c;`), 1);
  assert.equal(wide(`// https://kafka.apache.org/${"x".repeat(100)}`), 0);
  assert.equal(wide(`fail("${"word ".repeat(25)}");`), 0);
  assert.equal(wide(`fail("a follower's ${"word ".repeat(25)}");`), 0);
  assert.equal(wide(`const m = \`\${a.join(", ")} ${"word ".repeat(25)}\`;`), 0);
});

test("a test file's callbacks are not measured, its length is", () => {
  assert.deepEqual(findingsOf(lengths, { "a.test.ts": functionOf(200) }), []);
  assert.equal(findingsOf(lengths, { "a.test.ts": statements(700) }).length, 1);
});
