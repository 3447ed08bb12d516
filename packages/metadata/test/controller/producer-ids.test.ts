import assert from "node:assert/strict";
import { test } from "node:test";

import { decideAllocateProducerIds } from "../../src/controller/producer-ids.ts";
import { brokerOf, clusterOf, contextOf, decideOn } from "../support/decisions.ts";

test("blocks of producer ids follow one another and are never given twice", () => {
  const asker = { brokerId: 1, brokerEpoch: 1 };
  const first = decideOn(clusterOf(brokerOf(1)), (context) =>
    decideAllocateProducerIds(context, asker),
  );
  assert.deepEqual(first.value, { producerIdStart: 0n, producerIdLen: 1_000 });
  const second = decideOn(first.image, (context) => decideAllocateProducerIds(context, asker));
  assert.deepEqual(second.value, { producerIdStart: 1_000n, producerIdLen: 1_000 });
  assert.equal(second.image.nextProducerId, 2_000n);
});

test("a broker of the past gets none", () => {
  const context = contextOf(clusterOf(brokerOf(1)));
  const { answer } = decideAllocateProducerIds(context, { brokerId: 1, brokerEpoch: 0 });
  assert.equal(answer.kind === "refused" && answer.error, "STALE_BROKER_EPOCH");
});
