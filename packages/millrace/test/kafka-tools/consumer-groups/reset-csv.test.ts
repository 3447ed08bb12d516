import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOfPlan, planOfCsv } from "../../../src/kafka-tools/consumer-groups/reset-csv.ts";

const plan = { groupId: "shop", offsets: [{ topic: "orders", partition: 0, offset: 5n }] };

test("a plan of one group has no group in its lines, and is read back", () => {
  const text = csvOfPlan([plan], true);
  assert.equal(text, "orders,0,5\n");
  assert.deepEqual(planOfCsv(text, ["shop"]), [plan]);
});

test("a plan of several groups names them", () => {
  const text = csvOfPlan([plan], false);
  assert.equal(text, "shop,orders,0,5\n");
  assert.deepEqual(planOfCsv(text, []), [plan]);
  assert.throws(() => planOfCsv("orders,zero,5\n", ["shop"]), /Cannot read/);
});
