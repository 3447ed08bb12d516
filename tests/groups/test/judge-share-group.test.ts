import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { GroupEvent } from "../src/group-event.ts";
import { judgeShareGroup, type ShareVerdict } from "../src/judge-share-group.ts";
import { wrongOf } from "../src/wrong-of.ts";

const rules = { lockMs: 4000, deliveryCountMax: 6 };

/** A record of partition 0 delivered, or something made of it. */
function acquired(atMs: number, member: string, offset: number, count = 1): GroupEvent {
  const common = { atMs, group: "g", member, partition: 0, deadlineMs: atMs + rules.lockMs };
  return { ...common, kind: "acquired", offsets: [offset], counts: [count] };
}

function accepted(atMs: number, member: string, offset: number): readonly GroupEvent[] {
  const common = { atMs, group: "g", member, partition: 0, offsets: [offset], released: [] };
  return [
    { ...common, kind: "acknowledging" },
    { ...common, kind: "acknowledged" },
  ];
}

function released(atMs: number, member: string, offset: number): GroupEvent {
  const common = { atMs, group: "g", member, partition: 0, offsets: [], released: [offset] };
  return { ...common, kind: "acknowledging" };
}

function told(
  kind: "dropped" | "standing" | "going" | "gone",
  atMs: number,
  member: string,
): GroupEvent {
  return { atMs, group: "g", member, kind };
}

function produced(endOffset: number): GroupEvent {
  return { atMs: 9e9, group: "g", member: "", kind: "produced", partition: 0, offset: endOffset };
}

function judged(...events: readonly (GroupEvent | readonly GroupEvent[])[]): ShareVerdict {
  return judgeShareGroup(events.flat(), rules);
}

test("records that are accepted, or released and accepted by another, are right", () => {
  const verdict = judged(
    acquired(1, "a", 0),
    accepted(2, "a", 0),
    acquired(3, "a", 1),
    released(4, "a", 1),
    acquired(5, "b", 1, 2),
    accepted(6, "b", 1),
    produced(2),
  );
  assert.deepEqual(wrongOf(verdict), []);
  assert.deepEqual(
    [verdict.recordCount, verdict.deliveryCount, verdict.redeliveredCount],
    [2, 3, 1],
  );
});

test("a record that two members hold is found", () => {
  const verdict = judged(acquired(1, "a", 0), acquired(2, "b", 0, 2));
  assert.deepEqual(verdict.heldByTwo, ["0@0 by a and from 2 by b"]);
});

test("a lock that is over, a connection that ended or a member that died hold nothing", () => {
  const after = (event: GroupEvent, atMs: number) =>
    judged(acquired(1, "a", 0), event, acquired(atMs, "b", 0, 2)).heldByTwo.length;
  const nothing: GroupEvent = { atMs: 2, group: "g", member: "a", kind: "note", reason: "" };
  assert.equal(after(nothing, 2000), 1);
  assert.equal(after(nothing, 4500), 0);
  for (const kind of ["dropped", "standing", "gone"] as const) {
    assert.equal(after(told(kind, 2, "a"), 2000), 0, kind);
  }
});

test("what a member holds when it goes on is believed when a lock's time has passed", () => {
  const saidAt = (atMs: number) =>
    judged(
      told("standing", 1, "a"),
      told("going", 10, "a"),
      acquired(atMs, "a", 0),
      acquired(atMs + 1, "b", 0, 2),
    ).heldByTwo.length;
  assert.equal(saidAt(4000), 0);
  assert.equal(saidAt(4010), 1);
});

test("a delivery beyond the limit is found", () => {
  const verdict = judged(acquired(1, "a", 0, 6), released(2, "a", 0), acquired(3, "b", 0, 7));
  assert.deepEqual(verdict.deliveredTooOften, ["0@0 to b for the 7th time"]);
});

test("a delivery of a record that was done is found", () => {
  const verdict = judged(acquired(1, "a", 0), accepted(2, "a", 0), acquired(3, "b", 0, 2));
  assert.deepEqual(verdict.deliveredAfterDone, ["0@0 to b at 3"]);
});

test("a member that died or lost its connection meanwhile has not heard that a record is done", () => {
  const deliveredAgain = (event: GroupEvent) => {
    const [asked, heard] = accepted(2, "a", 0);
    assert.ok(asked && heard);
    return judged(acquired(1, "a", 0), asked, event, heard, acquired(3, "b", 0, 2));
  };
  for (const kind of ["dropped", "standing", "gone"] as const) {
    assert.deepEqual(deliveredAgain(told(kind, 2, "a")).deliveredAfterDone, [], kind);
  }
});

test("records that the group forgot are found, those given up at the limit are not", () => {
  const verdict = judged(
    acquired(1, "a", 0, 2),
    released(2, "a", 0),
    acquired(3, "a", 1, 6),
    released(4, "a", 1),
    produced(3),
  );
  assert.deepEqual(verdict.forgotten, [
    "0@0 was given up after 2 deliveries",
    "0@2 was never delivered",
  ]);
});

test("a start offset that goes back is found", () => {
  const start = (offset: number): GroupEvent => {
    return { atMs: 1, group: "g", member: "", kind: "committed", partition: 0, offset };
  };
  assert.deepEqual(judged(start(4), start(5), start(3)).wentBack, ["partition 0: from 5 to 3"]);
});

test("whoever takes a record from another is found, among any number of right deliveries", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 80 }), fc.nat(), (recordCount, chosen) => {
      const right = Array.from({ length: recordCount }, (_, offset): readonly GroupEvent[] => [
        acquired(offset * 10, `m${offset % 7}`, offset),
        released(offset * 10 + 2, `m${offset % 7}`, offset),
        acquired(offset * 10 + 4, `m${(offset + 1) % 7}`, offset, 2),
        ...accepted(offset * 10 + 6, `m${(offset + 1) % 7}`, offset),
      ]);
      assert.deepEqual(wrongOf(judged(...right, produced(recordCount))), []);
      const offset = chosen % recordCount;
      const taken = acquired(offset * 10 + 1, `m${(offset + 3) % 7}`, offset, 2);
      const planted = right.flat().toSpliced(offset * 5 + 1, 0, taken);
      assert.ok(judged(planted, produced(recordCount)).heldByTwo.length > 0);
    }),
  );
});
