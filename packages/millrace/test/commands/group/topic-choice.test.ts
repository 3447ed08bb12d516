import assert from "node:assert/strict";
import { test } from "node:test";
import { topicChoice } from "../../../src/commands/group/topic-choice.ts";

test("a topic is chosen whole or by partitions", () => {
  assert.deepEqual(topicChoice("orders"), { topic: "orders", partitions: undefined });
  assert.deepEqual(topicChoice("orders:0,3-4"), { topic: "orders", partitions: [0, 3, 4] });
  assert.throws(() => topicChoice("orders:x"), /0,3,5-7/u);
});
