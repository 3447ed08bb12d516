import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, exit, stdout } from "node:process";
import { parseArgs } from "node:util";
import { lacking } from "@millrace/conformance/harness";
import { describeVerdict } from "./history.ts";
import { KillRun } from "./kill-run.ts";

const usage = `npm run test:kill -- [--cycles N] [--per-second N]
  --cycles N      kill -9 so often (500)
  --per-second N  records sent (3000)`;

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    cycles: { type: "string", default: "500" },
    "per-second": { type: "string", default: "3000" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) stdout.write(`${usage}\n`);
else exit(await main());

async function main(): Promise<number> {
  const reason = await lacking("c");
  if (reason !== false) {
    stdout.write(`cannot run: ${reason}\n`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "millrace-kills-"));
  const startMs = performance.now();
  try {
    const report = await new KillRun({
      cycleCount: Number(values.cycles),
      perSecond: Number(values["per-second"]),
      cyclesPerJudgement: 50,
      random: Math.random,
      say: (line) => stdout.write(`${line}\n`),
    }).run(folder);
    const restartMs = report.restartMs.toSorted((left, right) => left - right);
    const seconds = Math.round((performance.now() - startMs) / 1000);
    stdout.write(
      `${report.cycleCount} kills of the broker under load in ${seconds} s, ` +
        `${report.producerCount} idempotent producers (librdkafka, acks=all)\n` +
        `${describeVerdict(report.verdict)}\n` +
        `back after ${Math.round(restartMs[restartMs.length >> 1] ?? 0)} ms (median), ` +
        `${Math.round(restartMs.at(-1) ?? 0)} ms (longest)\n`,
    );
    return 0;
  } catch (error) {
    stdout.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
