import assert from "node:assert/strict";
import { test } from "node:test";
import {
  batchHeader as header,
  buildEndTransactionBatch,
  buildRecordBatch,
  CorruptRecordError,
  type KafkaRecord,
  type RecordBatchOptions,
  readRecords,
} from "@millrace/protocol";
import { BatchFilter, type BatchFilterOptions } from "../../src/compaction/batch-filter.ts";
import { CleanedTransactions } from "../../src/compaction/cleaned-transactions.ts";
import { OffsetMap, reserveOffsetMap } from "../../src/compaction/offset-map.ts";

const nowMs = 1_800_000_000_000;
const deleteRetentionMs = 1000;

/** A filter for a log whose keys were seen last where `lastOffsets` says. */
function filterWith(
  lastOffsets: Readonly<Record<string, number>>,
  options: Partial<BatchFilterOptions> = {},
): BatchFilter {
  const map = new OffsetMap(reserveOffsetMap(32, Buffer.alloc(16, 1)));
  for (const [key, offset] of Object.entries(lastOffsets)) {
    map.put(Buffer.from(key), { start: 0, end: key.length }, offset);
  }
  map.latestOffset = 99;
  return new BatchFilter({
    map,
    transactions: new CleanedTransactions([]),
    nowMs,
    deleteRetentionMs,
    endOffset: 100,
    lastBatches: [],
    decompressedSizeBytesMax: 1 << 20,
    giveWay: () => {},
    ...options,
  });
}

/** A batch from offset 10 with a record for each key; a key ending with "-" gets a tombstone. */
function batchWith(keys: readonly (string | null)[], options: RecordBatchOptions = {}): Buffer {
  const records = keys.map((key) => ({
    timestamp: 1_700_000_000_000,
    key: key === null ? null : Buffer.from(key.replace("-", "")),
    value: key?.endsWith("-") === true ? null : Buffer.from("value"),
    headers: [{ key: "h", value: Buffer.from("x") }],
  }));
  return buildRecordBatch(records, { baseOffset: 10, ...options });
}

function kept(filtered: Buffer): KafkaRecord[] {
  return filtered.length === 0 ? [] : [...readRecords(filtered, 0)];
}

test("a batch whose keys were not seen later stays as it is, as a view", () => {
  const batch = batchWith(["a", "b"], { compression: "lz4" });
  const filtered = filterWith({ a: 10, b: 11 }).filter(batch, 0, false);
  assert.equal(filtered.buffer, batch.buffer);
  assert.equal(filtered.length, batch.length);
});

test("records of keys that were seen later go; offsets, header and headers stay", () => {
  for (const compression of ["none", "gzip", "snappy", "lz4", "zstd"] as const) {
    const producer = { producerId: 5n, producerEpoch: 2, baseSequence: 30 };
    const batch = batchWith(["a", "b", "c", "d"], {
      compression,
      partitionLeaderEpoch: 6,
      ...producer,
    });
    const filtered = filterWith({ a: 50, b: 11, c: 12, d: 60 }).filter(batch, 0, false);
    assert.deepEqual(
      kept(filtered).map(({ offset, key, headers }) => [offset, String(key), headers.length]),
      [
        [11, "b", 1],
        [12, "c", 1],
      ],
    );
    assert.ok(header.isCrcValid(filtered, 0));
    assert.equal(header.compressionId(filtered, 0), header.compressionId(batch, 0));
    assert.deepEqual([header.baseOffset(filtered, 0), header.lastOffset(filtered, 0)], [10, 13]);
    assert.equal(header.lastSequence(filtered, 0), 33);
    assert.equal(header.partitionLeaderEpoch(filtered, 0), 6);
  }
});

test("records beyond what the map has seen stay", () => {
  const batch = batchWith(["a"], { baseOffset: 100 });
  assert.equal(kept(filterWith({ a: 50 }).filter(batch, 0, false)).length, 1);
});

