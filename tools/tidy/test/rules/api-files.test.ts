import assert from "node:assert/strict";
import { test } from "node:test";
import { apiFiles } from "../../src/rules/api-files.ts";
import { findingsOf } from "../findings-of.ts";

const path = "packages/broker/src/api/21-delete-records.ts";
const contract = "/**\n * DeleteRecords (key 21), versions 0-2: moves the log start offset.\n */";
const handler = 'export const deleteRecords = { versions: "0-2", handle };';

test("a file whose contract agrees with name, versions and table passes", () => {
  const texts = {
    [path]: `import { x } from "./y.ts";\n\n${contract}\n${handler}`,
    "packages/broker/src/api/table.ts": 'import { d } from "./21-delete-records.ts";',
  };
  assert.deepEqual(findingsOf(apiFiles, texts), []);
});

test("a file without its contract is a finding", () => {
  assert.match(findingsOf(apiFiles, { [path]: handler })[0] ?? "", /begin its doc comment/);
});

test("another key, other versions and a missing line in the table are findings", () => {
  const texts = {
    [path]: `${contract.replace("21", "22")}\n${handler.replace("0-2", "0-1")}`,
    "packages/broker/src/api/table.ts": "",
  };
  const findings = findingsOf(apiFiles, texts).join("\n");
  assert.match(findings, /says key 22/);
  assert.match(findings, /versions 0-2, the handler 0-1/);
  assert.match(findings, /does not list it/);
});

test("a contract may be one line", () => {
  const line = "/** DeleteRecords (key 21), versions 0-2: moves the log start offset. */";
  assert.deepEqual(findingsOf(apiFiles, { [path]: `${line}\n${handler}` }), []);
});

test("a single version is a range of one", () => {
  const text = `${contract.replace("versions 0-2", "version 3")}\n${handler.replace("0-2", "3")}`;
  assert.deepEqual(findingsOf(apiFiles, { [path]: text }), []);
});
