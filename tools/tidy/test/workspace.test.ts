import assert from "node:assert/strict";
import { test } from "node:test";
import { repositoryOfTexts } from "../src/repository.ts";
import { folderOf, rootDevDependencies, workspacesOf } from "../src/workspace.ts";

test("a workspace's declared packages are read from its package.json", () => {
  const text = JSON.stringify({
    name: "@millrace/a",
    dependencies: { b: "1" },
    optionalDependencies: { c: "1" },
    devDependencies: { d: "1" },
  });
  const workspace = workspacesOf(repositoryOfTexts({ "packages/a/package.json": text })).get(
    "packages/a",
  );
  assert.equal(workspace?.name, "@millrace/a");
  assert.deepEqual([...(workspace?.dependencies ?? [])], ["b", "c"]);
  assert.deepEqual([...(workspace?.devDependencies ?? [])], ["d"]);
});

test("the top folder offers its tools to every test", () => {
  const text = '{ "devDependencies": { "fast-check": "4" } }';
  const repository = repositoryOfTexts({ "package.json": text });
  assert.ok(rootDevDependencies(repository).has("fast-check"));
});

test("a path belongs to the workspace above it", () => {
  assert.equal(folderOf("packages/broker/src/api/00-produce.ts"), "packages/broker");
  assert.equal(folderOf("scripts/run.js"), undefined);
});
