import assert from "node:assert/strict";
import { test } from "node:test";

import { errorOf, producing, texts } from "../support/producing.ts";

test("records go to one partition after the other, keys or not, past those without a leader", async () => {
  const { producer, logs, settle, scripted } = await producing(
    { partitioner: "round-robin" },
    { partitions: 4 },
  );
  const third = scripted.topics.get("orders")?.partitions[2];
  assert.ok(third !== undefined);
  third.leader = -1;
  const records = texts(9).map((value) => ({ topic: "orders", key: "same", value }));
  await settle(producer.sendMany(records));
  const counts = [0, 1, 2, 3].map((partition) => logs.log("orders", partition).length);
  assert.deepEqual(counts, [3, 3, 0, 3]);
});

test("a partitioner of the application decides; a partition that is none fails the record", async () => {
  const { producer, logs, settle } = await producing(
    { partitioner: ({ value }) => Number(String(value)) },
    { partitions: 3 },
  );
  await settle(producer.send({ topic: "orders", value: "2" }));
  assert.deepEqual(logs.values("orders", 2), ["2"]);
  const error = await errorOf(settle(producer.send({ topic: "orders", value: "3" })));
  assert.match(String(error), /INVALID_ARGUMENT: the partitioner chose partition 3 of 3/);
});
