import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@millrace/history/faults";
import { Torment } from "../src/torment.ts";

/** Members that note what is done to them, and refuse what cannot be done. */
function scene(seed: number) {
  const done: string[] = [];
  const join = (slot: number, life: number) => {
    const name = `${slot}.${life}`;
    let state = "there";
    const note = (what: string, from: string, to: string) => () => {
      assert.equal(state, from, `${what} ${name}`);
      state = to;
      done.push(`${what} ${name}`);
    };
    done.push(`join ${name}`);
    return {
      name,
      leave: note("leave", "there", "away"),
      kill: note("kill", "there", "away"),
      pause: note("pause", "there", "still"),
      resume: note("resume", "still", "there"),
    };
  };
  return { done, torment: new Torment({ slotCount: 5, join, random: seededRandom(seed) }) };
}

test("everything happens to members, in an order that can be, and a seed repeats it", () => {
  const run = () => {
    const { done, torment } = scene(3);
    torment.settle();
    for (let nowMs = 0; nowMs < 100_000; nowMs += 200) torment.step(nowMs);
    torment.settle();
    return { done, torment };
  };
  const { done, torment } = run();
  for (const count of Object.values(torment.counts)) assert.ok(count > 20);
  assert.equal(torment.members.length, 5);
  const stillCount = (what: string) => done.filter((line) => line.startsWith(what)).length;
  assert.equal(stillCount("pause"), stillCount("resume"));
  assert.deepEqual(run().done, done);
});

test("only the slots that are meant are filled", () => {
  const { torment } = scene(1);
  torment.settle((slot) => slot === 2);
  assert.deepEqual(torment.members, ["2.1"]);
});
