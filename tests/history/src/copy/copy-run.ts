import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type Broker, output, startMillrace } from "@millrace/conformance/harness";
import { goProgram } from "../go-program.ts";
import { seededRandom } from "../seeded-random.ts";
import { SupervisedCopier } from "./copier.ts";
import { CopyReader } from "./copy-reader.ts";

const transactionSize = 750;
/** So many transactions come between two disturbances, at most. */
const calmTransactionsMax = 3;
/** Whoever sees nothing new for so long has been forgotten. */
const progressMsMax = 90_000;
const pollMs = 20;

const disturbances = [
  "broker killed",
  "broker stopped",
  "copier killed",
  "copier stopped",
] as const;

/** What may happen. */
export type Disturbance = (typeof disturbances)[number];

/** What a run does. */
export interface CopyRunOptions {
  readonly recordCount: number;
  readonly seed: number;
}

/** What a run came to. */
export interface CopyRunReport {
  readonly counts: Readonly<Record<Disturbance, number>>;
  /** Copiers that gave up by themselves, and were started again. */
  readonly failureCount: number;
  readonly seconds: number;
}

/**
 * Copies numbered records in transactions of 750 while broker and copier are killed and stopped,
 * with a reader alongside.
 * @throws Error when the copy is not the input once and in order, or does not go on.
 */
export async function runCopy(options: CopyRunOptions): Promise<CopyRunReport> {
  const random = seededRandom(options.seed);
  const program = await goProgram("reader");
  const startMs = performance.now();
  await using broker = await startMillrace({
    properties: ["transaction.abort.timed.out.transaction.cleanup.interval.ms=200"],
  });
  const { bootstrap } = broker;
  const values = Array.from({ length: options.recordCount }, (_, number) => `${number}\n`).join("");
  await output(["kcat", "-b", bootstrap, "-t", "in", "-P"], { input: values });
  // The topic is there before anybody reads it.
  await output(["kcat", "-b", bootstrap, "-t", "out", "-L"]);
  await using reader = new ReaderProcess(program, bootstrap, "out");
  await using copier = new SupervisedCopier({
    bootstrap,
    inputTopic: "in",
    outputTopic: "out",
    transactionSize,
  });
  const counts = Object.fromEntries(disturbances.map((name) => [name, 0])) as CopyCounts;
  for (let turn = Math.floor(random() * 4); ; turn += 1) {
    const batches = 1 + Math.floor(random() * calmTransactionsMax);
    const wanted = Math.min(options.recordCount, reader.seenCount + batches * transactionSize);
    await reader.until(wanted, () => copier.lastWords);
    if (wanted === options.recordCount) break;
    await sleep(random() * 60);
    // Each in turn, so that a short run has all of them.
    const name = disturbances[turn % disturbances.length] ?? "broker killed";
    counts[name] += 1;
    await disturb(name, broker, copier);
  }
  await checkWhole(bootstrap, values);
  const seconds = Math.round((performance.now() - startMs) / 1000);
  return { counts, failureCount: copier.failureCount, seconds };
}

type CopyCounts = Record<Disturbance, number>;

async function disturb(name: Disturbance, broker: Broker, copier: SupervisedCopier): Promise<void> {
  switch (name) {
    case "broker killed":
      await broker.kill();
      return broker.start();
    case "broker stopped":
      await broker.stop();
      return broker.start();
    case "copier killed":
      return copier.end("SIGKILL");
    case "copier stopped":
      return copier.end("SIGTERM");
  }
}

/** What another client reads afterwards is the input too, and nothing came behind it. */
async function checkWhole(bootstrap: string, values: string): Promise<void> {
  const words = ["kcat", "-b", bootstrap, "-t", "out", "-C", "-o", "beginning", "-e", "-q"];
  const copied = (await output([...words, "-X", "isolation.level=read_committed"])).toString();
  if (copied !== values) throw new Error("a second reader does not see the input once, in order");
}

/** The reader alongside. */
class ReaderProcess implements AsyncDisposable {
  readonly #child;
  readonly #closed: Promise<unknown>;
  readonly #reader = new CopyReader();
  #error: Error | undefined;

  constructor(program: string, bootstrap: string, topic: string) {
    this.#child = spawn(program, [bootstrap, topic], { stdio: ["ignore", "pipe", "inherit"] });
    this.#closed = once(this.#child, "close");
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#take(line));
  }

  get seenCount(): number {
    return this.#reader.seenCount;
  }

  /** Waits until it has seen so many. @throws what it found wrong, or an error about standing. */
  async until(count: number, lastWords: () => string): Promise<void> {
    let seen = this.seenCount;
    let deadline = performance.now() + progressMsMax;
    while (this.seenCount < count) {
      if (this.#error !== undefined) throw this.#error;
      if (this.#child.exitCode !== null) throw new Error("the reader ended");
      if (this.seenCount > seen) {
        seen = this.seenCount;
        deadline = performance.now() + progressMsMax;
      }
      if (performance.now() > deadline) {
        throw new Error(`nothing came after ${seen} records; the copier said:\n${lastWords()}`);
      }
      await sleep(pollMs);
    }
    if (this.#error !== undefined) throw this.#error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#closed;
  }

  #take(line: string): void {
    try {
      if (this.#error === undefined) this.#reader.take(line);
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error));
    }
  }
}
