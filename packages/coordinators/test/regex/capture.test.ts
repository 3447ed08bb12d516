import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileRegex } from "../../src/regex/index.ts";

function capture(pattern: string, text: string): readonly (string | undefined)[] | undefined {
  const compiled = compileRegex(pattern);
  assert.equal(compiled.kind, "compiled", pattern);
  return compiled.kind === "compiled" ? compiled.regex.capture(text) : undefined;
}

test("groups are numbered by where they open, and named ones count", () => {
  assert.deepEqual(capture("((a)(?:b))(?P<last>c)?", "ab"), ["ab", "ab", "a"]);
  assert.deepEqual(capture("CN=(.*?),(.*)", "CN=a,OU=b,O=c"), ["CN=a,OU=b,O=c", "a", "OU=b,O=c"]);
  assert.deepEqual(capture("CN=(.*),(.*)", "CN=a,OU=b,O=c"), ["CN=a,OU=b,O=c", "a,OU=b", "O=c"]);
});

test("what does not match as a whole captures nothing", () => {
  assert.equal(capture("(a)", "ab"), undefined);
  assert.equal(capture("(a)|b(c)", "x"), undefined);
});

test("groups match as JavaScript's engine finds them first", () => {
  const patterns = [
    "(a*)(a|b)*(b?)",
    "(a|ab)(c|bcd)(d*)",
    "(a+?)(a*)b?",
    "(x?a)*?(a*)",
    "(?:(a)|b)+",
  ];
  const texts = fc.string({ unit: fc.constantFrom("a", "b", "c", "d", "x"), maxLength: 8 });
  fc.assert(
    fc.property(fc.constantFrom(...patterns), texts, (pattern, text) => {
      const expected = new RegExp(`^(?:${pattern})$`).exec(text);
      const found = capture(pattern, text);
      assert.equal(found === undefined, expected === null);
      if (
        expected === null ||
        found === undefined ||
        pattern.includes(")*") ||
        pattern.includes(")+")
      )
        return;
      assert.deepEqual(
        [...expected].map((each) => each ?? ""),
        [...expected.keys()].map((index) => found[index] ?? ""),
      );
    }),
    { seed: 5, numRuns: 2000 },
  );
});

test("a pattern that ruins a backtracking engine takes linear time", () => {
  assert.equal(capture("(a*)*(a*)*(a*)*b", "a".repeat(2000)), undefined);
});
