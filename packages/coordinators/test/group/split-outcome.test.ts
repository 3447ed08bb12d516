import assert from "node:assert/strict";
import { test } from "node:test";

import type { GroupInput, GroupRecord, GroupTypes } from "../../src/index.ts";
import { splitOutcome } from "../../src/group/split-outcome.ts";
import type { Outcome } from "../../src/runtime/index.ts";

const tombstone: GroupRecord = { kind: "group-metadata", groupId: "g", value: null };
const target: GroupRecord = {
  kind: "consumer-target",
  groupId: "g",
  memberId: "m",
  value: { topicPartitions: [] },
};
const epoch: GroupRecord = {
  kind: "consumer-group",
  groupId: "g",
  value: { epoch: 2, metadataHash: 0n },
};

function splitFrom(input: GroupInput["kind"], outcome: Outcome<GroupTypes>): number | undefined {
  // Only the kind is looked at.
  const given = { kind: input, groupId: "g", topics: new Set<string>() };
  return splitOutcome(given as GroupInput, outcome).splitFrom;
}

test("a new target may be written in several batches, a commit of offsets may not", () => {
  assert.equal(splitFrom("consumer-heartbeat", { records: [target] }), 0);
  assert.equal(splitFrom("streams-initial-rebalance-delay", { records: [target] }), 0);
  assert.equal(splitFrom("offset-commit", { records: [target] }), undefined);
  assert.equal(splitFrom("sync-group", { records: [target] }), undefined);
});

test("what is about many groups may be cut off anywhere", () => {
  assert.equal(splitFrom("clean-up", { records: [tombstone] }), 0);
  assert.equal(splitFrom("share-group-topics-deleted", { records: [epoch] }), 0);
});

test("what comes before a target stays together, as does a member's end", () => {
  assert.equal(splitFrom("consumer-heartbeat", { records: [epoch, target, target] }), 1);
  const gone: GroupRecord = { ...target, value: null };
  assert.equal(splitFrom("consumer-heartbeat", { records: [gone, epoch] }), undefined);
  assert.equal(splitFrom("consumer-member-expired", { records: [gone, epoch] }), undefined);
});

test("a group that changes its kind, and what belongs to a transaction, stay in one batch", () => {
  assert.equal(splitFrom("consumer-heartbeat", { records: [tombstone, target] }), undefined);
  const producer = { producerId: 1n, producerEpoch: 0 };
  assert.equal(splitFrom("consumer-heartbeat", { records: [target], producer }), undefined);
});
