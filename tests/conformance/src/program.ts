import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/** How a program ended. */
export interface ProgramResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** How a program is run. */
export interface ProgramOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** It is killed after this time, and its result says so; 60 s when not given. */
  readonly timeoutMs?: number;
}

/** Runs a program to its end. */
export function runProgram(
  words: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const [command = "", ...args] = words;
  const timeoutMs = options.timeoutMs ?? 60_000;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const timer = setTimeout(() => {
      stderr.push(Buffer.from(`\n(killed after ${timeoutMs} ms)`));
      child.kill("SIGKILL");
    }, timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // A program that ends without reading its input is judged by its status.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input);
    child.on("error", (error) => stderr.push(Buffer.from(error.message)));
    child.on("close", (code) => {
      clearTimeout(timer);
      const text = Buffer.concat(stderr).toString("utf8");
      resolve({ status: code ?? 1, stdout: Buffer.concat(stdout), stderr: text });
    });
  });
}

/** Runs a program that must succeed, and gives what it wrote to standard output. */
export async function output(
  words: readonly string[],
  options: ProgramOptions = {},
): Promise<Buffer> {
  const { status, stdout, stderr } = await runProgram(words, options);
  if (status === 0) return stdout;
  const said = [stderr.trim(), stdout.toString("utf8").trim()].filter((text) => text !== "");
  throw new Error(`${words.slice(0, 12).join(" ")}: ended with ${status}\n${said.join("\n")}`);
}

/** Where a command stands on the path; undefined when it is not installed. */
export function find(command: string): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, command);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder: the next may have it.
    }
  }
  return undefined;
}
