import assert from "node:assert/strict";
import { test } from "node:test";
import { configResource, resourceText } from "../../../src/commands/config/resource.ts";

test("resources are read as they are shown", () => {
  for (const text of ["topic/a", "broker/1", "broker/default", "group/a/b", "client-metrics/m"]) {
    assert.equal(resourceText(configResource(text)), text);
  }
  assert.deepEqual(configResource("broker/default"), { type: "broker", name: "" });
  assert.throws(() => configResource("orders"), /topic\/NAME/u);
  assert.throws(() => configResource("broker/x"), /number/u);
});
