import { MillraceError } from "@millrace/platform";

/** An option is unknown, lacks its value, or its value cannot be read: joptsimple's words. */
export class OptionError extends MillraceError {
  readonly code = "TOOL_OPTION_INVALID";
}

/** The options do not fit together: told with the usage, exit code 1. */
export class ToolUsageError extends MillraceError {
  readonly code = "TOOL_USAGE";
}

/** What a tool was asked for failed; the message is all there is to tell. */
export class ToolFailure extends MillraceError {
  readonly code = "TOOL_FAILED";
}