test("an emptied batch goes, unless it is its producer's last or the round's end", () => {
  const options = { producerId: 5n, producerEpoch: 2, baseSequence: 30 };
  const batch = batchWith(["a", "a"], { ...options, compression: "gzip" });
  const seen = { a: 50 };
  assert.equal(filterWith(seen).filter(batch, 0, false).length, 0);
  const last = { producerId: 5, producerEpoch: 2, lastDataOffset: 11 };
  for (const changes of [{ lastBatches: [last] }, { endOffset: 12 }]) {
    const filtered = filterWith(seen, changes).filter(batch, 0, false);
    assert.equal(filtered.length, header.HEADER_SIZE_BYTES);
    assert.deepEqual(kept(filtered), []);
    assert.ok(header.isCrcValid(filtered, 0));
    assert.equal(header.lastSequence(filtered, 0), 31);
    assert.deepEqual([header.compressionId(filtered, 0), header.lastOffset(filtered, 0)], [0, 11]);
  }
  const older = { ...last, lastDataOffset: 20 };
  assert.equal(filterWith(seen, { lastBatches: [older] }).filter(batch, 0, false).length, 0);
});

test("a tombstone gets a delete horizon first, and goes when it has passed", () => {
  const batch = batchWith(["a-", "b"]);
  const seen = { a: 10, b: 11 };
  const first = filterWith(seen).filter(batch, 0, false);
  assert.equal(header.deleteHorizonMs(first, 0), nowMs + deleteRetentionMs);
  assert.deepEqual(kept(first), [...readRecords(batch, 0)]);
  const early = { nowMs: nowMs + deleteRetentionMs - 1 };
  const second = filterWith(seen, early).filter(first, 0, false);
  assert.deepEqual(second, first, "the horizon is not moved");
  const late = { nowMs: nowMs + deleteRetentionMs };
  const third = filterWith(seen, late).filter(first, 0, false);
  assert.deepEqual(
    kept(third).map(({ offset, timestamp }) => [offset, timestamp]),
    [[11, 1_700_000_000_000]],
  );
  assert.equal(header.deleteHorizonMs(third, 0), nowMs + deleteRetentionMs);
});

test("records without a key go and are counted", () => {
  const filter = filterWith({ a: 10 });
  const filtered = filter.filter(batchWith(["a", null]), 0, false);
  assert.deepEqual(
    kept(filtered).map(({ offset }) => offset),
    [10],
  );
  assert.deepEqual(filter.counts, { recordsRead: 2, recordsKept: 1, invalidRecords: 1 });
});

test("a marker stays for the retention after its transaction's last record went", () => {
  const marker = buildEndTransactionBatch(
    { type: "COMMIT", coordinatorEpoch: 0 },
    { timestamp: 5, baseOffset: 20, producerId: 9n, producerEpoch: 1 },
  );
  const data = batchWith(["a"], {
    producerId: 9n,
    producerEpoch: 1,
    baseSequence: 0,
    isTransactional: true,
  });
  const withData = filterWith({ a: 10 });
  withData.filter(data, 0, false);
  assert.deepEqual(withData.filter(marker, 0, false), marker, "there is data of it");
  const first = filterWith({}).filter(marker, 0, false);
  assert.equal(header.deleteHorizonMs(first, 0), nowMs + deleteRetentionMs);
  assert.equal(kept(first).length, 1);
  const late = { nowMs: nowMs + deleteRetentionMs };
  assert.equal(filterWith({}, late).filter(first, 0, false).length, 0);
  // The producer's only trace in the log stays as a header.
  const last = { producerId: 9, producerEpoch: 1, lastDataOffset: -1 };
  const traced = filterWith({}, { ...late, lastBatches: [last] }).filter(first, 0, false);
  assert.equal(traced.length, header.HEADER_SIZE_BYTES);
  assert.ok(header.isControl(traced, 0));
});

test("data of an aborted transaction goes", () => {
  const range = { producerId: 9, firstOffset: 10, lastOffset: 20, lastStableOffset: 21 };
  const transactions = new CleanedTransactions([range]);
  const data = batchWith(["a", "b"], { producerId: 9n, baseSequence: 0, isTransactional: true });
  const filter = filterWith({}, { transactions });
  assert.equal(filter.filter(data, 0, false).length, 0);
});

test("times that the broker gave stay", () => {
  const batch = batchWith(["a", "b"], { logAppendTimeMs: 1_750_000_000_000 });
  const filtered = filterWith({ a: 50, b: 11 }).filter(batch, 0, false);
  assert.ok(header.isLogAppendTime(filtered, 0));
  assert.deepEqual(
    kept(filtered).map(({ timestamp }) => timestamp),
    [1_750_000_000_000],
  );
});

test("damaged records are not written again", () => {
  const batch = batchWith(["a", "b"]);
  batch.writeInt32BE(7, header.fieldPositions.recordsCount);
  assert.throws(() => filterWith({}).filter(batch, 0, false), CorruptRecordError);
});
