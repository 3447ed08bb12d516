import assert from "node:assert/strict";
import { env } from "node:process";
import { test } from "node:test";
import { groupSegments } from "../../src/compaction/log-compaction.ts";
import { CompactionModel } from "./compaction-model.ts";

const seedCount = Number(env["MILLRACE_STORAGE_SEEDS"] ?? 25);
const firstSeed = Number(env["MILLRACE_STORAGE_SEED"] ?? 1);
const stepCount = 150;

test("compaction keeps the last value of every key, and what a consumer may still need", async () => {
  const { swaps, removed } = await runSeeds(false);
  assert.ok(swaps > seedCount && removed > seedCount, "compactions had something to do");
});

test("a crash anywhere in a compaction loses nothing and brings nothing back", async () => {
  const { crashes } = await runSeeds(true);
  assert.ok(crashes > seedCount, "compactions were interrupted");
});

test("a crash in any change that a compaction makes leaves the log whole", async () => {
  let points = 0;
  for (let seed = firstSeed; seed < firstSeed + Math.ceil(seedCount / 8); seed += 1) {
    for (let fate = 0; fate < 2; fate += 1) points += await crashInEachChange(seed, fate);
  }
  assert.ok(points > seedCount * 5, `${points} crash points`);
});

/** Crashes one compaction in its first change, another in its second, and so on to the last. */
async function crashInEachChange(seed: number, fate: number): Promise<number> {
  for (let change = 1; ; change += 1) {
    const model = new CompactionModel(seed);
    try {
      if (!(await model.crashInChange(change, change + fate))) return change - 1;
    } catch (error) {
      const steps = model.trace.slice(-6).join("\n  ");
      const where = `seed ${seed}, fate ${fate}, change ${change}`;
      throw new Error(`${where}, after\n  ${steps}`, { cause: error });
    }
  }
}

async function runSeeds(
  crashes: boolean,
): Promise<{ swaps: number; removed: number; crashes: number }> {
  const sums = { swaps: 0, removed: 0, crashes: 0 };
  for (let seed = firstSeed; seed < firstSeed + seedCount; seed += 1) {
    const model = new CompactionModel(seed);
    try {
      for (let step = 0; step < stepCount; step += 1) await model.step(crashes);
      await model.finish();
    } catch (error) {
      const steps = model.trace.slice(-16).join("\n  ");
      throw new Error(`seed ${seed}, after\n  ${steps}`, { cause: error });
    }
    sums.swaps += model.swapCount;
    sums.removed += model.removedCount;
    sums.crashes += model.crashCount;
  }
  return sums;
}

test("neighbours become one segment while they fit", () => {
  const segment = (baseOffset: number, sizeBytes: number) => ({ baseOffset, sizeBytes });
  const segments = [segment(0, 40), segment(10, 50), segment(20, 20), segment(2 ** 32, 5)];
  const limits = { segmentBytes: 100, endOffset: 2 ** 32 + 10 };
  const groups = groupSegments(segments, limits);
  assert.deepEqual(
    groups.map((group) => group.map(({ baseOffset }) => baseOffset)),
    [[0, 10], [20], [2 ** 32]],
  );
});
