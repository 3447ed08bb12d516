import assert from "node:assert/strict";
import { test } from "node:test";

import { FetchSessionCache, type FetchSessionRequest } from "../../src/fetch/session-cache.ts";
import { type FetchPartition, nextFetchEpoch } from "../../src/fetch/session.ts";

function partition(index: number, fetchOffset = 0): FetchPartition {
  return {
    topic: "orders",
    topicId: undefined,
    partition: index,
    currentLeaderEpoch: -1,
    fetchOffset,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
    partitionMaxBytes: 1000,
  };
}

function request(overrides: Partial<FetchSessionRequest> = {}): FetchSessionRequest {
  return {
    sessionId: 0,
    sessionEpoch: 0,
    usesTopicIds: false,
    isFollower: false,
    partitions: [partition(0), partition(1)],
    forgottenKeys: [],
    ...overrides,
  };
}

const unchanged = {
  recordsBytes: 0,
  highWatermark: 7,
  logStartOffset: 0,
  errorCode: 0,
  diverges: false,
  hasPreferredReadReplica: false,
};

class World {
  nowMs = 0;
  ids = 100;
  cache(slots = 2): FetchSessionCache {
    return new FetchSessionCache({
      slots,
      nowMs: () => this.nowMs,
      random: {
        nextInt: () => {
          this.ids += 1;
          return this.ids;
        },
        nextFloat: () => 0,
        bytes: (sizeBytes) => new Uint8Array(sizeBytes),
      },
    });
  }
}

test("epoch 0 asks for a session, -1 for none, and both end the one that was named", () => {
  const cache = new World().cache();
  const session = cache.create(request());
  assert.equal(cache.begin(request()).kind, "full");
  assert.equal(cache.size, 1);
  const ended = cache.begin(request({ sessionId: session?.id ?? 0, sessionEpoch: -1 }));
  assert.equal(ended.kind, "sessionless");
  assert.equal(cache.size, 0);
});

test("an increment carries only what changed, and busy partitions move to the end", () => {
  const cache = new World().cache();
  const full = request();
  const session = cache.create(full);
  assert.ok(session);
  for (const asked of full.partitions) session.record(asked, unchanged);
  const context = cache.begin(
    request({ sessionId: session.id, sessionEpoch: 1, partitions: [partition(0, 5)] }),
  );
  assert.ok(context.kind === "incremental");
  assert.deepEqual(
    context.partitions.map((asked) => [asked.partition, asked.fetchOffset]),
    [
      [0, 5],
      [1, 0],
    ],
  );
  const [first, second] = context.partitions;
  assert.ok(first && second);
  assert.equal(session.record(first, { ...unchanged, recordsBytes: 10 }), true);
  assert.equal(session.record(second, unchanged), false);
  assert.equal(session.record(second, { ...unchanged, highWatermark: 8 }), true);
  assert.equal(session.record(second, { ...unchanged, highWatermark: 8, errorCode: 3 }), true);
  assert.equal(session.record(second, { ...unchanged, highWatermark: 8 }), true, "after an error");
  assert.deepEqual(
    session.requests().map((asked) => asked.partition),
    [1, 0],
  );
});

test("a wrong id, epoch or kind of topic name is refused by name", () => {
  const cache = new World().cache();
  const session = cache.create(request());
  const sessionId = session?.id ?? 0;
  const refusals = [
    [request({ sessionId: sessionId + 1, sessionEpoch: 1 }), "FETCH_SESSION_ID_NOT_FOUND"],
    [request({ sessionId, sessionEpoch: 2 }), "INVALID_FETCH_SESSION_EPOCH"],
    [request({ sessionId, sessionEpoch: 1, usesTopicIds: true }), "FETCH_SESSION_TOPIC_ID_ERROR"],
  ] as const;
  for (const [asked, error] of refusals) {
    assert.deepEqual(cache.begin(asked), { kind: "refused", error });
  }
});

test("a session that forgot all its partitions ends", () => {
  const cache = new World().cache();
  const session = cache.create(request());
  const context = cache.begin(
    request({
      sessionId: session?.id ?? 0,
      sessionEpoch: 1,
      partitions: [],
      forgottenKeys: ["orders:0", "orders:1"],
    }),
  );
  assert.deepEqual(context, { kind: "sessionless", partitions: [] });
  assert.equal(cache.size, 0);
});

test("a full cache gives a slot to a larger session, but not before two minutes", () => {
  const world = new World();
  const cache = world.cache(1);
  const small = cache.create(request({ partitions: [partition(0)] }));
  assert.ok(small);
  assert.equal(cache.create(request()), undefined);
  world.nowMs = 120_001;
  cache.begin(request({ sessionId: small.id, sessionEpoch: 1, partitions: [] }));
  assert.equal(cache.create(request({ partitions: [partition(3)] })), undefined, "not larger");
  assert.ok(cache.create(request()));
  assert.equal(cache.evictionCount, 1);
});

test("an unused session loses its slot to anybody after two minutes", () => {
  const world = new World();
  const cache = world.cache(1);
  assert.ok(cache.create(request()));
  world.nowMs = 120_001;
  assert.ok(cache.create(request({ partitions: [] })));
});

test("epochs wrap around to 1", () => {
  assert.equal(nextFetchEpoch(1), 2);
  assert.equal(nextFetchEpoch(2 ** 31 - 1), 1);
  assert.equal(nextFetchEpoch(-1), -1);
});
