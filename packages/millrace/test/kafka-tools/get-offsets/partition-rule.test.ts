import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ruleOfTopicAndPartitions,
  rulesOfList,
} from "../../../src/kafka-tools/get-offsets/partition-rule.ts";

test("a list names topics with a partition, a range, or all", () => {
  const rule = rulesOfList("orders:1-3,pay.*:5-,:0");
  const meant = (topic: string, partition: number): boolean =>
    rule.isPartitionMeant(topic, partition);
  assert.deepEqual(
    [0, 1, 2, 3].map((one) => meant("orders", one)),
    [true, true, true, false],
  );
  assert.equal(meant("payments", 4), false);
  assert.equal(meant("payments", 6), true);
});

test("partitions are numbers", () => {
  assert.equal(ruleOfTopicAndPartitions("o.*", "1,2").isPartitionMeant("orders", 2), true);
  assert.throws(() => ruleOfTopicAndPartitions(undefined, "a"), /numeric partition ids/);
});
