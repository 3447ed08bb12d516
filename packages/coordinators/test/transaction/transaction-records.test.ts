import assert from "node:assert/strict";
import { test } from "node:test";

import type { Transaction } from "../../src/transaction/transaction.ts";
import {
  decodeTransactionRecord,
  encodeTransactionRecord,
} from "../../src/transaction/transaction-records.ts";

const transaction: Transaction = {
  transactionalId: "orders",
  producerId: 1000n,
  previousProducerId: 999n,
  nextProducerId: 1001n,
  producerEpoch: 3,
  lastProducerEpoch: -1,
  timeoutMs: 60_000,
  status: "ongoing",
  partitions: new Map([["orders", new Set([0, 2])]]),
  startMs: 5,
  lastUpdateMs: 7,
  clientTransactionVersion: 2,
};
const { transactionalId } = transaction;

test("a record is read as it was written", () => {
  const record = { transactionalId, value: transaction, isFlexible: true };
  assert.deepEqual(decodeTransactionRecord(encodeTransactionRecord(record)), record);
});

test("the old form leaves out what it cannot carry", () => {
  const written = encodeTransactionRecord({
    transactionalId,
    value: transaction,
    isFlexible: false,
  });
  assert.equal(Buffer.from(written.value ?? []).readInt16BE(0), 0);
  const read = decodeTransactionRecord(written)?.value;
  assert.deepEqual(
    [read?.previousProducerId, read?.nextProducerId, read?.clientTransactionVersion],
    [-1n, -1n, 0],
  );
});

test("an id that ends is a tombstone; a record of another kind is passed over", () => {
  const tombstone = { transactionalId, value: null, isFlexible: true };
  assert.deepEqual(decodeTransactionRecord(encodeTransactionRecord(tombstone)), tombstone);
  const other = Buffer.from([0, 9]);
  assert.equal(decodeTransactionRecord({ key: other, value: other }), undefined);
});
