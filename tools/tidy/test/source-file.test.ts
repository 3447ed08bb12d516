import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSource } from "../src/source-file.ts";

test("imports of every form are found with their lines and names", () => {
  const text = [
    'import { a, type B } from "one";',
    'import type { C } from "two";',
    'export { d } from "three";',
    'const e = await import("four");',
    'export * from "five";',
  ].join("\n");
  const { imports } = parseSource("x.ts", text);
  assert.deepEqual(
    imports.map(({ specifier, line }) => `${line} ${specifier}`),
    ["1 one", "2 two", "3 three", "4 four", "5 five"],
  );
  assert.deepEqual(imports[0]?.names, ["a", "B"]);
});

test("functions carry the name of what they are given to", () => {
  const text = "const f = () => {\n};\nclass A { m() {} }\nfunction g() {}\ncall(() => {});";
  const { functions } = parseSource("x.ts", text);
  assert.deepEqual(
    functions.map(({ name, line, lines }) => `${name} ${line} ${lines}`),
    ["f 1 2", "m 3 1", "g 4 1", "anonymous 5 1"],
  );
});
