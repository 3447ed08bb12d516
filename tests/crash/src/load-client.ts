import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { runProgram } from "@millrace/conformance/harness";
import type { FoundRecord } from "./history.ts";

const source = fileURLToPath(new URL("../c/load.c", import.meta.url));

/** Longer than librdkafka needs to read what a run of hundreds of cycles writes. */
const consumeMsMax = 600_000;

/** What a producer reports. */
export interface ProducerEvents {
  readonly onAcknowledged: (number: number, partition: number, offset: number) => void;
  readonly onGivenUp: (number: number, reason: string) => void;
}

/** The foreign client, built for this run. */
export class LoadClient {
  readonly #binary: string;

  private constructor(binary: string) {
    this.#binary = binary;
  }

  /** Builds it. @throws Error with what the compiler said. */
  static async build(): Promise<LoadClient> {
    const binary = join(mkdtempSync(join(tmpdir(), "millrace-load-")), "load");
    const result = await runProgram(["gcc", "-O2", "-o", binary, source, "-lrdkafka"]);
    if (result.status !== 0) throw new Error(`gcc: ${result.stderr}`);
    return new LoadClient(binary);
  }

  /** Starts a producer that goes on until it is stopped. */
  produce(
    target: { readonly bootstrap: string; readonly topic: string },
    load: { readonly firstNumber: number; readonly perSecond: number },
    events: ProducerEvents,
  ): Producer {
    const { bootstrap, topic } = target;
    const args = ["produce", bootstrap, topic, String(load.firstNumber), String(load.perSecond)];
    const child = spawn(this.#binary, args, { stdio: ["pipe", "pipe", "inherit"] });
    return new Producer(child, events);
  }

  /** Reads every partition from its start to its end. */
  async *consume(bootstrap: string, topic: string, folder: string): AsyncGenerator<FoundRecord> {
    const path = join(folder, "found.txt");
    // Through a file: the broker is not to be slowed down by how fast this process judges.
    const words = [
      "sh",
      "-c",
      'exec "$0" "$@" > "$OUT"',
      this.#binary,
      "consume",
      bootstrap,
      topic,
    ];
    const result = await runProgram(words, { env: { OUT: path }, timeoutMs: consumeMsMax });
    if (result.status !== 0) throw new Error(`the consumer ended: ${result.stderr}`);
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const [kind, number, partition, offset] = line.split(" ");
      yield {
        number: Number(number),
        partition: Number(partition),
        offset: Number(offset),
        isWhole: kind === "r",
      };
    }
  }
}

/** A producer under way. */
export class Producer {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #endLine: readonly [nextNumber: number, leftCount: number] | undefined;

  constructor(child: ChildProcess, events: ProducerEvents) {
    this.#child = child;
    this.#ended = once(child, "close");
    if (child.stdout === null) throw new Error("the producer has no output");
    createInterface({ input: child.stdout }).on("line", (line) => this.#take(line, events));
  }

  /** Whether it is still there; it ends by itself only when librdkafka gave up for good. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Lets it send what it has and end; gives the number of the next record. */
  async stop(): Promise<number> {
    this.#child.stdin?.end();
    await this.#ended;
    if (this.#endLine === undefined) throw new Error("the producer ended without a last word");
    const [nextNumber, leftCount] = this.#endLine;
    if (leftCount > 0) throw new Error(`${leftCount} records got no answer in two minutes`);
    return nextNumber;
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #take(line: string, events: ProducerEvents): void {
    const [kind, number, third, fourth] = line.split(" ");
    if (kind === "a") events.onAcknowledged(Number(number), Number(third), Number(fourth));
    else if (kind === "e") this.#endLine = [Number(number), Number(third)];
    else events.onGivenUp(Number(number), `${third} ${fourth ?? ""}`.trim());
  }
}
