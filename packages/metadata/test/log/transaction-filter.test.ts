import assert from "node:assert/strict";
import { test } from "node:test";

import { TransactionFilter } from "../../src/log/transaction-filter.ts";
import type { MetadataRecord } from "../../src/records/metadata-record.ts";

const begin: MetadataRecord = { type: "BeginTransactionRecord", version: 0, data: { name: null } };
const end: MetadataRecord = { type: "EndTransactionRecord", version: 0, data: {} };
const abort: MetadataRecord = {
  type: "AbortTransactionRecord",
  version: 0,
  data: { reason: null },
};
const topic = (name: string): MetadataRecord => ({
  type: "TopicRecord",
  version: 0,
  data: { name, topicId: "AAAAAAAAAAAAAAAAAAAAAA" as never },
});

test("records of a transaction come when it ends, over several batches", () => {
  const filter = new TransactionFilter();
  assert.deepEqual(filter.accept([topic("a"), begin, topic("b")]), [topic("a")]);
  assert.equal(filter.isOpen, true);
  assert.deepEqual(filter.accept([topic("c")]), []);
  assert.deepEqual(filter.accept([topic("d"), end, topic("e")]), ["b", "c", "d", "e"].map(topic));
  assert.equal(filter.isOpen, false);
});

test("records of an aborted transaction never come", () => {
  const filter = new TransactionFilter();
  assert.deepEqual(filter.accept([begin, topic("a"), abort, topic("b")]), [topic("b")]);
});

test("a transaction within one, and an end without a beginning, are refused", () => {
  for (const records of [[begin, begin], [end], [abort]]) {
    assert.throws(() => new TransactionFilter().accept(records), { code: "METADATA_REPLAY_ERROR" });
  }
});
