import assert from "node:assert/strict";
import { test } from "node:test";
import type { Uuid } from "@millrace/protocol";
import fc from "fast-check";
import type { Assignment } from "../../../../src/group/consumer/assignment.ts";
import {
  assignSimply,
  type ShareGroupToAssign,
} from "../../../../src/group/share/assignors/simple.ts";

const topic = (name: string): Uuid =>
  Buffer.from(name.padEnd(16, "-")).toString("base64url") as Uuid;

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Members by name with the topics each subscribes to, and what they have. */
function groupOf(
  members: Readonly<Record<string, readonly string[]>>,
  partitions: Readonly<Record<string, number>>,
  before: ReadonlyMap<string, Assignment> = new Map(),
): ShareGroupToAssign {
  return {
    members: Object.entries(members).map(([memberId, names]) => ({
      memberId,
      topicIds: names.map(topic),
      target: before.get(memberId) ?? new Map(),
    })),
    assignable: new Map(
      Object.entries(partitions).map(([name, count]) => [topic(name), range(count)]),
    ),
  };
}

function counts(assigned: ReadonlyMap<string, Assignment>): number[] {
  return [...assigned.values()].map((topics) =>
    [...topics.values()].reduce((sum, partitions) => sum + partitions.length, 0),
  );
}

test("members of one subscription share all partitions evenly", () => {
  const group = groupOf({ a: ["t", "u"], b: ["t", "u"] }, { t: 3, u: 1 });
  assert.deepEqual(counts(assignSimply(group)), [2, 2]);
});

test("more members than partitions: a partition has several, none has no member", () => {
  const names = range(5).map((index) => [`m${index}`, ["t"]] as const);
  const assigned = assignSimply(groupOf(Object.fromEntries(names), { t: 2 }));
  const owners = range(2).map(
    (partition) =>
      [...assigned.values()].filter((topics) => topics.get(topic("t"))?.includes(partition)).length,
  );
  assert.deepEqual(owners, [3, 3]);
});

test("each topic is shared out by itself where subscriptions differ", () => {
  const group = groupOf({ a: ["t"], b: ["u"], c: ["t", "u"] }, { t: 4, u: 2 });
  const assigned = assignSimply(group);
  assert.deepEqual(assigned.get("c")?.get(topic("t"))?.length, 2);
  assert.deepEqual(assigned.get("c")?.get(topic("u"))?.length, 1);
});

test("only partitions that may be assigned are, and what was lost is taken away", () => {
  const before = new Map([["a", new Map([[topic("gone"), [0, 1]]])]]);
  const assigned = assignSimply(groupOf({ a: ["t", "gone"] }, { t: 2 }, before));
  assert.deepEqual(assigned, new Map([["a", new Map([[topic("t"), [0, 1]]])]]));
});

test("nobody subscribes to anything that is there", () => {
  assert.deepEqual(counts(assignSimply(groupOf({ a: [], b: ["x"] }, { t: 2 }))), [0, 0]);
});

const memberCount = fc.integer({ min: 1, max: 12 });

test("whoever comes and goes: balanced, complete, and moved no more than balance asks for", () => {
  fc.assert(
    fc.property(memberCount, memberCount, fc.integer({ min: 1, max: 9 }), (old, young, size) => {
      const members = (count: number) =>
        Object.fromEntries(range(count).map((index) => [`m${index}`, ["t"]]));
      const before = assignSimply(groupOf(members(old), { t: size }));
      const after = assignSimply(groupOf(members(young), { t: size }, before));
      for (const [assigned, count] of [
        [before, old],
        [after, young],
      ] as const) {
        const sizes = counts(assigned);
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 2, `sizes ${sizes.join()}`);
        const owned = new Set(
          [...assigned.values()].flatMap((topics) => [...topics.values()].flat()),
        );
        assert.equal(owned.size, size, `${count} members leave a partition to nobody`);
      }
      if (old === young) assert.deepEqual(after, before, "nothing changed, something moved");
    }),
    { seed: 20261123, numRuns: 300 },
  );
});
