import type { SimRandom } from "@millrace/platform/sim";
import type { Machine } from "./machine.ts";
import { expect } from "./violation.ts";
import type { Workload } from "./workload.ts";

/** What is done to the disk in a life. */
export type FaultKind = "none" | "fullDisk" | "syncError" | "writeError" | "readError";

const faultKinds: readonly FaultKind[] = ["fullDisk", "syncError", "writeError", "readError"];
/** Files of one kind fail more often alone than all together. */
const fileEndings = [".log", ".index", ".timeindex", ".snapshot", "checkpoint", ""] as const;

/** Lets the disk of a life fail at a moment, in a way, and perhaps come back. */
export class LifeFaults {
  readonly kind: FaultKind;
  readonly #machine: Machine;
  readonly #random: SimRandom;
  readonly #startStep: number;
  readonly #endStep: number;
  #hasBegun = false;

  constructor(machine: Machine, random: SimRandom) {
    this.#machine = machine;
    this.#random = random;
    this.kind = random.happens(3) ? random.pick(faultKinds) : "none";
    this.#startStep = random.nextInt(20);
    this.#endStep = this.#startStep + 1 + random.nextInt(15);
  }

  /** Called before each step of a life. */
  beforeStep(step: number, workload: Workload): void {
    if (this.kind === "none") return;
    if (step === this.#startStep) {
      this.#machine.platform.world.events.add(`fault ${this.kind}`);
      workload.expectFaults();
      this.#hasBegun = true;
      this.#begin();
    }
    if (this.kind === "fullDisk" && step === this.#endStep) {
      this.#machine.platform.world.events.add("room again");
      this.#machine.disk.setCapacity(Number.POSITIVE_INFINITY);
      const [directory] = this.#machine.logs.directories;
      const reason = String(this.#machine.diskFailure);
      expect(directory?.isOffline === false, `a full disk took the directory offline: ${reason}`);
      workload.expectRecovery();
    }
  }

  /**
   * Whether the next start must come after a power loss. A kernel that failed to write pages keeps
   * them as if they were written: a process that starts again could not tell, so a machine whose
   * sync failed counts as lost with its memory.
   */
  losesPower(): boolean {
    return this.#hasBegun && this.kind === "syncError";
  }

  /** The operator has replaced the disk's cable. */
  heal(): void {
    this.#machine.disk.faults.clear();
    this.#machine.disk.setCapacity(Number.POSITIVE_INFINITY);
  }

  #begin(): void {
    const { disk } = this.#machine;
    const random = this.#random;
    const ending = random.pick(fileEndings);
    const plan = {
      matches: (path: string) => path.endsWith(ending) || path.endsWith(`${ending}.tmp`),
      systemCode: "EIO",
      afterCount: random.nextInt(5),
      failureCount: random.happens(2) ? 1 : 1000,
    };
    switch (this.kind) {
      case "fullDisk":
        disk.setCapacity(disk.usedBytes() + random.nextInt(4000));
        break;
      case "syncError":
        disk.faults.add({ ...plan, operations: ["sync", "syncDirectory"] });
        break;
      case "writeError":
        disk.faults.add({ ...plan, operations: ["write", "truncate", "create", "rename"] });
        break;
      case "readError":
        disk.faults.add({ ...plan, operations: ["read"] });
        break;
      case "none":
        break;
    }
  }
}
