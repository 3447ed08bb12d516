import process, { argv, exit, stdout } from "node:process";
import { parseArgs } from "node:util";
import { SimCrash } from "@millrace/platform/sim";
import { FlipRun } from "./storage/flip-run.ts";
import { StorageRun } from "./storage/run.ts";
import { Totals } from "./storage/totals.ts";

const usage = `npm run test:crash -- [--points N] [--flips N] [--seed S] [--runs N] [--trace]
  --points N  crashes in all (5000)
  --flips N   flipped bits (points / 5)
  --seed S    first seed (1); each run takes the next
  --runs N    this many runs instead of points and flips; with --trace, prints every event
  --flip      with --runs: runs of flipped bits`;

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    points: { type: "string", default: "5000" },
    flips: { type: "string" },
    seed: { type: "string", default: "1" },
    runs: { type: "string" },
    flip: { type: "boolean", default: false },
    trace: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

// What nobody waited for when the simulated machine stopped is not an error of anybody's.
process.on("unhandledRejection", (error) => {
  if (error instanceof SimCrash) return;
  stdout.write(`unhandled rejection: ${String(error)}\n`);
  exit(2);
});

if (values.help) {
  stdout.write(`${usage}\n`);
} else {
  const isGood = await main();
  exit(isGood ? 0 : 1);
}

async function main(): Promise<boolean> {
  const totals = new Totals();
  const pointsMax = Number(values.points);
  const flipsMax = Number(values.flips ?? Math.ceil(pointsMax / 5));
  const runsMax = values.runs === undefined ? Number.POSITIVE_INFINITY : Number(values.runs);
  const isWanted = { storage: !values.flip, flip: values.flip || values.runs === undefined };
  let seed = Number(values.seed);
  for (let runs = 0; isWanted.storage && runs < runsMax; runs += 1) {
    if (values.runs === undefined && totals.crashCount >= pointsMax) break;
    await tryRun(seed, totals, "");
    seed += 1;
  }
  for (let runs = 0; isWanted.flip && runs < Math.min(runsMax, flipsMax); runs += 1) {
    await tryRun(seed, totals, " --flip");
    seed += 1;
  }
  stdout.write(totals.summary());
  return totals.failureCount === 0;
}

async function tryRun(seed: number, totals: Totals, flag: string): Promise<void> {
  const run = flag === "" ? new StorageRun(seed) : new FlipRun(seed);
  if (values.trace) run.observe((label) => stdout.write(`${label}\n`));
  try {
    if (run instanceof StorageRun) totals.add(await run.run());
    else totals.addFlip(await run.run());
  } catch (error) {
    totals.failureCount += 1;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    stdout.write(`seed ${seed}: ${text}\n`);
    stdout.write(`again: npm run test:crash -- --seed ${seed} --runs 1${flag} --trace\n`);
  }
}
