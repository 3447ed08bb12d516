import assert from "node:assert/strict";
import { test } from "node:test";
import { noExceptions, readExceptions } from "../src/exceptions.ts";
import { repositoryOfTexts } from "../src/repository.ts";

test("a repository without the file has no exception", () => {
  assert.deepEqual(readExceptions(repositoryOfTexts({})), noExceptions);
});

test("a part that is absent is empty", () => {
  const text = '{ "withoutMirrorTest": { "a.ts": "why" } }';
  const exceptions = readExceptions(repositoryOfTexts({ "tidy-exceptions.json": text }));
  assert.deepEqual(exceptions, { withoutMirrorTest: { "a.ts": "why" }, lengths: {} });
});
