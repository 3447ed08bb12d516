import assert from "node:assert/strict";
import { test } from "node:test";

import { SharePartition } from "@millrace/coordinators";
import { ZERO_UUID } from "@millrace/protocol";

import { clientErrorOf, ShareStateWrites } from "../../src/share/share-state-writes.ts";
import { MemoryPersister } from "../support/memory-persister.ts";

const identity = { groupId: "g", topicId: ZERO_UUID, partition: 0, leaderEpoch: 3, stateEpoch: 2 };
const limits = { deliveryCountMax: 5, recordLocksMax: 100 };

function acquired(): SharePartition {
  const state = new SharePartition({ startOffset: 0, stateBatches: [] });
  state.acquire({
    memberId: "a",
    mode: "batch_optimized",
    batchSize: 500,
    maxRecords: 500,
    fetchOffset: 0,
    batches: [{ baseOffset: 0, lastOffset: 9 }],
    abortedBatches: [],
    lockedUntilMs: 100,
    limits,
  });
  return state;
}

function accept(state: SharePartition, firstOffset: number, lastOffset: number) {
  const outcome = state.acknowledge({
    memberId: "a",
    batches: [{ firstOffset, lastOffset, acknowledgeTypes: [1] }],
    lockedUntilMs: 200,
    limits,
    hasDeadLetters: false,
  });
  assert.ok(outcome.kind === "taken" && outcome.write !== undefined);
  return outcome.write;
}

test("what comes while a write is under way goes with the next", async () => {
  const persister = new MemoryPersister();
  const state = acquired();
  const writes = new ShareStateWrites(persister, identity, state);
  const kept = [
    writes.write(accept(state, 4, 4)),
    writes.write(accept(state, 2, 2)),
    writes.write(accept(state, 0, 0)),
  ];
  assert.equal(writes.isIdle, false);
  const errors = (await Promise.all(kept)).map(({ error }) => error);
  assert.deepEqual(errors, ["NONE", "NONE", "NONE"]);
  assert.deepEqual(
    persister.writes.map(({ stateBatches }) => stateBatches.map(({ firstOffset }) => firstOffset)),
    [[4], [0, 2]],
  );
  assert.equal(persister.writes[0]?.leaderEpoch, 3);
  assert.equal(persister.writes[0]?.stateEpoch, 2);
  assert.equal(state.startOffset, 1);
});

test("a write that fails gives the records back, and tells why", async () => {
  const persister = new MemoryPersister();
  const state = acquired();
  const writes = new ShareStateWrites(persister, identity, state);
  persister.failWith = "FENCED_STATE_EPOCH";
  const { error } = await writes.write(accept(state, 0, 9));
  assert.equal(error, "NOT_LEADER_OR_FOLLOWER");
  assert.equal(state.startOffset, 0);
  assert.equal(state.nextLockDeadlineMs(), 100);
});

test("members are told of the coordinator's errors in the words they know", () => {
  assert.equal(clientErrorOf("NONE"), "NONE");
  assert.equal(clientErrorOf("NOT_COORDINATOR"), "COORDINATOR_NOT_AVAILABLE");
  assert.equal(clientErrorOf("FENCED_LEADER_EPOCH"), "NOT_LEADER_OR_FOLLOWER");
  assert.equal(clientErrorOf("GROUP_ID_NOT_FOUND"), "GROUP_ID_NOT_FOUND");
  assert.equal(clientErrorOf("INVALID_REQUEST"), "UNKNOWN_SERVER_ERROR");
});
