import assert from "node:assert/strict";
import { test } from "node:test";

import type { GroupInput, GroupRecord, GroupTypes } from "../../src/index.ts";
import { splitOutcome } from "../../src/group/split-outcome.ts";
import type { Outcome } from "../../src/runtime/index.ts";

const tombstone: GroupRecord = { kind: "group-metadata", groupId: "g", value: null };
const target: GroupRecord = { kind: "consumer-target", groupId: "g", memberId: "m", value: null };

function maySplit(input: GroupInput["kind"], outcome: Outcome<GroupTypes>): boolean | undefined {
  // Only the kind is looked at.
  const given = { kind: input, groupId: "g", topics: new Set<string>() };
  return splitOutcome(given as GroupInput, outcome).mayBeSplit;
}

test("a new target may be written in several batches, a commit of offsets may not", () => {
  assert.equal(maySplit("consumer-heartbeat", { records: [target] }), true);
  assert.equal(maySplit("clean-up", { records: [tombstone] }), true);
  assert.equal(maySplit("streams-initial-rebalance-delay", { records: [target] }), true);
  assert.equal(maySplit("share-group-topics-deleted", { records: [target] }), true);
  assert.equal(maySplit("offset-commit", { records: [target] }), undefined);
  assert.equal(maySplit("sync-group", { records: [target] }), undefined);
});

test("a group that changes its kind, and what belongs to a transaction, stay in one batch", () => {
  assert.equal(maySplit("consumer-heartbeat", { records: [tombstone, target] }), undefined);
  const producer = { producerId: 1n, producerEpoch: 0 };
  assert.equal(maySplit("consumer-heartbeat", { records: [target], producer }), undefined);
});
