import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What a load had acknowledged, and what it gave up, when it ended. */
export interface LoadResult {
  readonly sentCount: number;
  readonly acknowledged: ReadonlySet<number>;
  /** `NUMBER REASON` of each record that the producer gave up: there must be none. */
  readonly givenUp: readonly string[];
}

/** A producer that runs until it is told to end. */
export class Load {
  readonly #child: ChildProcess;
  readonly #acknowledged = new Set<number>();
  readonly #givenUp: string[] = [];
  readonly #ended: Promise<number>;
  #said = "";

  /** @param words the producer's command line */
  constructor(words: readonly string[]) {
    const [program = "", ...args] = words;
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("!")) this.#givenUp.push(line.slice(1));
      else this.#acknowledged.add(Number(line));
    });
    child.stderr.on("data", (chunk: Buffer) => {
      this.#said += chunk.toString();
    });
    this.#ended = new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
  }

  get acknowledgedCount(): number {
    return this.#acknowledged.size;
  }

  /** Sends nothing more and waits until everything is acknowledged. */
  async end(): Promise<LoadResult> {
    this.#child.stdin?.end();
    const code = await this.#ended;
    if (code !== 0) throw new Error(`the producer ended with ${code}: ${this.#said}`);
    const sentCount = Number(this.#said);
    return { sentCount, acknowledged: this.#acknowledged, givenUp: this.#givenUp };
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
