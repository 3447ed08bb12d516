import assert from "node:assert/strict";
import { test } from "node:test";
import { type Uuid, ZERO_UUID } from "@millrace/protocol";
import {
  acknowledgementBatches,
  acknowledgementTopics,
  PendingAcknowledgements,
} from "../../src/share/pending-acknowledgements.ts";

const topicId: Uuid = ZERO_UUID;
const first = { topic: "t", partition: 0, topicId };
const second = { topic: "t", partition: 1, topicId };

test("offsets that follow each other go as one run, with one type where it is the same", () => {
  const entries = [
    { offset: 1, type: "accept" },
    { offset: 2, type: "accept" },
    { offset: 4, type: "release" },
    { offset: 5, type: "reject" },
    { offset: 6, type: "gap" },
  ] as const;
  assert.deepEqual(acknowledgementBatches(entries), [
    { firstOffset: 1, lastOffset: 2, acknowledgeTypes: [1] },
    { firstOffset: 4, lastOffset: 6, acknowledgeTypes: [2, 3, 0] },
  ]);
});

test("the latest word about an offset counts; offsets go in their order", () => {
  const pending = new PendingAcknowledgements();
  pending.add(first, { offset: 7, type: "accept" });
  pending.add(first, { offset: 3, type: "renew" });
  assert.ok(pending.hasRenewals);
  pending.add(first, { offset: 3, type: "accept" });
  assert.ok(!pending.hasRenewals);
  pending.add(second, { offset: 1, type: "release" });
  const taken = pending.take();
  assert.ok(pending.isEmpty);
  assert.deepEqual(acknowledgementTopics(taken), [
    {
      topicId,
      partitions: [
        {
          partitionIndex: 0,
          acknowledgementBatches: [
            { firstOffset: 3, lastOffset: 3, acknowledgeTypes: [1] },
            { firstOffset: 7, lastOffset: 7, acknowledgeTypes: [1] },
          ],
        },
        {
          partitionIndex: 1,
          acknowledgementBatches: [{ firstOffset: 1, lastOffset: 1, acknowledgeTypes: [2] }],
        },
      ],
    },
  ]);
});

test("what goes along with a fetch is only of partitions that it reads", () => {
  const pending = new PendingAcknowledgements();
  pending.add(first, { offset: 1, type: "accept" });
  pending.add(second, { offset: 1, type: "renew" });
  const taken = pending.take((key) => key.endsWith(":0"));
  assert.deepEqual(taken, [{ partition: first, entries: [{ offset: 1, type: "accept" }] }]);
  assert.ok(!pending.isEmpty);
  assert.ok(pending.hasRenewals);
});
