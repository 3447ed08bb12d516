import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

/** What a run of the load client printed. */
export interface LoadResult {
  readonly records: number;
  readonly refused: number;
  readonly seconds: number;
  readonly clientCpuSeconds: number;
  readonly deliveryMs?: Percentiles;
  readonly endToEndMs?: Percentiles;
}

/** Percentiles of a latency in milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** A load client under way. */
export interface RunningLoad {
  /** Of the process, which is pinned by then. */
  readonly pid: number | undefined;
  /** Resolves when a consumer at the tail has reached the end and waits for more. */
  readonly ready: Promise<void>;
  readonly result: Promise<LoadResult>;
}

/** Options of a command of the load client: `--name value`, once for each value of a list. */
export type LoadOptions = Readonly<Record<string, string | number | readonly string[]>>;

/** The librdkafka load client, compiled on first use and pinned to one core. */
export class LoadClient {
  readonly #binary: string;
  readonly #core: string;

  constructor(options: { readonly binary: string; readonly core: string }) {
    this.#binary = options.binary;
    this.#core = options.core;
  }

  /** Runs a command to its end. @throws when it exits with another code than 0. */
  async run(command: string, options: LoadOptions): Promise<LoadResult> {
    return this.start(command, options).result;
  }

  /** Starts a command. */
  start(command: string, options: LoadOptions): RunningLoad {
    const flags = Object.entries(options).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).flatMap((each) => [`--${name}`, String(each)]),
    );
    const child = spawn("taskset", ["-c", this.#core, this.#binary, command, ...flags], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ready = Promise.withResolvers<void>();
    const result = Promise.withResolvers<LoadResult>();
    let output = "";
    child.stdout.on("data", (bytes: Buffer) => {
      output += bytes.toString();
      if (output.startsWith("ready\n")) ready.resolve();
    });
    child.on("error", result.reject);
    child.on("close", (code) => {
      ready.resolve();
      const last = output.trim().split("\n").at(-1) ?? "";
      if (code === 0) result.resolve(JSON.parse(last) as LoadResult);
      else
        result.reject(new Error(`load ${command} ${flags.join(" ")} ended with ${code}: ${last}`));
    });
    return { pid: child.pid, ready: ready.promise, result: result.promise };
  }
}

/**
 * Compiles the load client into `folder` unless the binary is newer than its sources; gives its
 * path.
 */
export function compileLoadClient(folder: string): string {
  const sources = path.join(import.meta.dirname, "..", "load");
  const files = readdirSync(sources).map((name) => path.join(sources, name));
  const binary = path.join(folder, "load");
  mkdirSync(folder, { recursive: true });
  const newest = Math.max(...files.map((file) => statSync(file).mtimeMs));
  const built = statSync(binary, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built < newest) {
    const units = files.filter((file) => file.endsWith(".c"));
    execFileSync("gcc", ["-O2", "-o", binary, ...units, "-lrdkafka", "-lpthread"], {
      stdio: "inherit",
    });
  }
  return binary;
}
