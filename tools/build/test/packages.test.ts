import assert from "node:assert/strict";
import { dirname } from "node:path";
import { test } from "node:test";
import { inOrder, publishedPackages } from "../src/packages.ts";

const one = (name: string, ...uses: readonly string[]) => ({ name, folder: name, uses });

test("each package comes after those that it uses", () => {
  const names = inOrder([one("c", "b"), one("b", "a"), one("a")]).map(({ name }) => name);
  assert.deepEqual(names, ["a", "b", "c"]);
});

test("a circle is refused instead of going round for ever", () => {
  assert.throws(() => inOrder([one("a", "b"), one("b", "a")]), /in a circle/);
});

test("the command comes after everything that it is made of", () => {
  const root = dirname(dirname(dirname(import.meta.dirname)));
  const names = publishedPackages(root).map(({ name }) => name);
  const command = names.indexOf("millrace");
  for (const part of ["@millrace/broker", "@millrace/client"]) {
    assert.ok(names.indexOf(part) < command, part);
  }
});
