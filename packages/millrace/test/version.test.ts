import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { version } from "../src/version.ts";

test("the version is that of package.json", () => {
  const path = join(import.meta.dirname, "../package.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as { version: string };
  assert.equal(version, manifest.version);
});
