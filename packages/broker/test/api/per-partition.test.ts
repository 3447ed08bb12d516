import assert from "node:assert/strict";
import { test } from "node:test";

import { answerEachPartition } from "../../src/api/per-partition.ts";

test("every partition is answered in the order asked, whoever is ready first", async () => {
  const slow = Promise.withResolvers<string>();
  const asked = [
    { name: "a", partitions: [1, 0] },
    { name: "b", partitions: [] },
    { name: "a", partitions: [1] },
  ];
  const answering = answerEachPartition(asked, (topic, partition) =>
    partition === 1 ? slow.promise.then((text) => `${topic}${text}`) : `${topic}0`,
  );
  slow.resolve("1");
  assert.deepEqual(await answering, [
    { name: "a", partitions: ["a1", "a0"] },
    { name: "b", partitions: [] },
    { name: "a", partitions: ["a1"] },
  ]);
});
