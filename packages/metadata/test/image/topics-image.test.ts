import assert from "node:assert/strict";
import { test } from "node:test";

import { partitionOf } from "../../src/image/topics-image.ts";

test("an absent topic or partition gives nothing", () => {
  const topics = { byId: new Map(), byName: new Map() };
  assert.equal(partitionOf(topics, "a", 0), undefined);
});
