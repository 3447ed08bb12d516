import assert from "node:assert/strict";
import { test } from "node:test";

import { batchHeader } from "@millrace/protocol";
import fc from "fast-check";

import { toBatches } from "../../src/runtime/batches.ts";

test("records stay in their order, and no batch of more than one is above the limit", () => {
  const sizes = fc.array(fc.nat(400), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 100, max: 1_000 }), (values, sizeBytesMax) => {
      const records = values.map((size, index) => {
        return { key: Buffer.from(String(index)), value: Buffer.alloc(size, index) };
      });
      const options = { timestamp: 1, sizeBytesMax, batch: {} };
      const batches = toBatches(records, { ...options, splitFrom: 0 });
      for (const { bytes, recordCount } of batches) {
        assert.equal(batchHeader.recordsCount(bytes, 0), recordCount);
        assert.ok(recordCount === 1 || bytes.length <= sizeBytesMax);
      }
      const total = batches.reduce((sum, { recordCount }) => sum + recordCount, 0);
      assert.equal(total, records.length);
      assert.equal(toBatches(records, { ...options, splitFrom: undefined }).length, 1);
      const [first] = toBatches(records, { ...options, splitFrom: 3 });
      assert.ok((first?.recordCount ?? 0) >= Math.min(3, records.length));
    }),
  );
});
