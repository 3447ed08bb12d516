import assert from "node:assert/strict";
import { test } from "node:test";
import { batchHeader, buildControlBatch, buildEndTransactionBatch } from "@millrace/protocol";
import { checkClientBatch, checkTrustedBatches, readMarker } from "../src/append-checks.ts";
import { batchOf, configWith } from "./support.ts";

const config = configWith();
const orders = { topic: "orders", partition: 3 };

test("a part of a batch behind a producer's batch is left out", () => {
  const batch = batchOf(["a"]);
  for (const partBytes of [10, 30, batch.length - 1]) {
    const bytes = Buffer.concat([batch, batch.subarray(0, partBytes)]);
    const plan = checkClientBatch(bytes, config, 1_700_000_000_000, orders);
    assert.ok("bytes" in plan);
    assert.equal(plan.bytes.length, batch.length);
  }
});

test("a coordinator may write several batches and control batches, but no part of one", () => {
  const marker = buildEndTransactionBatch(
    { type: "COMMIT", coordinatorEpoch: 4 },
    { timestamp: 1, producerId: 1n, producerEpoch: 0 },
  );
  const bytes = Buffer.concat([batchOf(["a"]), marker]);
  const options = { origin: "coordinator", leaderEpoch: 0 } as const;
  const plan = checkTrustedBatches(bytes, options, 0);
  assert.equal("batchCount" in plan && plan.batchCount, 2);
  const cut = checkTrustedBatches(bytes.subarray(0, bytes.length - 1), options, 0);
  assert.equal("error" in cut && cut.error, "CORRUPT_MESSAGE");
});

test("a replicated batch's checksum is checked, a message set of old is not taken", () => {
  const options = { origin: "replication", leaderEpoch: 0 } as const;
  const batch = batchOf(["a"]);
  batch.writeUInt8(9, batch.length - 1);
  const damaged = checkTrustedBatches(batch, options, 0);
  assert.equal("error" in damaged && damaged.error, "CORRUPT_MESSAGE");
  const old = batchOf(["a"]);
  old.writeUInt8(1, 16);
  const refused = checkTrustedBatches(old, options, 0);
  assert.equal("error" in refused && refused.error, "UNSUPPORTED_FOR_MESSAGE_FORMAT");
  const nothing = checkTrustedBatches(Buffer.alloc(0), options, 0);
  assert.equal("error" in nothing && nothing.error, "INVALID_RECORD");
});

test("what was found of records beforehand is not looked for again", () => {
  const batch = batchOf(["a"]);
  const place = { ...orders, validated: { maxTimestamp: 77 } };
  const plan = checkClientBatch(batch, config, 1_700_000_000_000, place);
  assert.ok("bytes" in plan);
  assert.equal(batchHeader.maxTimestamp(plan.bytes, 0), 77);
});

test("a marker is read from its control batch; other control records are none", () => {
  const header = { timestamp: 1, producerId: 1n, producerEpoch: 0 };
  const abort = buildEndTransactionBatch({ type: "ABORT", coordinatorEpoch: 4 }, header);
  assert.deepEqual(readMarker(abort, 0), { isCommit: false, coordinatorEpoch: 4 });
  const leader = buildControlBatch([{ type: "LEADER_CHANGE", value: Buffer.alloc(8) }], {
    timestamp: 1,
  });
  assert.equal(readMarker(leader, 0), undefined);
  assert.equal(readMarker(batchOf(["a"]), 0), undefined);
});

const nowMs = 1_700_000_000_000;

test("the largest timestamp is that of the records, and the header is put right", () => {
  const batch = batchOf(["a", "b"]);
  const honest = batchHeader.maxTimestamp(batch, 0);
  for (const told of [1, honest + 9 * 3_600_000]) {
    batchHeader.setMaxTimestamp(batch, 0, told);
    const plan = checkClientBatch(batch, config, nowMs, orders);
    assert.ok("bytes" in plan);
    assert.equal(batchHeader.maxTimestamp(plan.bytes, 0), honest);
    assert.ok(batchHeader.isCrcValid(plan.bytes, 0));
  }
});

test("a record from the future is named, behind whatever header", () => {
  const batch = batchOf(["a", "b"]);
  const honest = batchHeader.maxTimestamp(batch, 0);
  const strict = configWith({ messageTimestampAfterMaxMs: 1000 });
  batchHeader.setMaxTimestamp(batch, 0, 1);
  const refused = checkClientBatch(batch, strict, honest - 1001, orders);
  assert.equal("error" in refused && refused.error, "INVALID_TIMESTAMP");
  assert.ok("recordErrors" in refused);
  const [first] = refused.recordErrors ?? [];
  const text = `Timestamp ${honest} of message with offset 0 is out of range.`;
  assert.equal(first?.batchIndex, 0);
  assert.ok(first.message?.startsWith(`${text} The timestamp should be within [-92233`));
  assert.ok(first.message?.endsWith(`, ${honest - 1}]`));
});

test("a batch with more records than it says is refused", () => {
  const batch = batchOf(["a", "b", "c"]);
  batch.writeInt32BE(2, batchHeader.fieldPositions.recordsCount);
  batch.writeInt32BE(1, batchHeader.fieldPositions.lastOffsetDelta);
  batchHeader.updateCrc(batch, 0);
  const refused = checkClientBatch(batch, config, nowMs, orders);
  assert.equal("error" in refused && refused.error, "INVALID_RECORD");
});

test("a producer that says LogAppendTime is not believed", () => {
  const batch = batchOf(["a"]);
  const honest = batchHeader.maxTimestamp(batch, 0);
  batchHeader.setLogAppendTime(batch, 0, honest + 5);
  const plan = checkClientBatch(batch, config, nowMs, orders);
  assert.ok("bytes" in plan);
  assert.ok(!batchHeader.isLogAppendTime(plan.bytes, 0));
  assert.equal(batchHeader.maxTimestamp(plan.bytes, 0), honest);
  assert.ok(batchHeader.isCrcValid(plan.bytes, 0));
});

test("records without key are told of in Apache Kafka's words", () => {
  const compacted = configWith({ cleanupPolicy: ["compact"] });
  const refused = checkClientBatch(batchOf(["a", "b"]), compacted, nowMs, orders);
  assert.ok("error" in refused);
  const text = "Compacted topic cannot accept message without key in topic partition orders-3";
  assert.deepEqual(refused.recordErrors, [
    { batchIndex: 0, message: text },
    { batchIndex: 1, message: text },
  ]);
  assert.equal(
    refused.message,
    "One or more records have been rejected due to 2 record errors in total, and only showing " +
      `the first three errors at most: [RecordError(batchIndex=0, message='${text}'), ` +
      `RecordError(batchIndex=1, message='${text}')]`,
  );
});
