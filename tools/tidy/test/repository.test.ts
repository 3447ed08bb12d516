import assert from "node:assert/strict";
import { dirname } from "node:path";
import { test } from "node:test";
import { repositoryAt, repositoryOfTexts } from "../src/repository.ts";

test("a folder is there when a file in it is", () => {
  const repository = repositoryOfTexts({ "a/b/c.ts": "" });
  assert.ok(repository.has("a/b"));
  assert.ok(repository.has("a/b/"));
  assert.ok(!repository.has("a/c"));
});

test("the repository's own files are seen, what git ignores is not", () => {
  const root = dirname(dirname(dirname(import.meta.dirname)));
  const repository = repositoryAt(root);
  assert.ok(repository.paths.includes("tools/tidy/src/repository.ts"));
  assert.ok(!repository.paths.some((path) => path.startsWith("node_modules/")));
  assert.match(repository.read("package.json"), /millrace/);
});
