import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, exit, stdout } from "node:process";
import { parseArgs } from "node:util";

import { type ChaosReport, runChaos } from "./chaos-run.ts";
import { inMebibytes, type MemorySample } from "./memory-judge.ts";

const usage = `npm run soak:client -- [--minutes N | --seconds N] [--seed S] [--rate R] [--kafka]
  --minutes N   clients work and the broker suffers for so long (10)
  --seed S      the same faults at the same times (by the clock)
  --rate R      records a second of each producer (20)
  --calm MS     the longest pause between two faults (5000)
  --kafka       on Apache Kafka
  --keep        keeps what was told also when nothing is found`;

const memoryLineEveryMs = 10_000;

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    minutes: { type: "string", default: "10" },
    seconds: { type: "string" },
    seed: { type: "string" },
    rate: { type: "string", default: "20" },
    calm: { type: "string", default: "5000" },
    kafka: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) stdout.write(`${usage}\n`);
else exit(await main());

async function main(): Promise<number> {
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const seconds = Number(values.seconds ?? Number(values.minutes) * 60);
  const folder = mkdtempSync(join(tmpdir(), "millrace-chaos-"));
  const kind = values.kafka ? "kafka" : "millrace";
  stdout.write(`seed ${seed}, ${seconds} s on ${kind}\n`);
  try {
    const report = await runChaos({
      kind,
      seconds,
      seed,
      rate: Number(values.rate),
      calmMsMax: Number(values.calm),
      folder,
      onMemory: memoryLines(),
    });
    stdout.write(`${describe(report)}\n`);
    if (!report.findings.isEmpty) stdout.write(`${report.findings.describe()}\n`);
    if (!report.findings.isEmpty || values.keep) {
      stdout.write(`seed ${seed}; what was told: ${folder}\n`);
    } else rmSync(folder, { recursive: true, force: true });
    if (report.findings.isEmpty) return 0;
  } catch (error) {
    stdout.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    stdout.write(`seed ${seed}; what was told: ${folder}\n`);
  }
  return 1;
}

function memoryLines(): (sample: MemorySample) => void {
  const startMs = performance.timeOrigin + performance.now();
  let lastMs = 0;
  return ({ atMs, rssBytes, heapBytes }) => {
    if (atMs - lastMs < memoryLineEveryMs - 1_000) return;
    lastMs = atMs;
    const seconds = Math.round((atMs - startMs) / 1_000);
    stdout.write(`${seconds} s: RSS ${inMebibytes(rssBytes)}, heap ${inMebibytes(heapBytes)}\n`);
  };
}

function describe({ faults, wires, counts, errors, recoveryMs, findings }: ChaosReport): string {
  return [
    `broker and wires: ${list(faults)}; frames: ${list({ ...wires })}`,
    `errors of loops and transactions: ${list(Object.fromEntries(errors)) || "none"}`,
    `${list(counts)}; well again after ${recoveryMs} ms: ${findings.isEmpty ? "nothing" : "FINDINGS"}`,
  ].join("\n");
}

function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}
