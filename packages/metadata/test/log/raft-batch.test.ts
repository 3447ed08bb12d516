import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";

import {
  buildDataBatch,
  buildRaftControlBatch,
  encodeRecords,
  readRaftBatches,
} from "../../src/log/raft-batch.ts";
import { leaderChange } from "../../src/log/raft-voters.ts";
import { randomBatches } from "../support/random-records.ts";

const place = { baseOffset: 7, leaderEpoch: 3, timestampMs: 1_000 };

test("what is written in batches is read from them", () => {
  const property = fc.property(randomBatches(), (batches) => {
    const bytes = Buffer.concat(
      batches.map((records) => buildDataBatch(encodeRecords(records), place)),
    );
    const read = [...readRaftBatches(bytes)];
    assert.deepEqual(
      read.map(({ records }) => records),
      batches,
    );
    for (const [index, batch] of read.entries()) {
      assert.equal(batch.lastOffset, place.baseOffset + (batches[index]?.length ?? 0) - 1);
      assert.deepEqual([batch.leaderEpoch, batch.timestampMs], [3, 1_000]);
    }
  });
  fc.assert(property, { numRuns: 100 });
});

test("control records are told apart from metadata records", () => {
  const [batch] = readRaftBatches(buildRaftControlBatch([leaderChange(1)], place));
  assert.equal(batch?.kind, "control");
  assert.equal(batch?.records[0]?.type, "LEADER_CHANGE");
});

test("a byte that changed or is missing is noticed", () => {
  const bytes = buildRaftControlBatch([leaderChange(1)], place);
  const damaged = Buffer.from(bytes);
  damaged.writeUInt8(damaged.readUInt8(70) ^ 1, 70);
  assert.throws(() => [...readRaftBatches(damaged)], /checksum/);
  assert.throws(() => [...readRaftBatches(bytes.subarray(0, -1))], /partial/);
});
