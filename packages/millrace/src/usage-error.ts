import { MillraceError } from "@millrace/platform";

/** The command line cannot be understood; `message` says what was meant, if that can be told. */
export class UsageError extends MillraceError {
  readonly code = "USAGE";
}
