import assert from "node:assert/strict";
import { test } from "node:test";

import type { ClientQuota } from "@millrace/metadata";

import { QuotaLimits } from "../../src/quota/quota-limits.ts";

type Name = string | null | undefined;

function quota(user: Name, clientId: Name, value: number): ClientQuota {
  const parts = [
    { entityType: "user", entityName: user },
    { entityType: "client-id", entityName: clientId },
  ];
  const entity = parts.flatMap(({ entityType, entityName }) =>
    entityName === undefined ? [] : [{ entityType, entityName }],
  );
  return { entity, key: "producer_byte_rate", value };
}

/** Kafka's order, the first first, and what usage is counted by. */
const levels: readonly (readonly [ClientQuota, string])[] = [
  [quota("alice", "app", 1), "alice/app"],
  [quota("alice", null, 2), "alice/app"],
  [quota("alice", undefined, 3), "alice/"],
  [quota(null, "app", 4), "alice/app"],
  [quota(null, null, 5), "alice/app"],
  [quota(null, undefined, 6), "alice/"],
  [quota(undefined, "app", 7), "/app"],
  [quota(undefined, null, 8), "/app"],
];

test("of all eight levels the most specific that is set counts", () => {
  for (let first = 0; first < levels.length; first += 1) {
    const set = levels.slice(first).map(([each]) => each);
    for (const quotas of [set, set.toReversed()]) {
      const match = new QuotaLimits(quotas, "producer_byte_rate").match("alice", "app");
      assert.equal(match?.limit, first + 1);
      assert.equal(`${match.user}/${match.clientId}`, levels[first]?.[1]);
    }
  }
});

test("others are limited by defaults alone, and by nothing where there is none", () => {
  const all = new QuotaLimits(
    levels.map(([each]) => each),
    "producer_byte_rate",
  );
  assert.equal(all.match("alice", "other")?.limit, 2);
  assert.equal(all.match("bob", "app")?.limit, 4);
  assert.equal(all.match("bob", "other")?.limit, 5);
  const named = new QuotaLimits([quota("alice", "app", 1)], "producer_byte_rate");
  assert.equal(named.match("alice", "other"), undefined);
  assert.equal(named.match("bob", "app"), undefined);
  assert.ok(new QuotaLimits([quota("alice", "app", 1)], "consumer_byte_rate").isEmpty);
});

test("who tells no client id is limited as a user", () => {
  const limits = new QuotaLimits(
    [quota(null, null, 5), quota(null, undefined, 6), quota(undefined, null, 8)],
    "producer_byte_rate",
  );
  assert.deepEqual(limits.match("alice", ""), { limit: 6, user: "alice", clientId: "" });
  const byClient = new QuotaLimits([quota(undefined, null, 8)], "producer_byte_rate");
  assert.equal(byClient.match("alice", ""), undefined);
});
