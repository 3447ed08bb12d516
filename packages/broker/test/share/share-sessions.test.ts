import assert from "node:assert/strict";
import { test } from "node:test";

import { ZERO_UUID } from "@millrace/protocol";

import {
  isShareMemberId,
  type ShareSessionRequest,
  ShareSessions,
} from "../../src/share/share-sessions.ts";

const connection = {};

function partition(index: number): ShareSessionRequest["partitions"][number] {
  return { topicId: ZERO_UUID, partition: index };
}

function request(overrides: Partial<ShareSessionRequest> = {}): ShareSessionRequest {
  return {
    groupId: "g",
    memberId: "m",
    epoch: 0,
    hasAcknowledgements: false,
    partitions: [],
    forgotten: [],
    connection,
    ...overrides,
  };
}

test("a session is begun, gone on with and ended by its epochs", () => {
  const sessions = new ShareSessions(() => 10);
  const begun = sessions.begin(request({ partitions: [partition(0)] }));
  assert.ok(begun.kind === "full");
  assert.deepEqual(sessions.begin(request({ epoch: 2 })), {
    kind: "refused",
    error: "INVALID_SHARE_SESSION_EPOCH",
  });
  const next = sessions.begin(request({ epoch: 1, partitions: [partition(1)] }));
  assert.ok(next.kind === "incremental");
  assert.deepEqual(next.session.partitions(), [partition(0), partition(1)]);
  assert.equal(sessions.acknowledge("g", "m", 2), next.session);
  assert.equal(sessions.acknowledge("g", "m", 2), "INVALID_SHARE_SESSION_EPOCH");
  assert.equal(sessions.acknowledge("g", "m", 0), "INVALID_SHARE_SESSION_EPOCH");
  sessions.begin(request({ epoch: 3, forgotten: [partition(0)] }));
  assert.deepEqual(next.session.partitions(), [partition(1)]);
  assert.equal(sessions.begin(request({ epoch: -1 })).kind, "final");
  assert.equal(sessions.remove(next.session), true);
  assert.equal(sessions.remove(next.session), false);
  assert.equal(sessions.acknowledge("g", "m", 4), "SHARE_SESSION_NOT_FOUND");
});

test("there is room for so many sessions, and none is pushed out", () => {
  const sessions = new ShareSessions(() => 1);
  assert.equal(sessions.begin(request()).kind, "full");
  assert.deepEqual(sessions.begin(request({ memberId: "other" })), {
    kind: "refused",
    error: "SHARE_SESSION_LIMIT_REACHED",
  });
  // Who begins anew gives up its own place first.
  assert.equal(sessions.begin(request()).kind, "full");
  assert.equal(sessions.size, 1);
  assert.equal(sessions.countOf("g"), 1);
});

test("a connection knows its sessions", () => {
  const sessions = new ShareSessions(() => 10);
  sessions.begin(request());
  sessions.begin(request({ memberId: "n", connection: {} }));
  const own = sessions.ofConnection(connection);
  assert.deepEqual(
    own.map(({ memberId }) => memberId),
    ["m"],
  );
  assert.deepEqual(sessions.ofConnection({}), []);
});

test("an incremental answer names what is new, wrong or has records, and turns the row", () => {
  const sessions = new ShareSessions(() => 10);
  sessions.begin(request({ partitions: [partition(0)] }));
  const next = sessions.begin(request({ epoch: 1, partitions: [partition(1)] }));
  assert.ok(next.kind === "incremental");
  const { session } = next;
  const nothing = { hasRecords: false, hasError: false };
  assert.equal(session.record(partition(0), nothing), false);
  assert.equal(session.record(partition(1), nothing), true);
  assert.equal(session.record(partition(1), nothing), false);
  assert.equal(session.record(partition(1), { hasRecords: false, hasError: true }), true);
  assert.equal(session.record(partition(1), nothing), true);
  assert.equal(session.record(partition(0), { hasRecords: true, hasError: false }), true);
  assert.deepEqual(session.partitions(), [partition(1), partition(0)]);
});

test("a member's id has 1 to 36 characters", () => {
  assert.equal(isShareMemberId("m".repeat(36)), true);
  for (const wrong of [null, "", "m".repeat(37)]) assert.equal(isShareMemberId(wrong), false);
});
