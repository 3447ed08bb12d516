import assert from "node:assert/strict";
import { test } from "node:test";

import { type ErrorName, retriableErrors } from "@millrace/protocol";

import { BufferPool } from "../../../src/producer/batch/buffer-pool.ts";
import { ProducerBatch } from "../../../src/producer/batch/producer-batch.ts";
import { PartitionSequences } from "../../../src/producer/idempotence/partition-sequences.ts";
import { judgeRefusal } from "../../../src/producer/idempotence/retry-rules.ts";

interface Case {
  readonly error: ErrorName;
  readonly isTransactional?: boolean;
  readonly logStartOffset?: number;
  readonly lastAcknowledgedOffset?: number;
  /** Sequence of the batch, the last that was acknowledged, and one that is unresolved. */
  readonly baseSequence?: number;
  readonly lastAcknowledged?: number;
  readonly unresolved?: number;
  readonly hasBeenReset?: boolean;
}

const verdicts: readonly [string, Case, string][] = [
  ["a retriable error", { error: "NOT_LEADER_OR_FOLLOWER" }, "again"],
  ["another error", { error: "INVALID_RECORD" }, "fail"],
  [
    "an unknown producer where the log's start is not told",
    { error: "UNKNOWN_PRODUCER_ID" },
    "again",
  ],
  [
    "an unknown producer whose records retention took",
    { error: "UNKNOWN_PRODUCER_ID", logStartOffset: 10, lastAcknowledgedOffset: 9 },
    "again in a new epoch",
  ],
  [
    "the same in a transaction",
    {
      error: "UNKNOWN_PRODUCER_ID",
      logStartOffset: 10,
      lastAcknowledgedOffset: 9,
      isTransactional: true,
    },
    "again from the start",
  ],
  [
    "an unknown producer whose records should be there",
    { error: "UNKNOWN_PRODUCER_ID", logStartOffset: 5, lastAcknowledgedOffset: 9 },
    "again in a new epoch",
  ],
  [
    "the same in a transaction: it has to be aborted",
    {
      error: "UNKNOWN_PRODUCER_ID",
      logStartOffset: 5,
      lastAcknowledgedOffset: 9,
      isTransactional: true,
    },
    "fail",
  ],
  [
    "a batch behind one that failed so, numbered anew already",
    { error: "UNKNOWN_PRODUCER_ID", logStartOffset: 10, hasBeenReset: true },
    "again",
  ],
  [
    "out of order, and a batch before it is not stored yet",
    { error: "OUT_OF_ORDER_SEQUENCE_NUMBER", baseSequence: 5, lastAcknowledged: 1 },
    "again",
  ],
  [
    "out of order although it is the next",
    { error: "OUT_OF_ORDER_SEQUENCE_NUMBER", baseSequence: 2, lastAcknowledged: 1 },
    "again in a new epoch",
  ],
  [
    "the same in a transaction",
    {
      error: "OUT_OF_ORDER_SEQUENCE_NUMBER",
      baseSequence: 2,
      lastAcknowledged: 1,
      isTransactional: true,
    },
    "fail",
  ],
  [
    "out of order right behind a batch of unknown fate",
    { error: "OUT_OF_ORDER_SEQUENCE_NUMBER", baseSequence: 5, lastAcknowledged: 1, unresolved: 5 },
    "again in a new epoch",
  ],
  [
    "out of order further behind it",
    { error: "OUT_OF_ORDER_SEQUENCE_NUMBER", baseSequence: 7, lastAcknowledged: 1, unresolved: 5 },
    "again",
  ],
];

for (const [name, given, expected] of verdicts) {
  test(`${name}: ${expected}`, () => {
    assert.equal(verdictOf(given), expected);
  });
}

function verdictOf(given: Case): string {
  const { error, isTransactional = false, logStartOffset = -1 } = given;
  const sequences = new PartitionSequences();
  sequences.lastAcknowledged = given.lastAcknowledged ?? -1;
  sequences.lastAcknowledgedOffset = given.lastAcknowledgedOffset ?? -1;
  sequences.unresolved = given.unresolved;
  const place = { topicName: "orders", partition: 0 };
  const pool = new BufferPool(10_000);
  const batch = new ProducerBatch({ place, pool, createdMs: 0, sizeBytes: 100 });
  batch.baseSequence = given.baseSequence ?? 0;
  batch.sequenceHasBeenReset = given.hasBeenReset ?? false;
  const isRetriable = retriableErrors.has(error);
  const { isRetried, remedy } = judgeRefusal({
    error,
    batch,
    sequences,
    logStartOffset,
    isTransactional,
    isRetriable,
  });
  if (!isRetried) return "fail";
  if (remedy === "none") return "again";
  return remedy === "new epoch" ? "again in a new epoch" : "again from the start";
}
