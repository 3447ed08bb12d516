import { MillraceError } from "../errors.ts";

/**
 * The simulated machine has stopped: thrown by the operation it stopped in and by every later one.
 * Not an IoError, so that production code which handles disk faults does not handle this one.
 */
export class SimCrash extends MillraceError {
  readonly code = "SIM_CRASH";

  constructor() {
    super("the simulated machine has stopped");
  }
}

/** What a crash takes: `kill` only the process, `powerLoss` also what was not synced. */
export type CrashKind = "kill" | "powerLoss";
