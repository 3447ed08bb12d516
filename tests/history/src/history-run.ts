import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort, startMillrace } from "@millrace/conformance/harness";
import { checkHistory, type Verdict } from "./check-history.ts";
import { parseEvent } from "./event-lines.ts";
import { goProgram } from "./go-program.ts";
import { describeGoroutines } from "./goroutines.ts";
import type { HistoryEvent } from "./history.ts";
import { type FaultName, Nemesis } from "./nemesis.ts";
import { type FaultCounts, FaultProxy } from "./proxy/fault-proxy.ts";
import { seededRandom } from "./seeded-random.ts";

/** The load ends by itself within this time after it was told to drain, or has failed. */
const drainMsMax = 120_000;

/** Room for what each goroutine of a program that hangs is at. */
const errorTextSizeMax = 1_000_000;

/** What a run does. */
export interface HistoryRunOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Of the group that copies. */
  readonly protocol: "classic" | "consumer";
  /** Where the history is kept: `history.ndjson`. */
  readonly folder: string;
}

/** What a run came to. */
export interface HistoryRunReport {
  readonly verdict: Verdict;
  readonly faults: Readonly<Record<FaultName, number>>;
  readonly wires: Readonly<FaultCounts>;
}

const copiedPartitions = ["a-0", "a-1", "a-2", "a-3"];

/**
 * Lets franz-go clients write, read and copy through a proxy while broker and wires suffer, lets
 * them finish, and judges what they saw.
 * @throws Error when the broker does not come back, or the clients cannot finish.
 */
export async function runHistory(options: HistoryRunOptions): Promise<HistoryRunReport> {
  const random = seededRandom(options.seed);
  const program = await goProgram("load");
  const port = await freePort();
  await using broker = await startMillrace({
    properties: [
      `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
      "transaction.abort.timed.out.transaction.cleanup.interval.ms=500",
      "group.min.session.timeout.ms=1000",
      "group.consumer.session.timeout.ms=3000",
      "group.consumer.min.session.timeout.ms=1000",
      "group.consumer.heartbeat.interval.ms=500",
      "group.consumer.min.heartbeat.interval.ms=500",
    ],
  });
  const targetPort = Number(broker.bootstrap.split(":")[1]);
  await using proxy = await FaultProxy.listen({ port, targetPort, random });
  await using load = new Load(program, options, `127.0.0.1:${port}`);
  const nemesis = new Nemesis(broker, proxy, random);
  await Promise.race([nemesis.rage(options.seconds * 1000), load.failed]);
  const history = await load.drain();
  const verdict = checkHistory(history, { copiedPartitions });
  return { verdict, faults: nemesis.counts, wires: proxy.counts };
}

/** The Go program and the events that it tells. */
class Load implements AsyncDisposable {
  /** Rejects when the program ends before it was told to. */
  readonly failed: Promise<never>;
  readonly #child;
  readonly #events: HistoryEvent[] = [];
  readonly #closed: Promise<unknown>;
  #errorText = "";
  #isLate = false;

  constructor(program: string, options: HistoryRunOptions, bootstrap: string) {
    const { protocol, seed, folder } = options;
    const child = spawn(program, [bootstrap, protocol, String(seed)], { stdio: "pipe" });
    this.#child = child;
    const kept = createWriteStream(join(folder, "history.ndjson"));
    createInterface({ input: child.stdout }).on("line", (line) => {
      kept.write(`${line}\n`);
      this.#events.push(parseEvent(line));
    });
    child.stderr.on("data", (bytes: Buffer) => {
      this.#errorText = `${this.#errorText}${bytes.toString()}`.slice(-errorTextSizeMax);
    });
    this.#closed = once(child, "close").finally(() => kept.end());
    this.failed = this.#closed.then(() => this.#fail());
    // Who waits for it learns of it; `drain` asks for itself.
    this.failed.catch(() => undefined);
  }

  /** Lets the program finish, and gives the whole history. */
  async drain(): Promise<readonly HistoryEvent[]> {
    const timer = setTimeout(() => {
      this.#isLate = true;
      // Go's runtime answers with what each goroutine is at.
      this.#child.kill("SIGQUIT");
    }, drainMsMax);
    this.#child.stdin.end("drain\n");
    await this.#closed;
    clearTimeout(timer);
    if (this.#child.exitCode !== 0) this.#fail();
    return this.#events;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#closed;
  }

  #fail(): never {
    const { exitCode, signalCode } = this.#child;
    if (this.#isLate) {
      const places = describeGoroutines(this.#errorText);
      throw new Error(`the load did not drain in ${drainMsMax / 1000} s; it stands at\n${places}`);
    }
    const lastWords = this.#errorText.slice(-3000);
    throw new Error(`the load ended with ${exitCode ?? signalCode}: ${lastWords}`);
  }
}
