import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiTable } from "../../src/api/api-table.ts";
import { brokerHandlers } from "../../src/api/table.ts";

test("versions are those of Apache Kafka 4.3.1: what a schema has, but for unstable ones", () => {
  const table = new ApiTable(brokerHandlers);
  for (const { api, firstVersion, lastVersion } of table.handlers()) {
    const [first, last] = api.versions.split("-");
    const lastOfKafka = Number(last ?? first) - (api.latestVersionUnstable === true ? 1 : 0);
    assert.deepEqual([api.name, firstVersion, lastVersion], [api.name, Number(first), lastOfKafka]);
  }
});

test("a key is handled once, and every handler is shown", () => {
  const keys = brokerHandlers.map(({ api }) => api.key);
  assert.equal(new Set(keys).size, keys.length);
  const table = new ApiTable(brokerHandlers);
  assert.equal(table.advertised.length, keys.length + 1, "ApiVersions shows itself too");
  assert.equal(table.handler(9999), undefined);
});

test("every handler tells what memory its requests take", () => {
  for (const { api, memory } of new ApiTable(brokerHandlers).handlers()) {
    assert.ok(memory.baseBytes >= 1024 && memory.perFrameByte >= 1, api.name);
  }
});
