import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";

/** A program that serves a stage's tests while they run. */
export interface BesideOptions {
  /** Run by Node, relative to the top folder: it prints one line when it is ready. */
  readonly script: string;
  /** The environment variable that gives tests that line. */
  readonly variable: string;
}

/** A program that runs beside a stage. */
export interface Beside {
  /** What the tests' environment has besides the usual. */
  readonly environment: Readonly<Record<string, string>>;
  /** Closes its input, and waits for its end. */
  stop(): Promise<void>;
}

/**
 * Starts a program and waits for its first line.
 * @throws Error when it ends without one.
 */
export async function startBeside(options: BesideOptions, root: string): Promise<Beside> {
  const child = spawn(process.execPath, [join(root, options.script)], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<number>((resolve) => {
    child.once("error", () => resolve(1));
    child.once("close", (code) => resolve(code ?? 1));
  });
  const line = await Promise.race([
    firstLine(child),
    ended.then((code) => Promise.reject(new Error(`${options.script} ended with ${code}`))),
  ]);
  const stop = async (): Promise<void> => {
    child.stdin?.end();
    await ended;
  };
  return { environment: { [options.variable]: line }, stop };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      const end = text.indexOf("\n");
      if (end >= 0) resolve(text.slice(0, end));
    });
  });
}
