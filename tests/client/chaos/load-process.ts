import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, openSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { ChaosEvent, LoadCommand, LoadPhase, LoadSettings } from "./events.ts";

const main = fileURLToPath(new URL("load/main.ts", import.meta.url));

/** The clients, in a process of their own. */
export class LoadProcess implements AsyncDisposable {
  /** When the process has ended and everything that it said was heard. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #phases = new Set<LoadPhase>();
  #wake: () => void = () => undefined;

  private constructor(child: ChildProcess, ended: Promise<number | null>) {
    this.#child = child;
    this.ended = ended;
  }

  /**
   * Starts it.
   * @param folder where `events.ndjson` and `client.log` are kept
   */
  static start(
    settings: LoadSettings,
    folder: string,
    onEvent: (event: ChaosEvent) => void,
  ): LoadProcess {
    const args = ["--expose-gc", "--conditions=@millrace/source", main, JSON.stringify(settings)];
    const log = openSync(join(folder, "client.log"), "a");
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", log] });
    assert(child.stdout !== null, "its output is a pipe");
    const kept = createWriteStream(join(folder, "events.ndjson"));
    const lines = createInterface({ input: child.stdout });
    const ended = Promise.all([once(child, "close"), once(lines, "close")]).then(() => {
      kept.end();
      return child.exitCode;
    });
    const load = new LoadProcess(child, ended);
    lines.on("line", (line) => {
      kept.write(`${line}\n`);
      const event = eventOf(line);
      if (event.kind === "phase") load.#reach(event.name);
      onEvent(event);
    });
    void ended.then(() => load.#wake());
    return load;
  }

  tell(command: LoadCommand): void {
    this.#child.stdin?.write(`${command}\n`);
  }

  /** Waits for a point of its life. @throws Error when it ends before, or takes too long */
  async reached(phase: LoadPhase, timeoutMs: number): Promise<void> {
    const timer = setTimeout(() => this.#wake(), timeoutMs);
    const endMs = performance.now() + timeoutMs;
    while (!this.#phases.has(phase)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`the load ended before it was "${phase}"; see client.log`);
      }
      if (performance.now() >= endMs) throw new Error(`the load is not "${phase}" in time`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    clearTimeout(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  #reach(phase: LoadPhase): void {
    this.#phases.add(phase);
    this.#wake();
  }
}

function eventOf(line: string): ChaosEvent {
  const value: unknown = JSON.parse(line);
  if (!isEvent(value)) throw new Error(`no event: ${line}`);
  return value;
}

/** The load is of the same sources: what has a kind is whole. */
function isEvent(value: unknown): value is ChaosEvent {
  return typeof value === "object" && value !== null && "kind" in value && "atMs" in value;
}
