import assert from "node:assert/strict";
import { test } from "node:test";
import { mirrorTest } from "../../src/rules/mirror-test.ts";
import { findingsOf } from "../findings-of.ts";

const code = "export function f(): void {}";

test("a source with code needs its test at the mirrored path", () => {
  const texts = { "packages/a/src/b/c.ts": code };
  assert.match(findingsOf(mirrorTest, texts)[0] ?? "", /write packages\/a\/test\/b\/c\.test\.ts/);
  const complete = { ...texts, "packages/a/test/b/c.test.ts": "" };
  assert.deepEqual(findingsOf(mirrorTest, complete), []);
});

test("types, re-exports, tables and error classes need no test", () => {
  const texts = {
    "packages/a/src/table.ts": "export const limits = { sizeBytesMax: 100 } as const;",
    "packages/a/src/a-error.ts": "export class AError extends Error { constructor() { super(); } }",
    "packages/a/src/types.ts": "export interface A { b: number }\nexport type C = string;",
    "packages/a/src/index.ts": 'export { f } from "./f.ts";\nimport type { A } from "./a.ts";',
  };
  assert.deepEqual(findingsOf(mirrorTest, texts), []);
});

test("a reason in the exceptions stands for a test, for a file or a folder", () => {
  const texts = { "packages/a/src/b.ts": code, "packages/a/src/c/d.ts": code };
  const withoutMirrorTest = { "packages/a/src/b.ts": "golden bytes", "packages/a/src/c/": "too" };
  assert.deepEqual(findingsOf(mirrorTest, texts, { withoutMirrorTest }), []);
});

test("an exception that names nothing, or gives no reason, is a finding", () => {
  const texts = { "packages/a/src/b.ts": code };
  const withoutMirrorTest = { "packages/a/src/b.ts": " ", "packages/gone.ts": "why" };
  const findings = findingsOf(mirrorTest, texts, { withoutMirrorTest });
  assert.equal(findings.length, 2);
});
