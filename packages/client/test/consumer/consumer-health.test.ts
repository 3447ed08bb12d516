import assert from "node:assert/strict";
import { test } from "node:test";

import { type HealthFacts, judgeHealth } from "../../src/consumer/consumer-health.ts";

const fine: HealthFacts = {
  maxPollIntervalMs: 10_000,
  sessionTimeoutMs: 5_000,
  fetchMaxWaitMs: 500,
  fetches: [{ topic: "orders", partition: 0, failingMs: 10_500 }],
  isReading: true,
  lastPollAgoMs: 10,
  lastHeartbeatAgoMs: 100,
  lastCommitAgoMs: undefined,
  assignment: [{ topic: "orders", partition: 0 }],
  lag: [],
  bufferedBytes: 0,
  skippedCount: 0,
  handlers: [],
  membership: {
    state: "stable",
    protocol: "classic",
    lastHeartbeatAtMs: 0,
    lastRebalanceAtMs: 0,
    rebalanceCount: 1,
    coordinator: 1,
    error: undefined,
  },
  eventLoop: { lastBlockedMs: 0, lastBlockedAtMs: -1 },
};

test("a consumer that works is healthy", () => {
  assert.deepEqual(judgeHealth(fine, 0).problems, []);
  assert.ok(judgeHealth(fine, 0).isHealthy);
});

test("each way to be a zombie is told", () => {
  const handler = { topic: "orders", partition: 0, offset: 7n, attempt: 1, runningMs: 9_000 };
  const cases: readonly [Partial<HealthFacts>, RegExp][] = [
    [{ isReading: false }, /nobody reads/],
    [{ lastPollAgoMs: 6_000 }, /not asked for in 6000 ms/],
    [{ lastHeartbeatAgoMs: 6_000 }, /not answered a heartbeat/],
    [{ fetches: [{ topic: "orders", partition: 0, failingMs: 10_501 }] }, /no fetch of orders-0/],
    [{ handlers: [handler] }, /handler of orders-0 offset 7 .*9000 ms/],
    [{ eventLoop: { lastBlockedMs: 2_000, lastBlockedAtMs: 100 } }, /blocked for 2000 ms/],
    [{ membership: fine.membership && { ...fine.membership, state: "left" } }, /has left/],
    [{ membership: fine.membership && { ...fine.membership, state: "fenced" } }, /fenced/],
  ];
  for (const [facts, problem] of cases) {
    const { problems, isHealthy } = judgeHealth({ ...fine, ...facts }, 1_000);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", problem);
    assert.equal(isHealthy, false);
  }
});
