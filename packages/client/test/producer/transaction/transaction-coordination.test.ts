import assert from "node:assert/strict";
import { test } from "node:test";

import type { ErrorName } from "@millrace/protocol";

import { KafkaError } from "../../../src/errors/kafka-error.ts";
import { errorOf } from "../support/producing.ts";
import type { TransactionApi } from "../support/scripted-coordinator.ts";
import { copy, failTimes, group, offsets, transacting } from "../support/transacting.ts";

test("version 2: records make partitions join, and each end gives a new epoch (KIP-890)", async () => {
  const { producer, coordinator, logs, settle } = await transacting({ isVersion2: true });
  const work = async (): Promise<void> => {
    await producer.transaction(async (transaction) => {
      await transaction.send({ topic: "orders", value: "a" });
      await transaction.sendOffsets(group, offsets);
    });
    await producer.transaction((transaction) => transaction.send({ topic: "orders", value: "b" }));
  };
  await settle(work());
  assert.deepEqual(coordinator.told, [
    "init 7/0",
    "v5 g m/3 orders-0@5",
    "commit 7/0",
    "commit 7/1",
  ]);
  assert.deepEqual(
    logs.seen.map((one) => [one.producerEpoch, one.baseSequence, one.isTransactional, one.version]),
    [
      [0, 0, true, 13],
      [1, 0, true, 13],
    ],
  );
});

test("version 1: partitions and groups are added first, the sequence goes on", async () => {
  const { producer, coordinator, logs, settle } = await transacting({ isVersion2: false });
  const work = async (): Promise<void> => {
    await producer.transaction(async (transaction) => {
      await transaction.send({ topic: "orders", value: "a" });
      await transaction.sendOffsets(group, offsets);
    });
    await producer.transaction((transaction) => transaction.send({ topic: "orders", value: "b" }));
  };
  await settle(work());
  assert.deepEqual(coordinator.told, [
    "init 7/0",
    "add orders-0",
    "add group g",
    "v4 g m/3 orders-0@5",
    "commit 7/0",
    "add orders-0",
    "commit 7/0",
  ]);
  assert.deepEqual(
    logs.seen.map((one) => [one.producerEpoch, one.baseSequence, one.isTransactional, one.version]),
    [
      [0, 0, true, 11],
      [0, 1, true, 11],
    ],
  );
});

test("a transaction without records and offsets is ended without asking the coordinator", async () => {
  const { producer, coordinator, settle } = await transacting({ isVersion2: true });
  await settle(producer.transaction(() => Promise.resolve()));
  assert.deepEqual(coordinator.told, ["init 7/0"]);
});

test("work that throws aborts, and the next transaction goes on", async () => {
  const { producer, coordinator, settle } = await transacting({ isVersion2: true });
  const failed = producer.transaction(async (transaction) => {
    await transaction.send({ topic: "orders", value: "a" });
    throw new Error("no more");
  });
  assert.match(String(await settle(errorOf(failed))), /no more/);
  await settle(
    producer.transaction((transaction) => transaction.send({ topic: "orders", value: "b" })),
  );
  assert.deepEqual(coordinator.told, ["init 7/0", "abort 7/0", "commit 7/1"]);
});

test("records outside of a transaction are refused, and a second transaction beside one", async () => {
  const { producer, settle } = await transacting({ isVersion2: true });
  const outside = await errorOf(producer.send({ topic: "orders", value: "a" }));
  assert.ok(outside instanceof KafkaError);
  assert.equal(outside.code, "ILLEGAL_STATE");
  await settle(producer.beginTransaction());
  const second = await settle(errorOf(producer.beginTransaction()));
  assert.match(String(second), /ILLEGAL_STATE.*Commit or abort/);
});

test("a record that is lost breaks the transaction: the commit fails, the abort mends it", async () => {
  const { producer, coordinator, logs, settle } = await transacting({ isVersion2: true });
  logs.fault = ({ records }) =>
    String(records[0]?.value) === "bad" ? "INVALID_RECORD" : undefined;
  const transaction = await settle(producer.beginTransaction());
  void transaction.enqueue({ topic: "orders", value: "bad" });
  const error = await settle(errorOf(transaction.commit()));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "INVALID_RECORD");
  const more = await errorOf(transaction.send({ topic: "orders", value: "more" }));
  assert.equal(more, error);
  await settle(transaction.abort());
  await settle(producer.transaction((next) => next.send({ topic: "orders", value: "good" })));
  assert.deepEqual(coordinator.told, ["init 7/0", "abort 7/0", "commit 7/1"]);
});

test("version 1: after a broken transaction the epoch is raised by InitProducerId (KIP-360)", async () => {
  const { producer, coordinator, logs, settle } = await transacting({ isVersion2: false });
  logs.fault = ({ records }) =>
    String(records[0]?.value) === "bad" ? "OUT_OF_ORDER_SEQUENCE_NUMBER" : undefined;
  const failed = producer.transaction((transaction) =>
    transaction.send({ topic: "orders", value: "bad" }),
  );
  await settle(errorOf(failed));
  await settle(producer.transaction((next) => next.send({ topic: "orders", value: "good" })));
  assert.deepEqual(coordinator.told, [
    "init 7/0",
    "add orders-0",
    "abort 7/0",
    "init 7/1",
    "add orders-0",
    "commit 7/1",
  ]);
  assert.deepEqual([logs.seen.at(-1)?.producerEpoch, logs.seen.at(-1)?.baseSequence], [1, 0]);
});

