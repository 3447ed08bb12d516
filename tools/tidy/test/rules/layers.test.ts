import assert from "node:assert/strict";
import { test } from "node:test";
import { layers } from "../../src/rules/layers.ts";
import { findingsOf, manifest } from "../findings-of.ts";

const storage = manifest("@millrace/storage", ["@millrace/protocol", "@millrace/broker"]);

function ofStorage(text: string): readonly string[] {
  return findingsOf(layers, {
    "packages/storage/package.json": storage,
    "packages/storage/src/log.ts": text,
  });
}

test("an import down the layers passes", () => {
  assert.deepEqual(ofStorage('import { crc32c } from "@millrace/protocol";'), []);
});

test("an import up the layers is refused, as a type import too", () => {
  const [finding] = ofStorage('\nimport type { Broker } from "@millrace/broker";');
  assert.match(finding ?? "", /log\.ts:2 storage may not import @millrace\/broker/);
});

test("a dynamic import and a re-export count as imports", () => {
  const text = 'export * from "@millrace/broker";\nawait import("@millrace/broker");';
  assert.equal(ofStorage(text).length, 2);
});

test("an undeclared package is refused", () => {
  const [finding] = ofStorage('import x from "left-pad";');
  assert.match(finding ?? "", /left-pad is not declared in packages\/storage\/package\.json/);
});

test("a relative path into another package is refused", () => {
  const [finding] = ofStorage('import { x } from "../../protocol/src/x.ts";');
  assert.match(finding ?? "", /leaves packages\/storage/);
});

test("a relative path inside the package passes", () => {
  assert.deepEqual(ofStorage('import { x } from "./index/offset-index.ts";'), []);
});

test("a part of Node that reaches the world is refused outside platform's node folder", () => {
  assert.match(ofStorage('import { readFileSync } from "node:fs";')[0] ?? "", /is the world/);
  const texts = {
    "packages/platform/package.json": manifest("@millrace/platform"),
    "packages/platform/src/node/files.ts": 'import { readFileSync } from "node:fs";',
  };
  assert.deepEqual(findingsOf(layers, texts), []);
});

test("of zlib and crypto only what neither waits nor takes chance passes", () => {
  assert.deepEqual(ofStorage('import { gzipSync, constants } from "node:zlib";'), []);
  assert.match(ofStorage('import { gzip } from "node:zlib";')[0] ?? "", /gzip of node:zlib/);
  assert.match(ofStorage('import { randomUUID } from "node:crypto";')[0] ?? "", /randomUUID/);
  assert.match(ofStorage('import * as zlib from "node:zlib";')[0] ?? "", /is the world/);
});

test("a package without a line in the table is asked for one", () => {
  const texts = {
    "packages/newcomer/package.json": manifest("@millrace/newcomer", ["@millrace/protocol"]),
    "packages/newcomer/src/a.ts": 'import { x } from "@millrace/protocol";',
  };
  assert.match(findingsOf(layers, texts)[0] ?? "", /newcomer has no line/);
});

test("a test may use what its package or the top folder declares for development", () => {
  const texts = {
    "package.json": JSON.stringify({ devDependencies: { "fast-check": "4" } }),
    "packages/storage/package.json": storage,
    "packages/storage/test/log.test.ts": 'import fc from "fast-check";',
    "packages/storage/src/log.ts": 'import fc from "fast-check";',
  };
  const findings = findingsOf(layers, texts);
  assert.equal(findings.length, 1);
  assert.match(findings[0] ?? "", /src\/log\.ts/);
});
