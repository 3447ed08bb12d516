import assert from "node:assert/strict";
import { test } from "node:test";
import { repositoryOfTexts } from "../src/repository.ts";
import { tidy } from "../src/tidy.ts";

test("a check that sees no source fails", () => {
  const { findings, sourceCount } = tidy(repositoryOfTexts({ "ARCHITECTURE.md": "# A\n" }));
  assert.equal(sourceCount, 0);
  assert.deepEqual(
    findings.map((finding) => finding.rule),
    ["sight"],
  );
});

test("findings carry the name of their rule", () => {
  const texts = { "ARCHITECTURE.md": "# A\n", "a.ts": "// FIXME" };
  assert.deepEqual(
    tidy(repositoryOfTexts(texts)).findings.map((finding) => finding.rule),
    ["markers"],
  );
});
