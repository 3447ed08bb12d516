import assert from "node:assert/strict";
import { test } from "node:test";

import { metadataFormatOf } from "../../src/records/feature-levels.ts";

test("the formats of metadata.version are those of Kafka's MetadataVersion", () => {
  const versionsAt = (level: number) => {
    const format = metadataFormatOf(level);
    return [
      format.registerBrokerRecordVersion,
      format.partitionRecordVersion,
      format.partitionChangeRecordVersion,
    ];
  };
  // Printed by MetadataVersion of Apache Kafka 4.3.1, where something changes.
  assert.deepEqual(versionsAt(7), [1, 0, 0]);
  assert.deepEqual(versionsAt(8), [2, 0, 0]);
  assert.deepEqual(versionsAt(16), [2, 0, 0]);
  assert.deepEqual(versionsAt(17), [3, 1, 1]);
  assert.deepEqual(versionsAt(22), [3, 1, 1]);
  assert.deepEqual(versionsAt(23), [3, 2, 2]);
  assert.deepEqual(versionsAt(29), [3, 2, 2]);
  assert.deepEqual(versionsAt(30), [4, 2, 2]);
});

test("what can be written grows with metadata.version", () => {
  const firstLevelWith = (has: (level: number) => boolean) =>
    Array.from({ length: 31 }, (_, level) => level).findIndex(has);
  assert.equal(
    firstLevelWith((level) => metadataFormatOf(level).hasScram),
    11,
  );
  assert.equal(
    firstLevelWith((level) => !metadataFormatOf(level).bumpsLeaderEpochOnIsrShrink),
    12,
  );
  assert.equal(
    firstLevelWith((level) => metadataFormatOf(level).hasTransactions),
    13,
  );
  assert.equal(
    firstLevelWith((level) => metadataFormatOf(level).hasDelegationTokens),
    14,
  );
  assert.equal(
    firstLevelWith((level) => metadataFormatOf(level).hasControllerRegistrations),
    15,
  );
  assert.equal(
    firstLevelWith((level) => metadataFormatOf(level).hasDirectories),
    17,
  );
  assert.equal(
    firstLevelWith((level) => metadataFormatOf(level).hasElr),
    23,
  );
  assert.equal(
    firstLevelWith((level) => metadataFormatOf(level).hasCordonedLogDirs),
    30,
  );
});
