import assert from "node:assert/strict";
import { test } from "node:test";

import {
  configResourceKey,
  configResourceOfKey,
  configResourceTypeIds,
  configResourceTypeOf,
  configsOf,
} from "../../src/image/configs-image.ts";

test("a key stands for one resource, whatever its name holds", () => {
  for (const resource of [
    { type: "topic", name: "a" },
    { type: "broker", name: "" },
    { type: "client-metrics", name: "x:y" },
    { type: "group", name: "topic:z" },
  ] as const) {
    assert.deepEqual(configResourceOfKey(configResourceKey(resource)), resource);
  }
  assert.throws(() => configResourceOfKey("nothing:x"), RangeError);
});

test("Kafka's numbers stand for the kinds of resource", () => {
  assert.equal(configResourceTypeOf(configResourceTypeIds.group), "group");
  assert.equal(configResourceTypeOf(8), undefined);
});

test("a resource without configurations has an empty map", () => {
  assert.equal(configsOf(new Map(), { type: "topic", name: "a" }).size, 0);
});
