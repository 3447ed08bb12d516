import assert from "node:assert/strict";
import { test } from "node:test";
import { Roster } from "../src/roster.ts";

function assigned(member: string, held: readonly number[]) {
  return {
    atMs: 1,
    group: "g",
    member,
    kind: "assigned",
    partitions: held,
    held,
    generation: 1,
  } as const;
}

test("a group is in order when each partition has one member and each member has something", () => {
  const roster = new Roster();
  roster.take(assigned("a", [0, 2]));
  assert.equal(roster.disorder(["a"], 3), "partition 1 has []");
  roster.take(assigned("b", [1]));
  assert.equal(roster.disorder(["a", "b"], 3), undefined);
  assert.equal(roster.disorder(["a", "b", "c"], 3), "c has nothing");
  roster.take(assigned("c", [1]));
  assert.equal(roster.disorder(["a", "b", "c"], 3), "partition 1 has [b, c]");
});

test("who is gone, or not asked about, has nothing", () => {
  const roster = new Roster();
  roster.take(assigned("a", [0]));
  roster.take(assigned("b", [0]));
  assert.equal(roster.disorder(["b"], 1), undefined);
  roster.take({ atMs: 2, group: "g", member: "b", kind: "gone" });
  assert.match(roster.disorder(["b"], 1) ?? "", /partition 0 has \[\]; b has nothing/);
});
