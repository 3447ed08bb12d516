import assert from "node:assert/strict";
import { test } from "node:test";
import { runWords } from "../support/run-words.ts";

test("it prints the package's version and ends well", async () => {
  const { code, printed } = await runWords(["version"]);
  assert.equal(code, 0);
  assert.match(printed, /^\d+\.\d+\.\d+\n$/);
});
