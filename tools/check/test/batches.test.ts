import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inBatches } from "../src/batches.ts";

const root = mkdtempSync(join(tmpdir(), "millrace-batches-test-"));

function fileOf(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

const plain = 'import { test } from "node:test";\ntest("a", () => {});\n';
const files = ["a.test.ts", "b.test.ts", "c.test.ts"].map((name) => fileOf(name, plain));

test("files are imported by fewer ones, in their order, and named by the first and the last", () => {
  const { files: batches, labels } = inBatches(files, 2, root);
  assert.equal(batches.length, 2);
  const [first = "", second = ""] = batches;
  assert.match(readFileSync(first, "utf8"), /^import ".*a\.test\.ts";\nimport ".*b\.test\.ts";\n$/);
  assert.equal(labels.get(first), "a.test.ts … b.test.ts");
  assert.equal(labels.get(second), "c.test.ts");
});

test("a file with hooks of its own stays alone", () => {
  const hooked = fileOf("d.test.ts", `${plain}afterEach(() => {});\n`);
  const { files: batches } = inBatches([...files, hooked], 10, root);
  assert.deepEqual(batches.slice(1), [hooked]);
});

test("a batch of one is the file itself", () => {
  assert.deepEqual(inBatches(files, 1, root).files, files);
});
