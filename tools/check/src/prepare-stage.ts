import { spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import type { Stage, StageContext, StageResult } from "./stage.ts";

/** A stage that puts in place what later ones need. */
export interface PrepareStageOptions {
  readonly name: string;
  readonly claim: string;
  /**
   * The program, relative to the top folder. Each line of its output is something that could not
   * be had: the tests that need it skip themselves, and on CI this stage fails.
   */
  readonly script: string;
}

/** Makes a stage that prepares. */
export function prepareStage(options: PrepareStageOptions): Stage {
  const { name, claim } = options;
  return { name, claim, run: (context) => Promise.resolve(prepare(options, context)) };
}

function prepare(options: PrepareStageOptions, context: StageContext): StageResult {
  const { status, stdout } = spawnSync(process.execPath, [join(context.root, options.script)], {
    cwd: context.root,
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  const missing = stdout.split("\n").filter((line) => line !== "");
  if (status !== 0) missing.push(`${options.script} ended with ${status}`);
  if (missing.length === 0) return { outcome: "ok", detail: "everything is in place" };
  const detail = `${missing.length} not to be had`;
  for (const line of missing) process.stdout.write(`  not to be had: ${line}\n`);
  return { outcome: context.isCi ? "failed" : "skipped", detail };
}
