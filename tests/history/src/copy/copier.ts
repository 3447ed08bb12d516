import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { javaCommand } from "@millrace/conformance/harness";

/**
 * The tool asks for its position before it takes over its transactional id, and the offsets of a
 * transaction that a killed one left open are not told: each kill waits for so long.
 */
const transactionTimeoutMs = 4000;

const mainClass = "org.apache.kafka.tools.TransactionalMessageCopier";

/** Where a copier copies. */
export interface CopyOptions {
  readonly bootstrap: string;
  readonly inputTopic: string;
  readonly outputTopic: string;
  readonly transactionSize: number;
}

/**
 * Kafka's own TransactionalMessageCopier under a supervisor: whenever it ends, another is started
 * with the same transactional id, until `close`.
 */
export class SupervisedCopier implements AsyncDisposable {
  /** How often one ended by itself although it had not copied all. */
  failureCount = 0;
  /** The end of what all of them printed. */
  lastWords = "";
  readonly #words: readonly string[];
  #child: ChildProcess | undefined;
  #isClosed = false;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(options: CopyOptions) {
    const words: Readonly<Record<string, string>> = {
      "--broker-list": options.bootstrap,
      "--input-topic": options.inputTopic,
      "--input-partition": "0",
      "--output-topic": options.outputTopic,
      "--max-messages": "-1",
      "--consumer-group": "copy",
      "--transactional-id": "copier",
      "--transaction-timeout": String(transactionTimeoutMs),
      "--transaction-size": String(options.transactionSize),
    };
    const flags = ["--enable-random-aborts", "--use-group-metadata"];
    this.#words = javaCommand(mainClass, [...Object.entries(words).flat(), ...flags]);
    this.#start();
  }

  /** Ends the one that runs; the supervisor starts the next. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    child?.kill(signal);
    // One that does not end when it is asked to is ended, as a supervisor does.
    const timer = setTimeout(() => child?.kill("SIGKILL"), 10_000);
    await this.#ended;
    clearTimeout(timer);
    this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#child?.kill("SIGKILL");
    await this.#ended;
  }

  #start(): void {
    if (this.#isClosed) return;
    const [program = "", ...args] = this.#words;
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes: Buffer) => {
        this.lastWords = `${this.lastWords}${bytes.toString()}`.slice(-3000);
      });
    }
    this.#ended = once(child, "close").then(() => {
      // Another was not asked for: this one gave up, or has nothing left to copy.
      if (this.#child !== child || this.#isClosed) return;
      if (child.exitCode !== 0) this.failureCount += 1;
      this.#start();
    });
  }
}
