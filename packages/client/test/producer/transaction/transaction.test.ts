import assert from "node:assert/strict";
import { test } from "node:test";

import { KafkaError } from "../../../src/errors/kafka-error.ts";
import { errorOf } from "../support/producing.ts";
import { failTimes, group, offsets, transacting } from "../support/transacting.ts";

test("await using aborts what was not committed", async () => {
  const { producer, coordinator, settle } = await transacting({ isVersion2: true });
  const work = async (): Promise<void> => {
    await using transaction = await producer.beginTransaction();
    await transaction.send({ topic: "orders", value: "a" });
  };
  await settle(work());
  assert.deepEqual(coordinator.told, ["init 7/0", "abort 7/0"]);
});

test("a fenced producer's open transaction is left to the one that took over", async () => {
  const { producer, coordinator, settle } = await transacting({ isVersion2: true });
  failTimes(coordinator, "TxnOffsetCommit", "PRODUCER_FENCED", 1);
  const work = async (): Promise<void> => {
    await using transaction = await producer.beginTransaction();
    await transaction.sendOffsets(group, offsets);
  };
  const error = await settle(errorOf(work()));
  assert.ok(error instanceof KafkaError, String(error));
  assert.equal(error.code, "PRODUCER_FENCED");
  assert.deepEqual(coordinator.told, ["init 7/0"]);
});
