/** What an operation of the simulated disk does. */
export type DiskOperation =
  | "open"
  | "create"
  | "makeDirectory"
  | "rename"
  | "remove"
  | "read"
  | "write"
  | "truncate"
  | "sync"
  | "syncDirectory";

/** A fault that operations meet. */
export interface DiskFault {
  readonly operations: readonly DiskOperation[];
  /** Whether the fault concerns a path; every path when not given. */
  readonly matches?: (path: string) => boolean;
  /** EIO, ENOSPC, EROFS … */
  readonly systemCode: string;
  /** How many matching operations pass before it; 0 when not given. */
  readonly afterCount?: number;
  /** How many operations fail; without end when not given. */
  readonly failureCount?: number;
}

interface PlannedFault {
  readonly fault: DiskFault;
  passCount: number;
  failCount: number;
}

/** The faults that a simulated disk is to show. */
export class FaultPlan {
  #planned: PlannedFault[] = [];

  /** Adds a fault. */
  add(fault: DiskFault): void {
    this.#planned.push({
      fault,
      passCount: fault.afterCount ?? 0,
      failCount: fault.failureCount ?? Number.POSITIVE_INFINITY,
    });
  }

  /** Heals the disk. */
  clear(): void {
    this.#planned = [];
  }

  /** The code that this operation fails with; undefined when it succeeds. */
  meet(operation: DiskOperation, path: string): string | undefined {
    for (const planned of this.#planned) {
      const { fault } = planned;
      if (!fault.operations.includes(operation)) continue;
      if (fault.matches !== undefined && !fault.matches(path)) continue;
      if (planned.passCount > 0) {
        planned.passCount -= 1;
      } else if (planned.failCount > 0) {
        planned.failCount -= 1;
        return fault.systemCode;
      }
    }
    return undefined;
  }
}
