import assert from "node:assert/strict";
import { test } from "node:test";

import { LazyMap } from "../../src/image/lazy-map.ts";

test("an unchanged map is the one it began with", () => {
  const before = new Map([["a", 1]]);
  const map = new LazyMap(before);
  assert.equal(map.delete("absent"), false);
  assert.equal(map.isChanged, false);
  assert.equal(map.build(), before);
});

test("changes leave the map it began with alone", () => {
  const before = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  const map = new LazyMap(before);
  map.set("c", 3);
  assert.equal(map.delete("a"), true);
  assert.equal(map.get("a"), undefined);
  assert.deepEqual(
    [...map.build()],
    [
      ["b", 2],
      ["c", 3],
    ],
  );
  assert.deepEqual([...before.keys()], ["a", "b"]);
});
