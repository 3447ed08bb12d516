import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileRegex } from "../../src/regex/index.ts";

function matches(pattern: string, text: string): boolean {
  const compiled = compileRegex(pattern);
  assert.equal(compiled.kind, "compiled", `${pattern} is refused`);
  return compiled.kind === "compiled" && compiled.regex.matches(text);
}

function reasonOf(pattern: string): string {
  const compiled = compileRegex(pattern);
  return compiled.kind === "refused" ? compiled.reason : "accepted";
}

test("a pattern matches the whole text, as Apache Kafka matches topics", () => {
  const rows: [pattern: string, text: string, expected: boolean][] = [
    ["foo", "foo", true],
    ["foo", "foobar", false],
    ["foo.*", "foobar", true],
    ["foo|bar", "bar", true],
    ["", "", true],
    ["", "a", false],
    ["^foo$", "foo", true],
    ["a{2}", "aa", true],
    ["a{2}", "aaa", false],
    ["a{2,}", "aaaa", true],
    ["a{1,3}", "aaaa", false],
    ["a{,2}", "a{,2}", true],
    ["[a-c]+", "abcba", true],
    ["[^a-c]", "d", true],
    ["[]a]", "]", true],
    ["[a\\-z]", "-", true],
    ["[[:alpha:]]+[[:^alpha:]]", "abc1", true],
    ["\\d+\\.\\d+", "12.5", true],
    ["[\\w-]+", "a-b", true],
    ["(?i)FoO", "fOo", true],
    ["(?i:F)oo", "foo", true],
    ["(?i:F)oo", "fOO", false],
    ["(?s).", "\n", true],
    [".", "\n", false],
    ["(?m)a$\n^b", "a\nb", true],
    ["\\bfoo\\b", "foo", true],
    ["foo\\Bbar", "foobar", true],
    ["\\Qa.b\\E+", "a.bbb", true],
    ["\\x41\\x{42}\\103", "ABC", true],
    ["\\p{Greek}+\\P{Greek}", "αβx", true],
    ["\\pL", "ж", true],
    ["(?P<name>a)(?:b)", "ab", true],
    [".", "🙂", true],
    ["(a*)*b", "aaab", true],
  ];
  for (const [pattern, text, expected] of rows) {
    assert.equal(matches(pattern, text), expected, `${pattern} on ${text}`);
  }
});

test("what RE2 refuses is refused, with its reason", () => {
  assert.match(reasonOf("(a)\\1"), /invalid escape/);
  assert.match(reasonOf("(?=a)"), /Perl syntax/);
  assert.match(reasonOf("(?!a)"), /Perl syntax/);
  assert.match(reasonOf("(?<=a)b"), /Perl syntax/);
  assert.match(reasonOf("(?<!a)b"), /Perl syntax/);
  assert.match(reasonOf("(?>a)"), /Perl syntax/);
  assert.match(reasonOf("a++"), /nested repetition/);
  assert.match(reasonOf("a**"), /nested repetition/);
  assert.match(reasonOf("*a"), /missing argument/);
  assert.match(reasonOf("a|*"), /missing argument/);
  assert.match(reasonOf("("), /missing closing \)/);
  assert.match(reasonOf(")"), /unexpected \)/);
  assert.match(reasonOf("[a"), /missing closing \]/);
  assert.match(reasonOf("[z-a]"), /class range/);
  assert.match(reasonOf("[[:nope:]]"), /class range/);
  assert.match(reasonOf("\\p{Nope}"), /class range/);
  assert.match(reasonOf("a\\"), /trailing backslash/);
  assert.match(reasonOf("\\8"), /invalid escape/);
  assert.match(reasonOf("\\y"), /invalid escape/);
  assert.match(reasonOf("a{1001}"), /repeat count/);
  assert.match(reasonOf("a{2,1}"), /repeat count/);
});

test("a pattern that would cost too much is refused at once", () => {
  assert.match(reasonOf("((a{100}){100}){100}"), /too large/);
  assert.match(reasonOf("(((){1000}){1000}){1000}"), /too large/);
  assert.match(reasonOf("(".repeat(1001) + ")".repeat(1001)), /too deeply/);
  assert.match(reasonOf("a".repeat(10_000)), /too long/);
});

test("patterns that make backtracking engines hang take linear time", () => {
  const text = `${"a".repeat(5000)}!`;
  for (const pattern of ["(a+)+", "(a|aa)+", "(a|a?)+", "(.*a){12}", "a?".repeat(200)]) {
    assert.equal(matches(pattern, text), false, pattern);
  }
  assert.equal(matches(`${"a?".repeat(100)}${"a".repeat(100)}`, "a".repeat(100)), true);
});

/** Patterns that JavaScript and RE2 understand alike. */
const patterns = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\d", "1", "^", "$", "\\b"),
    fc.tuple(tie("pattern"), tie("pattern")).map(([left, right]) => `${left}${right}`),
    fc.tuple(tie("pattern"), tie("pattern")).map(([left, right]) => `(?:${left}|${right})`),
    fc
      .tuple(tie("pattern"), fc.constantFrom("*", "+", "?", "{2}", "{1,2}", "*?"))
      .map(([inner, operator]) => `(?:${inner})${operator}`),
  ),
})).pattern;

test("a pattern matches what JavaScript's own engine matches", () => {
  fc.assert(
    fc.property(
      patterns,
      fc.array(fc.constantFrom("a", "b", "1", "-"), { maxLength: 6 }),
      (pattern, characters) => {
        const source = pattern;
        const text = characters.join("");
        const expected = new RegExp(`^(?:${source})$`, "u").test(text);
        assert.equal(matches(source, text), expected, `${source} on ${text}`);
      },
    ),
    { numRuns: 2000 },
  );
});

test("what it remembers of other texts changes no answer", () => {
  const pattern = fc.constantFrom(
    "a*b.*",
    "(a|b)*c?",
    "^\\bab\\B.*$",
    "(?m)^a$\\n?b*",
    ".*a.{2}",
    "[^b]+",
  );
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "\n", "\u{1F600}"), maxLength: 8 });
  fc.assert(
    fc.property(pattern, fc.array(text, { maxLength: 30 }), (given, texts) => {
      const compiled = compileRegex(given);
      assert.ok(compiled.kind === "compiled");
      for (const each of texts) {
        assert.equal(compiled.regex.matches(each), matches(given, each), JSON.stringify(each));
      }
    }),
  );
});

test("the work of many texts is that of the first ones, and what is too much is told", () => {
  const compiled = compileRegex("orders[.].*");
  assert.ok(compiled.kind === "compiled");
  for (let index = 0; index < 10_000; index += 1) compiled.regex.matches(`orders.${index}`);
  assert.ok(compiled.regex.work() < 1000, `${compiled.regex.work()} steps`);
  const dear = compileRegex(`${".{0,999}".repeat(4)}z`);
  assert.ok(dear.kind === "compiled");
  assert.equal(dear.regex.matches(`${"x".repeat(200)}z`, 200_000), false);
  const work = dear.regex.work();
  assert.ok(work > 200_000 && work < 300_000, `${work} steps`);
});
