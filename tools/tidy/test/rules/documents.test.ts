import assert from "node:assert/strict";
import { test } from "node:test";
import { documents } from "../../src/rules/documents.ts";
import { findingsOf } from "../findings-of.ts";

const architecture = { "ARCHITECTURE.md": "# Architecture\n" };

test("a document has exactly one title; code blocks do not count", () => {
  const texts = {
    ...architecture,
    "docs/a.md": "# A\n```sh\n# a comment\n```\n",
    "docs/b.md": "# B\n\n# C\n",
    "docs/c.md": "text\n",
  };
  const findings = findingsOf(documents, texts);
  assert.equal(findings.length, 2);
  assert.match(findings[0] ?? "", /docs\/b\.md:3 2 titles/);
  assert.match(findings[1] ?? "", /docs\/c\.md:1 0 titles/);
});

test("a package's README says what to read first and what always holds", () => {
  const texts = {
    ...architecture,
    "packages/a/package.json": "{}",
    "packages/a/README.md": "# a\n\n## Read first\n\n## Invariants\n",
    "packages/b/package.json": "{}",
    "packages/b/README.md": "# b\n\n## Read first\n",
    "packages/c/package.json": "{}",
  };
  const findings = findingsOf(documents, texts);
  assert.equal(findings.length, 2);
  assert.match(findings[0] ?? "", /packages\/b\/README\.md:1 it lacks .*Invariants/);
  assert.match(findings[1] ?? "", /packages\/c\/README\.md:1 write it/);
});

test("what ARCHITECTURE.md names exists; patterns are not names", () => {
  const text = "# A\n`packages/a/src/b.ts` `packages/gone.ts` `packages/a/` `packages/*/src`\n";
  const findings = findingsOf(documents, { "ARCHITECTURE.md": text, "packages/a/src/b.ts": "" });
  assert.deepEqual(findings, ["ARCHITECTURE.md:2 packages/gone.ts does not exist"]);
});

test("decisions are numbered once and listed", () => {
  const texts = {
    ...architecture,
    "docs/decisions/README.md": "# Decisions\n001-one.md 002-two.md\n",
    "docs/decisions/001-one.md": "# One\n",
    "docs/decisions/002-two.md": "# Two\n",
    "docs/decisions/002-zwei.md": "# Two again\n",
    "docs/decisions/003-three.md": "# Three\n",
    "docs/decisions/nameless.md": "# ?\n",
  };
  const findings = findingsOf(documents, texts).join("\n");
  assert.match(findings, /002-zwei\.md:1 docs\/decisions\/002-two\.md has the same number/);
  assert.match(findings, /003-three\.md:1 .*does not list it/);
  assert.match(findings, /nameless\.md:1 a decision's name/);
});

test("a link inside the repository leads to a file or folder", () => {
  const links = "[a](b.md#part) [c](../ARCHITECTURE.md) [d](gone.md) [e](https://kafka.apache.org)";
  const texts = { ...architecture, "docs/a.md": `# A\n${links}\n`, "docs/b.md": "# B\n" };
  assert.deepEqual(findingsOf(documents, texts), ["docs/a.md:2 gone.md does not exist"]);
});
