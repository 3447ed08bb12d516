import assert from "node:assert/strict";
import { test } from "node:test";

import { type Uuid, ZERO_UUID } from "@millrace/protocol";
import { AssignedPartition } from "../../src/consumer/assigned-partition.ts";
import { FetchSession, type SentPartition } from "../../src/consumer/fetch-session.ts";

const options = { usesIds: false, maxBytes: 100 };

function sent(index: number, fetchOffset = 0, topicId: Uuid = ZERO_UUID): SentPartition {
  const partition = new AssignedPartition({ topic: "orders", partition: index });
  return { partition, topicId, version: 0, fetchOffset, leaderEpoch: 1, lastFetchedEpoch: -1 };
}

function indexesOf(topics: ReturnType<FetchSession["request"]>["topics"]): number[] {
  return topics.flatMap(({ partitions }) => partitions.map(({ partition }) => partition));
}

test("a session begins with everything, and then names what changed and what is gone", () => {
  const session = new FetchSession();
  const [first, second] = [sent(0), sent(1)];
  const full = session.request([first, second], options);
  assert.deepEqual([full.sessionId, full.sessionEpoch, indexesOf(full.topics)], [0, 0, [0, 1]]);
  session.succeed(7);
  const same = session.request([first, second], options);
  assert.deepEqual([same.sessionId, same.sessionEpoch, same.topics], [7, 1, []]);
  session.succeed(7);
  const changed = session.request([{ ...second, fetchOffset: 5 }], options);
  assert.deepEqual([changed.sessionEpoch, indexesOf(changed.topics)], [2, [1]]);
  assert.deepEqual(changed.forgottenTopicsData?.[0]?.partitions, [0]);
  assert.equal(session.find("orders", 0), undefined);
  assert.equal(session.find("orders", 1)?.fetchOffset, 5);
  assert.equal(session.closeRequest().sessionEpoch, -1);
});

test("a session that the broker has forgotten begins anew, and a broken one is ended by it", () => {
  const session = new FetchSession();
  session.request([sent(0)], options);
  session.succeed(7);
  session.fail("INVALID_FETCH_SESSION_EPOCH");
  const broken = session.request([sent(0)], options);
  assert.deepEqual([broken.sessionId, broken.sessionEpoch], [7, 0]);
  session.fail("FETCH_SESSION_ID_NOT_FOUND");
  const forgotten = session.request([sent(0)], options);
  assert.deepEqual([forgotten.sessionId, forgotten.sessionEpoch], [0, 0]);
  session.succeed(0);
  assert.equal(session.isOpen, false);
});

test("going over to topic ids begins anew, and a topic made again is another", () => {
  const session = new FetchSession();
  session.request([sent(0)], options);
  session.succeed(7);
  const usesIds = { usesIds: true, maxBytes: 100 };
  const [old, young] = ["old", "young"].map(
    (name) => Buffer.alloc(16, name).toString("base64url") as Uuid,
  );
  assert.ok(old !== undefined && young !== undefined);
  assert.equal(session.request([sent(0, 0, old)], usesIds).sessionEpoch, 0);
  session.succeed(8);
  const again = session.request([sent(0, 0, young)], usesIds);
  assert.equal(again.topics[0]?.topicId, young);
  assert.equal(again.forgottenTopicsData?.[0]?.topicId, old);
});
