import { MillraceError } from "@millrace/platform";
import type { ArgumentParser } from "./argument-parser.ts";

/** The command line is wrong: told with the usage of the parser that found it. */
export class ArgumentError extends MillraceError {
  readonly code = "TOOL_ARGUMENT_INVALID";
  readonly parser: ArgumentParser;

  constructor(parser: ArgumentParser, message: string) {
    super(message);
    this.parser = parser;
  }
}
