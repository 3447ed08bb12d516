import assert from "node:assert/strict";
import { test } from "node:test";

import { producing } from "../support/producing.ts";

test("a topic that rested goes on with its sequence, so that nothing is taken for a double", async () => {
  const { producer, logs, settle, scripted } = await producing(
    {},
    { client: { metadataMaxIdleMs: 10_000 } },
  );
  await settle(producer.send({ topic: "orders", value: "first" }));
  await scripted.advance(30_000);
  await settle(producer.send({ topic: "orders", value: "second" }));
  assert.deepEqual(logs.values("orders"), ["first", "second"]);
  assert.deepEqual([logs.seen.at(-1)?.producerEpoch, logs.seen.at(-1)?.baseSequence], [0, 1]);
});
