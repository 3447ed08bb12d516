import type { Cli } from "../../tree/cli.ts";

const widthMax = 30;
const everyMs = 200;

/** A bar on a terminal's standard error; nothing where nobody looks. */
export class Progress implements Disposable {
  readonly #cli: Cli;
  readonly #total: number;
  #shownMs = Number.NEGATIVE_INFINITY;

  constructor(cli: Cli, total: number) {
    this.#cli = cli;
    this.#total = total;
  }

  /** Shows how much is done, a few times a second. */
  show(done: number): void {
    const { context } = this.#cli;
    if (!context.terminal.isErrorTerminal) return;
    const nowMs = context.clock.monotonicMs();
    if (nowMs - this.#shownMs < everyMs) return;
    this.#shownMs = nowMs;
    const filled = Math.min(widthMax, Math.round((done / this.#total) * widthMax));
    const bar = "#".repeat(filled).padEnd(widthMax, ".");
    context.printError(`\r${bar} ${done}/${this.#total}`);
  }

  /** Takes the bar away. */
  [Symbol.dispose](): void {
    if (this.#shownMs > 0) this.#cli.context.printError("\r\u001B[K");
  }
}
