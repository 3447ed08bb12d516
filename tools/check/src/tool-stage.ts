import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import type { Stage, StageContext, StageResult } from "./stage.ts";

/** A stage that is a program's run: it holds when the program ends with 0. */
export interface ToolStageOptions {
  readonly name: string;
  readonly claim: string;
  /** The program's script, run by Node; relative to the top folder. */
  readonly script: string;
  readonly args: readonly string[];
  /** Arguments instead of `args` when what can be mended shall be mended. */
  readonly writeArgs?: readonly string[];
  /** What to do when it fails, after the program's own output. */
  readonly advice: string;
}

/** Makes a stage of a program. */
export function toolStage(options: ToolStageOptions): Stage {
  return {
    name: options.name,
    claim: options.claim,
    run: (context) => runTool(options, context),
  };
}

async function runTool(options: ToolStageOptions, context: StageContext): Promise<StageResult> {
  const args = context.write ? (options.writeArgs ?? options.args) : options.args;
  const { status, output } = await capture(process.execPath, {
    args: [join(context.root, options.script), ...args],
    cwd: context.root,
  });
  const last = output.trimEnd().split("\n").at(-1)?.trim() ?? "";
  if (status === 0) return { outcome: "ok", detail: last.slice(0, 80) };
  return { outcome: "failed", detail: options.advice, report: output };
}

/** Runs a program and gives what it printed, both streams together as they came. */
export function capture(
  command: string,
  options: {
    readonly args: readonly string[];
    readonly cwd: string;
    readonly env?: NodeJS.ProcessEnv;
  },
): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, options.args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    const keep = (chunk: Buffer): void => void chunks.push(chunk);
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => resolve({ status: 1, output: `${command}: ${error.message}` }));
    child.on("close", (code) => {
      resolve({ status: code ?? 1, output: Buffer.concat(chunks).toString("utf8") });
    });
  });
}
