import assert from "node:assert/strict";
import { test } from "node:test";

import type { ErrorName } from "@millrace/protocol";

import { KafkaError } from "../../../src/errors/kafka-error.ts";
import { errorOf } from "../support/producing.ts";
import type { TransactionApi } from "../support/scripted-coordinator.ts";
import { copy, failTimes, transacting } from "../support/transacting.ts";

const retried: readonly [TransactionApi, ErrorName, boolean][] = [
  ["InitProducerId", "CONCURRENT_TRANSACTIONS", true],
  ["InitProducerId", "NOT_COORDINATOR", true],
  ["InitProducerId", "COORDINATOR_LOAD_IN_PROGRESS", true],
  ["AddPartitionsToTxn", "CONCURRENT_TRANSACTIONS", false],
  ["AddPartitionsToTxn", "COORDINATOR_NOT_AVAILABLE", false],
  ["AddOffsetsToTxn", "COORDINATOR_LOAD_IN_PROGRESS", false],
  ["TxnOffsetCommit", "REQUEST_TIMED_OUT", true],
  ["TxnOffsetCommit", "UNKNOWN_TOPIC_OR_PARTITION", true],
  ["EndTxn", "CONCURRENT_TRANSACTIONS", true],
  ["EndTxn", "NOT_COORDINATOR", true],
];

for (const [api, error, isVersion2] of retried) {
  test(`${api} is asked again after ${error}`, async () => {
    const { producer, coordinator, settle } = await transacting({ isVersion2 });
    failTimes(coordinator, api, error, 3);
    await settle(copy(producer));
    assert.match(coordinator.told.at(-1) ?? "", /^commit/);
  });
}

test("a commit that got no answer in maxBlockMs may be tried again", async () => {
  const { producer, coordinator, settle } = await transacting(
    { isVersion2: true },
    { maxBlockMs: 2_000 },
  );
  const transaction = await settle(producer.beginTransaction());
  await settle(transaction.send({ topic: "orders", value: "a" }));
  coordinator.fault = (api) => (api === "EndTxn" ? "COORDINATOR_LOAD_IN_PROGRESS" : undefined);
  const error = await settle(errorOf(transaction.commit()));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "REQUEST_TIMED_OUT");
  const abort = await settle(errorOf(transaction.abort()));
  assert.match(String(abort), /ILLEGAL_STATE.*a commit only repeated/);
  coordinator.fault = () => undefined;
  await settle(transaction.commit());
  assert.deepEqual(coordinator.told, ["init 7/0", "commit 7/0"]);
});
