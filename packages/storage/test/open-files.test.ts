import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { OpenFiles } from "../src/open-files.ts";

test("the files used last stay open, within the limit", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  const files = new OpenFiles(fileSystem, 3);
  const first = files.get("/a", "create");
  files.get("/b", "create");
  files.get("/c", "create");
  assert.equal(files.get("/a"), first);
  files.get("/d", "create");
  assert.equal(files.count, 3);
  assert.equal(files.get("/a"), first, "the one used last is still open");
});

test("a directory's files are closed before it is renamed", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  fileSystem.makeDirectory("/logs/orders-0");
  fileSystem.makeDirectory("/logs/orders-01");
  const files = new OpenFiles(fileSystem, 8);
  files.get("/logs/orders-0/a", "create");
  const other = files.get("/logs/orders-01/a", "create");
  files.forgetDirectory("/logs/orders-0");
  assert.equal(files.count, 1);
  assert.equal(files.get("/logs/orders-01/a"), other);
});
