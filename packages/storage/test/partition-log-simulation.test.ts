import { env } from "node:process";
import { test } from "node:test";
import { LogModel } from "./log-model.ts";

const seedCount = Number(env["MILLRACE_STORAGE_SEEDS"] ?? 60);
const firstSeed = Number(env["MILLRACE_STORAGE_SEED"] ?? 1);
const stepCount = 120;

test("a log does what a list of batches does, whatever the operations", async () => {
  await runSeeds(false);
});

test("nothing durable and nothing read is lost by crashes in any write or sync", async () => {
  await runSeeds(true);
});

async function runSeeds(crashes: boolean): Promise<void> {
  for (let seed = firstSeed; seed < firstSeed + seedCount; seed += 1) {
    const model = new LogModel(seed);
    try {
      for (let step = 0; step < stepCount; step += 1) await model.step(crashes);
    } catch (error) {
      const steps = model.trace.slice(-12).join("\n  ");
      throw new Error(`seed ${seed}, after\n  ${steps}`, { cause: error });
    }
  }
}
