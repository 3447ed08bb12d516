import assert from "node:assert/strict";
import { test } from "node:test";
import { errorCodes } from "../../src/rules/error-codes.ts";
import { findingsOf } from "../findings-of.ts";

const source = { "packages/a/src/b.ts": 'class E {\n  readonly code = "DISK_GONE";\n}' };

test("a code without a row is a finding at its class", () => {
  assert.match(findingsOf(errorCodes, source)[0] ?? "", /b\.ts:2 DISK_GONE has no row/);
});

test("a code with its row passes, and a row without its class is a finding", () => {
  const page = "| code | meaning |\n|---|---|\n| `DISK_GONE` | … |\n| `OLD_ONE` | … |\n";
  const findings = findingsOf(errorCodes, { ...source, "docs/errors.md": page });
  assert.deepEqual(findings, ["docs/errors.md:4 no class has the code OLD_ONE: remove the row"]);
});
