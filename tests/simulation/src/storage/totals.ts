import type { FaultKind } from "./faults.ts";
import type { FlipOutcome } from "./flip-run.ts";
import type { RunReport } from "./run.ts";

/** Adds up what runs came to. */
export class Totals {
  failureCount = 0;
  #runCount = 0;
  #killCount = 0;
  #powerLossCount = 0;
  #closeCount = 0;
  #appendCount = 0;
  #acknowledgedCount = 0;
  #truncationCount = 0;
  readonly #faults = new Map<FaultKind, number>();
  readonly #flips = new Map<FlipOutcome, number>();

  /** Machines that stopped in the middle of something. */
  get crashCount(): number {
    return this.#killCount + this.#powerLossCount;
  }

  /** Adds a run that kept every promise. */
  add(report: RunReport): void {
    this.#runCount += 1;
    this.#killCount += report.killCount;
    this.#powerLossCount += report.powerLossCount;
    this.#closeCount += report.closeCount;
    this.#appendCount += report.counts.appendCount;
    this.#acknowledgedCount += report.counts.acknowledgedCount;
    this.#truncationCount += report.counts.truncationCount;
    for (const [kind, count] of report.faultCounts) {
      this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + count);
    }
  }

  /** Adds a flipped bit. */
  addFlip(outcome: FlipOutcome): void {
    this.#flips.set(outcome, (this.#flips.get(outcome) ?? 0) + 1);
  }

  /** The figures for people, one kind a line. */
  summary(): string {
    const faults = [...this.#faults]
      .filter(([kind]) => kind !== "none")
      .map(([kind, count]) => `${kind} ${count}`)
      .join(", ");
    const flips = [...this.#flips].map(([outcome, count]) => `${outcome} ${count}`).join(", ");
    return [
      `storage simulation: ${this.#runCount} machines, ${this.#appendCount} batches appended, ` +
        `${this.#acknowledgedCount} acknowledged after a sync, ${this.#truncationCount} truncations`,
      `stopped: ${this.crashCount} times in the middle (${this.#killCount} killed, ` +
        `${this.#powerLossCount} without power), ${this.#closeCount} times cleanly`,
      `disk faults in lives: ${faults === "" ? "none" : faults}`,
      `flipped bits: ${flips === "" ? "none" : flips}`,
      `broken promises: ${this.failureCount}`,
      "",
    ].join("\n");
  }
}
