/**
 * The one test command: every gate in turn, a summary, and the test runner's closing lines.
 *   npm test                      all stages
 *   npm test -- unit protocol     one stage, only test files whose path has that word
 *   npm run format                mends the format
 */
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import type { Stage, StageContext, StageResult } from "./stage.ts";
import { addCounts, noTests } from "./stage.ts";
import { stages } from "./stages.ts";

const { values, positionals } = parseArgs({
  options: { write: { type: "boolean", default: false } },
  allowPositionals: true,
});
const chosen = stages.filter((stage) => positionals.includes(stage.name));
const context: StageContext = {
  root: dirname(dirname(dirname(import.meta.dirname))),
  cacheFolder: join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "millrace"),
  isCi: process.env["CI"] === "true" || process.env["CI"] === "1",
  write: values.write,
  words: positionals.filter((word) => !stages.some((stage) => stage.name === word)),
};
process.exitCode = await main(chosen.length > 0 ? chosen : stages);

async function main(selected: readonly Stage[]): Promise<number> {
  const rows: { stage: Stage; result: StageResult; elapsedMs: number }[] = [];
  const began = performance.now();
  for (const stage of selected) {
    process.stdout.write(`▶ ${stage.name}: ${stage.claim}\n`);
    const stageBegan = performance.now();
    const result = await settle(stage);
    const elapsedMs = performance.now() - stageBegan;
    rows.push({ stage, result, elapsedMs });
    if (result.outcome === "failed" && result.report !== undefined) {
      process.stdout.write(`${result.report.trimEnd()}\n`);
    }
    process.stdout.write(`${line({ stage, result, elapsedMs })}\n\n`);
  }
  printSummary(rows);
  printClosingLines(rows, performance.now() - began);
  return rows.some((row) => hasFailed(row.result)) ? 1 : 0;
}

async function settle(stage: Stage): Promise<StageResult> {
  try {
    return await stage.run(context);
  } catch (error) {
    const report = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { outcome: "failed", detail: "the stage itself broke", report };
  }
}

function hasFailed(result: StageResult): boolean {
  return result.outcome === "failed" || (result.outcome === "skipped" && context.isCi);
}

interface Row {
  readonly stage: Stage;
  readonly result: StageResult;
  readonly elapsedMs: number;
}

function line({ stage, result, elapsedMs }: Row): string {
  const mark = hasFailed(result) ? "✖" : result.outcome === "ok" ? "✔" : "-";
  const seconds = `${(elapsedMs / 1000).toFixed(1)} s`;
  const outcome = result.outcome === "ok" ? "" : `${result.outcome}: `;
  return `${mark} ${stage.name.padEnd(12)} ${seconds.padStart(8)}  ${outcome}${result.detail}`;
}

function printSummary(rows: readonly Row[]): void {
  process.stdout.write("Summary\n");
  for (const row of rows) process.stdout.write(`${line(row)}\n`);
  process.stdout.write("\n");
}

/** The form of Node's own test runner, over all stages: what a CI reads. */
function printClosingLines(rows: readonly Row[], elapsedMs: number): void {
  let counts = noTests;
  for (const { result } of rows) counts = addCounts(counts, result.counts ?? noTests);
  const lines = [
    `tests ${counts.tests}`,
    `suites ${counts.suites}`,
    `pass ${counts.passed}`,
    `fail ${counts.failed}`,
    `cancelled ${counts.cancelled}`,
    `skipped ${counts.skipped}`,
    `todo ${counts.todo}`,
    `duration_ms ${elapsedMs.toFixed(0)}`,
  ];
  for (const text of lines) process.stdout.write(`ℹ ${text}\n`);
}
