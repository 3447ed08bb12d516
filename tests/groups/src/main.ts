import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, exit, stdout } from "node:process";
import { parseArgs } from "node:util";
import { lacking } from "@millrace/conformance/harness";
import { type GroupReport, runGroups } from "./groups-run.ts";
import type { GroupVerdict } from "./judge-groups.ts";
import type { ShareVerdict } from "./judge-share-group.ts";
import { wrongOf } from "./wrong-of.ts";

const usage = `npm run test:groups -- [--seconds N] [--seed S]
  --seconds N  members come, leave, die and stand still for so long (60)
  --seed S     the same to the same members`;

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string" },
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
  const seconds = Number(values.seconds);
  const folder = mkdtempSync(join(tmpdir(), "millrace-groups-"));
  stdout.write(`seed ${seed}, ${seconds} s, 20 members in each group\n`);
  try {
    const reports = await runGroups({ seconds, seed, folder });
    for (const report of reports) stdout.write(`${describe(report)}\n`);
    if (reports.every(({ verdict }) => wrongOf(verdict).length === 0)) {
      stdout.write("no partition was shared, no record was held by two, no offset went back\n");
      rmSync(folder, { recursive: true, force: true });
      return 0;
    }
  } catch (error) {
    stdout.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  stdout.write(`what the members said: ${folder}\n`);
  return 1;
}

function describe({ protocol, verdict, counts, stableAfterMs }: GroupReport): string {
  const done = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  const wrong = wrongOf(verdict).slice(0, 8);
  const settled = `${protocol === "share" ? "all done" : "stable"} after ${(stableAfterMs / 1000).toFixed(1)} s`;
  const lines = wrong.map((line) => `\n  ${line}`).join("");
  return `${protocol}: ${done.join(", ")}; ${seen(verdict)}; ${settled}${lines}`;
}

function seen(verdict: GroupVerdict | ShareVerdict): string {
  if ("recordCount" in verdict) {
    const { recordCount, deliveryCount, redeliveredCount } = verdict;
    return `${recordCount} records, ${deliveryCount} deliveries, ${redeliveredCount} of them again`;
  }
  const { generationCount, claimCount, commitCount } = verdict;
  const generations = generationCount > 0 ? ` in ${generationCount} generations` : "";
  return `${claimCount} claims${generations}, ${commitCount} commits seen`;
}
