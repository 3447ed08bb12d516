import { MillraceError } from "@millrace/platform";

/** Ctrl-C or SIGTERM came before something was whole. */
export class InterruptedError extends MillraceError {
  readonly code = "INTERRUPTED";
}
