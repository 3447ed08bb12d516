import assert from "node:assert/strict";
import { test } from "node:test";

import { type KafkaRecord, readRecords } from "@millrace/protocol";

import { buildDeadLetters, readSourceRecords } from "../../src/share/dead-letter-records.ts";
import { BrokerFixture } from "../support/broker-fixture.ts";
import { produced } from "../support/share-member.ts";

const range = { firstOffset: 0, lastOffset: 9, deliveryCount: 2, cause: "rejected" } as const;

async function partitionWith(fixture: BrokerFixture, values: readonly string[]) {
  await produced(fixture, "orders", values);
  const partition = fixture.broker.services.replicas.partition("orders", 0);
  assert.ok(partition !== undefined);
  return partition;
}

test("a batch ends before it is larger than its topic takes", async () => {
  await using fixture = await BrokerFixture.start();
  const partition = await partitionWith(fixture, ["a"]);
  const source = { groupId: "g", partition, records: new Map<number, KafkaRecord>() };
  const limits = { maxBytes: 2000, timestampMs: 5 };
  let firstOffset = 0;
  const seen: string[] = [];
  while (firstOffset <= range.lastOffset) {
    const batch = buildDeadLetters({ ...range, firstOffset }, source, limits);
    assert.ok(batch.bytes.length <= limits.maxBytes);
    assert.equal(batch.recordsCount, batch.lastOffset - firstOffset + 1);
    for (const { headers } of readRecords(batch.bytes, 0)) seen.push(String(headers[2]?.value));
    firstOffset = batch.lastOffset + 1;
  }
  assert.deepEqual(seen, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
});

test("the records of a range are read as far as they are there", async () => {
  await using fixture = await BrokerFixture.start();
  const partition = await partitionWith(fixture, ["a", "b", "c", "d"]);
  const { records, lastOffset } = await readSourceRecords(partition, {
    ...range,
    firstOffset: 1,
    lastOffset: 2,
  });
  assert.deepEqual([...records.keys()], [1, 2]);
  assert.equal(String(records.get(2)?.value), "c");
  assert.equal(lastOffset, 2);
  partition.log.truncatePrefix(3);
  const gone = await readSourceRecords(partition, { ...range, lastOffset: 1 });
  assert.equal(gone.records.size, 0);
  assert.equal(gone.lastOffset, 1);
});
