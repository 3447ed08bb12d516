import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type GroupEvent, parseGroupEvent } from "../src/group-event.ts";
import { isGood, judgeGroup } from "../src/judge-groups.ts";

const rules = { sessionMs: 1000, hasGenerations: true, toleranceMs: 0 };
const partitions = [0];

/** One thing that a member says about partition 0. */
type Said = readonly [atMs: number, member: string, what: GroupEvent["kind"], generation?: number];

function events(...said: readonly Said[]): readonly GroupEvent[] {
  return said.map(([atMs, member, kind, generation = atMs]): GroupEvent => {
    const common = { atMs, group: "g", member };
    switch (kind) {
      case "assigned":
        return { ...common, kind, partitions, held: partitions, generation };
      case "revoked":
      case "lost":
        return { ...common, kind, partitions, held: [], generation };
      case "heartbeat":
        return { ...common, kind, sentAtMs: atMs };
      case "committed":
        return { ...common, kind, partition: 0, offset: generation };
      case "gone":
      case "held":
      case "resumed":
        return { ...common, kind };
      default:
        return { ...common, kind: "note", reason: "" };
    }
  });
}

test("one owner after another is right", () => {
  const verdict = judgeGroup(
    events([1, "a", "assigned"], [2, "a", "revoked"], [3, "b", "assigned"]),
    rules,
  );
  assert.equal(isGood(verdict), true);
  assert.equal(verdict.claimCount, 2);
  assert.equal(verdict.generationCount, 2);
});

test("two owners at one time are found", () => {
  const said: readonly Said[] = [
    [1, "a", "assigned"],
    [2, "b", "assigned"],
    [3, "a", "revoked"],
  ];
  const { sharedAtATime } = judgeGroup(events(...said), rules);
  assert.deepEqual(sharedAtATime, ["partition 0: a from 1.0 to 3.0, b from 2.0 to now"]);
});

test("two owners in one generation are found, however far apart they speak", () => {
  const said: readonly Said[] = [
    [1, "a", "assigned", 7],
    [2, "a", "revoked", 7],
    [9, "b", "assigned", 7],
  ];
  const { sharedAtATime, sharedInAGeneration } = judgeGroup(events(...said), rules);
  assert.deepEqual(sharedAtATime, []);
  assert.deepEqual(sharedInAGeneration, ["partition 0 in generation 7: a and b"]);
});

test("a committed offset that goes back is found", () => {
  const said: readonly Said[] = [
    [1, "", "committed", 10],
    [2, "", "committed", 11],
    [3, "", "committed", 10],
  ];
  assert.deepEqual(judgeGroup(events(...said), rules).wentBack, ["partition 0: from 11 to 10"]);
});

test("a claim lapses a session after the last heartbeat that was answered in time", () => {
  const until = (answeredAtMs: number) => {
    const late = events(
      [0, "a", "assigned"],
      [100, "a", "heartbeat"],
      [answeredAtMs, "a", "heartbeat"],
      [1500, "b", "assigned"],
      [5000, "a", "lost"],
    );
    return judgeGroup(late, rules).sharedAtATime.length;
  };
  assert.equal(until(1000), 1, "answered in time: b is too early");
  assert.equal(until(1200), 0, "answered when the session may have been over");
});

test("a member that was killed has nothing, whatever it says later", () => {
  const said = events(
    [1, "a", "assigned"],
    [2, "a", "gone"],
    [3, "b", "assigned"],
    [4, "a", "assigned"],
  );
  assert.equal(isGood(judgeGroup(said, { ...rules, hasGenerations: false })), true);
});

test("a member that was stopped is believed a session after it goes on", () => {
  const saidAt = (atMs: number) => {
    const said = events(
      [1, "a", "assigned"],
      [2, "a", "held"],
      [3, "b", "assigned"],
      [4, "b", "revoked"],
      [5, "a", "resumed"],
      [atMs, "a", "assigned"],
      [2000, "c", "assigned"],
    );
    return judgeGroup(said, rules).sharedAtATime.length;
  };
  assert.equal(saidAt(1000), 0, "that may have been an answer of before");
  assert.equal(saidAt(1006), 1);
});

test("whoever takes a partition too early is found, among any number of right owners", () => {
  const count = fc.integer({ min: 2, max: 60 });
  fc.assert(
    fc.property(count, fc.nat(), fc.nat(), (ownerCount, early, by) => {
      const said = Array.from({ length: ownerCount }, (_, index): readonly Said[] => [
        [index * 100 + 10, `m${index}`, "assigned"],
        [index * 100 + 90, `m${index}`, "revoked"],
      ]);
      assert.equal(isGood(judgeGroup(events(...said.flat()), rules)), true);
      const chosen = 1 + (early % (ownerCount - 1));
      const atMs = chosen * 100 - 10 - (1 + (by % 79));
      const planted = said.with(chosen, [
        [atMs, `m${chosen}`, "assigned"],
        [chosen * 100 + 90, `m${chosen}`, "revoked"],
      ]);
      const inOrder = planted.flat().sort(([left], [right]) => left - right);
      assert.equal(judgeGroup(events(...inOrder), rules).sharedAtATime.length, 1);
    }),
  );
});

test("an event is read from its line, and what is none is refused", () => {
  const event = parseGroupEvent('{"atMs":1.5,"group":"g","member":"m","kind":"assigned"}');
  assert.deepEqual(event.kind === "assigned" && event.held, []);
  assert.throws(
    () => parseGroupEvent('{"atMs":1,"group":"g","member":"m","kind":"dances"}'),
    /no event/,
  );
});
