/**
 * kill -9 under load:
 *   npm run test:kill -- [--cycles 500] [--seed 1] [--rate 2000]
 * An idempotent librdkafka producer with acks=all runs through all crashes; at the end every
 * acknowledged record must be there once, unchanged and in its partition's order.
 */
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { find, kcatValues, output, startMillrace } from "@millrace/conformance/harness";
import { Load } from "./load.ts";
import { isKept, verify } from "./verify.ts";

const { values } = parseArgs({
  options: {
    cycles: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    rate: { type: "string", default: "2000" },
  },
});
const topic = "kill";
const partitionCount = 4;
/** A broker lives this long under load before it is killed. */
const lifeMsMin = 50;
const lifeMsMax = 600;
/** Each so many cycles a line says how far it is. */
const cyclesPerLine = 25;

const absent = ["kcat", "gcc"].filter((command) => find(command) === undefined);
if (absent.length > 0) {
  process.stdout.write(`kill: skipped: ${absent.join(" and ")} not installed\n`);
  process.exitCode = process.env["CI"] === "true" ? 1 : 0;
} else {
  process.exitCode = await main(Number(values.cycles), Number(values.seed));
}

async function main(cycles: number, seed: number): Promise<number> {
  const producer = await compileProducer();
  await using broker = await startMillrace({ properties: [`num.partitions=${partitionCount}`] });
  const { bootstrap } = broker;
  await output(["kcat", "-b", bootstrap, "-P", "-t", "first"], { input: "x\n" });
  const load = new Load([producer, bootstrap, topic, String(partitionCount), values.rate]);
  const chance = chanceFrom(seed);
  const began = performance.now();
  try {
    for (let cycle = 1; cycle <= cycles; cycle += 1) {
      await sleep(lifeMsMin + chance() * (lifeMsMax - lifeMsMin));
      await broker.kill();
      await broker.start();
      if (cycle % cyclesPerLine === 0) {
        process.stdout.write(`${cycle} kills, ${load.acknowledgedCount} records acknowledged\n`);
      }
    }
    return report(cycles, await load.end(), await readAll(bootstrap), began);
  } finally {
    load.kill();
  }
}

function report(
  cycles: number,
  result: Awaited<ReturnType<Load["end"]>>,
  partitions: readonly (readonly string[])[],
  began: number,
): number {
  const { acknowledged, givenUp, sentCount } = result;
  const verdict = verify(acknowledged, partitions);
  const isGood = isKept(verdict) && givenUp.length === 0 && acknowledged.size > 0;
  for (const [name, found] of Object.entries({ ...verdict, givenUp })) {
    if (typeof found === "number" || found.length === 0) continue;
    process.stdout.write(`${name}: ${found.length}, such as ${found.slice(0, 5).join(", ")}\n`);
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  process.stdout.write(
    `${isGood ? "✔" : "✖"} ${cycles} kills in ${seconds} s: ${sentCount} records sent, ` +
      `${acknowledged.size} acknowledged, ${verdict.readCount} read; ` +
      `${verdict.missing.length} missing, ${verdict.doubled.length} doubled, ` +
      `${verdict.altered.length} altered\n`,
  );
  return isGood ? 0 : 1;
}

async function readAll(bootstrap: string): Promise<readonly (readonly string[])[]> {
  const partitions: (readonly string[])[] = [];
  for (let partition = 0; partition < partitionCount; partition += 1) {
    partitions.push(await kcatValues(bootstrap, topic, partition));
  }
  return partitions;
}

async function compileProducer(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-kill-"));
  mkdirSync(folder, { recursive: true });
  const binary = join(folder, "producer");
  const source = join(import.meta.dirname, "../c/producer.c");
  await output(["gcc", "-O1", "-Wall", "-o", binary, source, "-lrdkafka"]);
  return binary;
}

/** The same numbers from 0 to 1 for the same seed. */
function chanceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
