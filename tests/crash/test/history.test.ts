import assert from "node:assert/strict";
import { test } from "node:test";
import {
  describeVerdict,
  type FoundRecord,
  History,
  isGood,
  type Verdict,
} from "../src/history.ts";

/** Ten records acknowledged in two partitions, in order. */
function tenAcknowledged(): { readonly history: History; readonly records: FoundRecord[] } {
  const history = new History();
  const records = Array.from({ length: 10 }, (_, number): FoundRecord => {
    const partition = number % 2;
    const offset = Math.floor(number / 2);
    history.acknowledge(number, partition, offset);
    return { number, partition, offset, isWhole: true };
  });
  return { history, records };
}

/** Judges the ten records after something was done to them. */
function judged(change: (records: FoundRecord[]) => readonly FoundRecord[]): Promise<Verdict> {
  const { history, records } = tenAcknowledged();
  return history.judge(change(records), history.acknowledgedCount);
}

test("what is all there, once, whole and in order is good", async () => {
  const verdict = await judged((records) => records);
  assert.equal(isGood(verdict), true);
  assert.equal(verdict.foundCount, 10);
  assert.match(describeVerdict(verdict), /^10 records acknowledged, 10 found .*: 0 missing/);
});

test("a record without an acknowledgement may be there, and a late one may be missing", async () => {
  const { history, records } = tenAcknowledged();
  const before = history.acknowledgedCount;
  history.acknowledge(10, 0, 5);
  const more = [...records, { number: 11, partition: 1, offset: 5, isWhole: true }];
  const verdict = await history.judge(more, before);
  assert.equal(isGood(verdict), true);
  assert.equal(verdict.unacknowledgedCount, 1);
});

test("each anomaly that is planted is found", async () => {
  const planted: Readonly<Record<string, (records: FoundRecord[]) => readonly FoundRecord[]>> = {
    missing: (records) => records.toSpliced(3, 1),
    doubled: (records) => [...records, { number: 9, partition: 1, offset: 4, isWhole: true }],
    altered: (records) => records.map((one) => ({ ...one, isWhole: one.number !== 4 })),
    moved: (records) => records.map((one) => (one.number === 8 ? { ...one, offset: 40 } : one)),
    disordered: (records) => [...records.slice(0, 2), ...records.slice(2).toReversed()],
  };
  for (const [kind, change] of Object.entries(planted)) {
    const verdict = await judged(change);
    assert.equal(isGood(verdict), false, kind);
    const line = describeVerdict(verdict);
    assert.match(line, new RegExp(`[1-9]\\d* ${kind}`), line);
    assert.match(line, new RegExp(`\n {2}${kind}: record \\d`), line);
  }
});
