import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { renderConfigurationPage } from "../../src/config/configuration-page.ts";

const page = renderConfigurationPage();

test("docs/configuration.md is what the tables say (npm run docs:config writes it)", () => {
  const path = new URL("../../../../docs/configuration.md", import.meta.url);
  assert.equal(readFileSync(path, "utf8"), page);
});

test("a row says what becomes of a configuration", () => {
  const rowOf = (name: string): string => {
    const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\` |`));
    return row ?? "";
  };
  const cells = rowOf("num.partitions").split(" | ");
  assert.deepEqual(cells.slice(0, 5), [
    "| `num.partitions`",
    "int: a number of at least 1",
    "`1`",
    "at start",
    "acts",
  ]);
  assert.match(rowOf("num.io.threads"), /\| cluster-wide \| no effect: one event loop/);
  assert.match(rowOf("authorizer.class.name"), /\| refused unless .*StandardAuthorizer/);
  assert.match(rowOf("client.quota.callback.class"), /\| refused: Java quota callbacks/);
  assert.match(rowOf("retention.ms"), /\| `log\.retention\.ms` \| acts \|/);
});

test("every row of a table has as many cells as its head", () => {
  let cells = 0;
  for (const line of page.split("\n").filter((each) => each.startsWith("| "))) {
    const count = line.replaceAll("\\|", "").split("|").length;
    if (line.startsWith("| name") || line.startsWith("| what Millrace does")) cells = count;
    assert.equal(count, cells, line);
  }
});
