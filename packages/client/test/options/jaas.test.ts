import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJaas } from "../../src/options/jaas.ts";

test("module and options are read, quoted or not", () => {
  const { module, options } = parseJaas('a.b.PlainLoginModule required username="x;\\"y" n=1;');
  assert.equal(module, "PlainLoginModule");
  assert.deepEqual(
    [...options],
    [
      ["username", 'x;"y'],
      ["n", "1"],
    ],
  );
});

test("what is malformed is refused without being repeated", () => {
  for (const text of ["", "PlainLoginModule", 'M required password="secret']) {
    assert.throws(
      () => parseJaas(text),
      (error: Error) => !error.message.includes("secret"),
    );
  }
});
