import assert from "node:assert/strict";
import { test } from "node:test";

import { producing, texts } from "./support/producing.ts";

test("sendMany gives one promise for all, in their order", async () => {
  const { producer, settle } = await producing({}, { partitions: 3 });
  const records = texts(30).map((value, index) => ({
    topic: "orders",
    value,
    partition: index % 3,
  }));
  const metadata = await settle(producer.sendMany(records));
  assert.deepEqual(
    metadata.map(({ partition, offset }) => [partition, offset]),
    records.map((_, index) => [index % 3, BigInt(Math.floor(index / 3))]),
  );
  assert.deepEqual(await settle(producer.sendMany([])), []);
});
