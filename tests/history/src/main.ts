import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, exit, stdout } from "node:process";
import { parseArgs } from "node:util";
import { lacking } from "@millrace/conformance/harness";
import { describeVerdict } from "./check-history.ts";
import { runHistory } from "./history-run.ts";

const usage = `npm run test:history -- [--seconds N] [--seed S] [--protocol classic|consumer]
  --seconds N   clients work and the broker suffers for so long (60)
  --seed S      the same faults at the same times (by the clock)
  --protocol P  of the group that copies; without it the seed says`;

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string" },
    protocol: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) stdout.write(`${usage}\n`);
else exit(await main());

async function main(): Promise<number> {
  const reason = await lacking("go");
  if (reason !== false) {
    stdout.write(`cannot run: ${reason}\n`);
    return 2;
  }
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const wanted = values.protocol ?? (seed % 2 === 0 ? "classic" : "consumer");
  const protocol = wanted === "classic" ? "classic" : "consumer";
  const seconds = Number(values.seconds);
  const folder = mkdtempSync(join(tmpdir(), "millrace-history-"));
  stdout.write(`seed ${seed}, ${seconds} s, copied by a ${protocol} group\n`);
  try {
    const { verdict, faults, wires } = await runHistory({ seconds, seed, protocol, folder });
    stdout.write(`broker: ${list(faults)}; wires: ${list({ ...wires })}\n`);
    stdout.write(`${describeVerdict(verdict)}\n`);
    if (verdict.anomalies.size === 0) rmSync(folder, { recursive: true, force: true });
    else stdout.write(`the history: ${folder}\n`);
    return verdict.anomalies.size === 0 ? 0 : 1;
  } catch (error) {
    stdout.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    stdout.write(`the history: ${folder}\n`);
    return 1;
  }
}

function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}