test("an abort fails the records that wait, and does not send them", async () => {
  const { producer, logs, settle, scripted } = await transacting(
    { isVersion2: true },
    { lingerMs: 10_000 },
  );
  const transaction = await settle(producer.beginTransaction());
  const sent = errorOf(transaction.send({ topic: "orders", value: "a" }));
  await scripted.advance(100);
  await settle(transaction.abort());
  assert.match(String(await sent), /ABORTED: the transaction was aborted before/);
  assert.equal(logs.seen.length, 0);
});

const ending: readonly [TransactionApi, ErrorName, "aborted" | "fatal", boolean][] = [
  ["AddPartitionsToTxn", "TOPIC_AUTHORIZATION_FAILED", "aborted", false],
  ["AddPartitionsToTxn", "PRODUCER_FENCED", "fatal", false],
  ["AddPartitionsToTxn", "INVALID_PRODUCER_EPOCH", "fatal", false],
  ["AddPartitionsToTxn", "TRANSACTION_ABORTABLE", "aborted", false],
  ["AddPartitionsToTxn", "INVALID_TXN_STATE", "fatal", false],
  ["AddPartitionsToTxn", "UNKNOWN_PRODUCER_ID", "aborted", false],
  ["AddOffsetsToTxn", "GROUP_AUTHORIZATION_FAILED", "aborted", false],
  ["TxnOffsetCommit", "ILLEGAL_GENERATION", "aborted", true],
  ["TxnOffsetCommit", "UNKNOWN_MEMBER_ID", "aborted", true],
  ["TxnOffsetCommit", "FENCED_INSTANCE_ID", "aborted", true],
  ["TxnOffsetCommit", "INVALID_PRODUCER_EPOCH", "fatal", true],
  ["TxnOffsetCommit", "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "fatal", true],
  ["EndTxn", "INVALID_TXN_STATE", "fatal", true],
  ["EndTxn", "PRODUCER_FENCED", "fatal", true],
  ["EndTxn", "TRANSACTION_ABORTABLE", "aborted", true],
];

for (const [api, name, outcome, isVersion2] of ending) {
  test(`${api} answered ${name}: ${outcome}`, async () => {
    const { producer, coordinator, settle } = await transacting({ isVersion2 });
    failTimes(coordinator, api, name, 1);
    const error = await settle(errorOf(copy(producer)));
    assert.ok(error instanceof KafkaError, String(error));
    assert.equal(error.fatal, outcome === "fatal");
    if (outcome === "fatal") {
      const next = await settle(errorOf(producer.beginTransaction()));
      assert.ok(next instanceof KafkaError);
      assert.equal(next.code, error.code);
      assert.ok(name !== "INVALID_PRODUCER_EPOCH" || error.code === "PRODUCER_FENCED");
      return;
    }
    assert.equal(error.abortable, true);
    assert.match(coordinator.told.findLast((one) => !one.startsWith("init")) ?? "", /^abort/);
    await settle(copy(producer));
    assert.match(coordinator.told.at(-1) ?? "", /^commit/);
  });
}

test("a producer that was fenced is told what to do", async () => {
  const { producer, coordinator, settle } = await transacting({ isVersion2: true });
  failTimes(coordinator, "EndTxn", "PRODUCER_FENCED", 1);
  const error = await settle(errorOf(copy(producer)));
  assert.match(String(error), /Another producer with this transactionalId has taken over/);
});

test("an id that may not be had fails each attempt, and may be had later", async () => {
  const { producer, coordinator, settle } = await transacting({ isVersion2: true });
  failTimes(coordinator, "InitProducerId", "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", 1);
  const error = await settle(errorOf(producer.initTransactions()));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED");
  await settle(copy(producer));
  assert.match(coordinator.told.at(-1) ?? "", /^commit/);
});

test("the epoch that a partition refuses ends the transaction alone (KIP-588)", async () => {
  const { producer, logs, settle } = await transacting({ isVersion2: true });
  logs.fault = ({ producerEpoch }) => (producerEpoch === 0 ? "INVALID_PRODUCER_EPOCH" : undefined);
  const error = await settle(errorOf(copy(producer)));
  assert.ok(error instanceof KafkaError);
  assert.deepEqual([error.fatal, error.abortable], [false, true]);
  await settle(copy(producer));
});

test("closing aborts the transaction that is open", async () => {
  const { producer, coordinator, settle } = await transacting({ isVersion2: true });
  const transaction = await settle(producer.beginTransaction());
  await settle(transaction.send({ topic: "orders", value: "a" }));
  await settle(producer.close());
  assert.deepEqual(coordinator.told, ["init 7/0", "abort 7/0"]);
});

test("a transaction begins though no broker can be reached at that moment", async () => {
  const { producer, coordinator, scripted, settle } = await transacting({ isVersion2: true });
  await settle(copy(producer));
  await scripted.broker(1).stop();
  await scripted.advance(1_000);
  const next = copy(producer);
  await scripted.advance(45_000);
  await scripted.broker(1).start();
  await settle(next);
  assert.deepEqual(
    coordinator.told.filter((told) => told.startsWith("commit")),
    ["commit 7/0", "commit 7/1"],
  );
});
