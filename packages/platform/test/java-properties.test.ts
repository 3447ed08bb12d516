import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseProperties } from "../src/java-properties.ts";

function pairs(text: string): readonly (readonly [string, string])[] {
  return parseProperties(text).lines.map(({ key, value }) => [key, value]);
}

test("keys end at =, : or white space", () => {
  assert.deepEqual(pairs("a=1\nb:2\nc 3\nd = 4\ne\t:\t5\nf"), [
    ["a", "1"],
    ["b", "2"],
    ["c", "3"],
    ["d", "4"],
    ["e", "5"],
    ["f", ""],
  ]);
});

test("only the first separator counts", () => {
  assert.deepEqual(pairs("listeners=PLAINTEXT://:9092,A://b:1\na==b\nc :=d"), [
    ["listeners", "PLAINTEXT://:9092,A://b:1"],
    ["a", "=b"],
    ["c", "=d"],
  ]);
});

test("comments and blank lines are left out, and lines are counted with them", () => {
  const { lines } = parseProperties("# one\n\n  ! three\r\n  a=1\rb=2");
  assert.deepEqual(lines, [
    { key: "a", value: "1", lineNumber: 4 },
    { key: "b", value: "2", lineNumber: 5 },
  ]);
});

test("a backslash at the end joins lines, an escaped one does not", () => {
  assert.deepEqual(parseProperties("a=1,\\\n   2,\\\n 3\nb=c\\\\\nd=#no comment").lines, [
    { key: "a", value: "1,2,3", lineNumber: 1 },
    { key: "b", value: "c\\", lineNumber: 4 },
    { key: "d", value: "#no comment", lineNumber: 5 },
  ]);
});

test("a comment does not go on in the next line, and a continued line may look like one", () => {
  assert.deepEqual(pairs("# comment\\\na=1\nb=x\\\n#y"), [
    ["a", "1"],
    ["b", "x#y"],
  ]);
});

test("a backslash alone continues nothing", () => {
  assert.deepEqual(pairs("\\\n\n\\\n!comment\n\\\n a=1"), [["a", "1"]]);
});

test("a file may end after a backslash", () => {
  assert.deepEqual(pairs("a=1\\"), [["a", "1"]]);
});

test("escapes stand for what Java takes them for", () => {
  assert.deepEqual(pairs("a\\ b\\=c=\\t\\n\\r\\f\\\\\\x\\u00e4\\:"), [["a b=c", "\t\n\r\f\\xä:"]]);
});

test("white space before a value is dropped and after it is kept", () => {
  assert.deepEqual(pairs("a =  1  "), [["a", "1  "]]);
});

test("a broken unicode escape is reported with its line", () => {
  const { lines, faults } = parseProperties("a=1\nb=\\u12g4\nc=\\u12");
  assert.deepEqual(lines.length, 1);
  assert.deepEqual(faults, [
    { lineNumber: 2, message: "\\u12g4 is not a character; expected \\u and four hex digits" },
    { lineNumber: 3, message: "\\u12 is not a character; expected \\u and four hex digits" },
  ]);
});

test("a byte order mark at the beginning is no part of the first key", () => {
  assert.deepEqual(pairs("\uFEFFa=1"), [["a", "1"]]);
});

test("whatever is escaped is read back", () => {
  const escape = (text: string): string => {
    return text.split("").map(escapeCharacter).join("");
  };
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), (key, value) => {
      assert.deepEqual(pairs(`${escape(key)}=${escape(value)}`), [[key, value]]);
    }),
    { seed: 11 },
  );
});

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
