import { MillraceError } from "@millrace/platform";

/** The code under test broke a promise. */
export class Violation extends MillraceError {
  readonly code = "VIOLATION";
}

/** Fails the run unless a claim about the code under test holds. */
export function expect(claim: boolean, message: string): asserts claim {
  if (!claim) throw new Violation(message);
}
