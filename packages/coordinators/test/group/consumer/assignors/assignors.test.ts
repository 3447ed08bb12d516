import assert from "node:assert/strict";
import { test } from "node:test";
import type { Uuid } from "@millrace/protocol";
import fc from "fast-check";
import type { Assignment } from "../../../../src/group/consumer/assignment.ts";
import type { Assignor, GroupToAssign } from "../../../../src/group/consumer/assignors/assignor.ts";
import { assignRanges } from "../../../../src/group/consumer/assignors/range.ts";
import { assignUniformly } from "../../../../src/group/consumer/assignors/uniform.ts";

type Targets = ReadonlyMap<string, Assignment>;
type Members = Record<string, readonly string[]>;

function group(members: Members, topics: Record<string, number>, targets: Targets): GroupToAssign {
  const subscriptions = Object.values(members).map((names) => [...names].sort().join());
  const targeted = new Set<string>();
  for (const target of targets.values()) {
    for (const [topicId, partitions] of target) {
      for (const partition of partitions) targeted.add(`${topicId}-${partition}`);
    }
  }
  return {
    members: Object.entries(members).map(([memberId, names]) => ({
      memberId,
      instanceId: memberId.startsWith("static") ? memberId : null,
      topicIds: names.filter((name) => name in topics).map((name) => name as Uuid),
      target: targets.get(memberId) ?? new Map(),
    })),
    isUniform: new Set(subscriptions).size <= 1,
    partitionCounts: new Map(Object.entries(topics).map(([name, count]) => [name as Uuid, count])),
    isTargeted: (topicId, partition) => targeted.has(`${topicId}-${partition}`),
  };
}

function sizes(targets: Targets): number[] {
  return [...targets.values()].map(sizeOf);
}

function sizeOf(target: Assignment): number {
  return [...target.values()].reduce((sum, partitions) => sum + partitions.length, 0);
}

function places(targets: Targets): Map<string, string> {
  const owners = new Map<string, string>();
  for (const [memberId, target] of targets) {
    for (const [topicId, partitions] of target) {
      for (const partition of partitions) {
        assert.equal(owners.get(`${topicId}-${partition}`), undefined, "given twice");
        owners.set(`${topicId}-${partition}`, memberId);
      }
    }
  }
  return owners;
}

/** Every partition that anybody subscribes to is given to one of its subscribers, once. */
function assertComplete(members: Members, topics: Record<string, number>, targets: Targets): void {
  const owners = places(targets);
  let expected = 0;
  for (const [topic, count] of Object.entries(topics)) {
    const subscribers = Object.keys(members).filter((member) => members[member]?.includes(topic));
    if (subscribers.length === 0) continue;
    expected += count;
    for (let partition = 0; partition < count; partition++) {
      const owner = owners.get(`${topic}-${partition}`);
      assert.ok(owner !== undefined && subscribers.includes(owner), `${topic}-${partition}`);
    }
  }
  assert.equal(owners.size, expected);
}

const topicSets = fc.dictionary(fc.constantFrom("t", "u", "v"), fc.integer({ min: 1, max: 12 }));
const memberSets = (min: number) =>
  fc.dictionary(
    fc.constantFrom("a", "b", "c", "d", "e", "static1", "static2"),
    fc.subarray(["t", "u", "v"]),
    { minKeys: min },
  );

for (const [name, assign] of [
  ["uniform", assignUniformly],
  ["range", assignRanges],
] satisfies [string, Assignor][]) {
  test(`${name}: each partition has one owner, a subscriber, through all changes of members`, () => {
    fc.assert(
      fc.property(
        topicSets,
        fc.array(memberSets(1), { minLength: 1, maxLength: 5 }),
        (topics, steps) => {
          let targets: Targets = new Map();
          for (const members of steps) {
            const kept = new Map([...targets].filter(([memberId]) => memberId in members));
            targets = assign(group(members, topics, kept));
            assertComplete(members, topics, targets);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
}

test("uniform: members of the same subscription differ by one partition at most", () => {
  fc.assert(
    fc.property(
      topicSets,
      fc.array(fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1 }), {
        minLength: 1,
        maxLength: 5,
      }),
      (topics, steps) => {
        let targets: Targets = new Map();
        for (const names of steps) {
          const members = Object.fromEntries(names.map((name) => [name, Object.keys(topics)]));
          const kept = new Map([...targets].filter(([memberId]) => memberId in members));
          targets = assignUniformly(group(members, topics, kept));
          assert.ok(Math.max(...sizes(targets)) - Math.min(...sizes(targets)) <= 1);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("uniform: nobody loses more than balance asks for when a member joins", () => {
  const topics = { t: 12 };
  const before = assignUniformly(group({ a: ["t"], b: ["t"] }, topics, new Map()));
  const members = { a: ["t"], b: ["t"], c: ["t"] };
  const after = assignUniformly(group(members, topics, before));
  const owners = places(after);
  const kept = [...places(before)].filter(([place, owner]) => owners.get(place) === owner);
  assert.equal(kept.length, 8);
  assert.deepEqual(sizes(after), [4, 4, 4]);
});

test("uniform: a balanced assignment stays as it is", () => {
  fc.assert(
    fc.property(topicSets, memberSets(1), (topics, members) => {
      const once = assignUniformly(group(members, topics, new Map()));
      const again = assignUniformly(group(members, topics, once));
      assert.deepEqual(new Map(places(again)), places(once));
    }),
    { numRuns: 500 },
  );
});

test("uniform: with different subscriptions no move from one subscriber to another is worth it", () => {
  fc.assert(
    fc.property(topicSets, memberSets(1), (topics, members) => {
      const targets = assignUniformly(group(members, topics, new Map()));
      for (const [giver, target] of targets) {
        for (const topic of target.keys()) {
          for (const taker of Object.keys(members)) {
            if (members[taker]?.includes(topic) !== true) continue;
            const difference = sizeOf(target) - sizeOf(targets.get(taker) ?? new Map());
            assert.ok(difference <= 1, `${giver} has ${difference} more than ${taker}`);
          }
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("range: partitions of topics with as many partitions and subscribers go together", () => {
  const topics = { t: 5, u: 5 };
  const members = { b: ["t", "u"], a: ["t", "u"], static1: ["t", "u"] };
  const targets = assignRanges(group(members, topics, new Map()));
  assert.deepEqual(
    [...(targets.get("static1") ?? [])],
    [
      ["t", [0, 1]],
      ["u", [0, 1]],
    ],
  );
  assert.deepEqual(
    [...(targets.get("a") ?? [])],
    [
      ["t", [2, 3]],
      ["u", [2, 3]],
    ],
  );
  assert.deepEqual(
    [...(targets.get("b") ?? [])],
    [
      ["t", [4]],
      ["u", [4]],
    ],
  );
});
