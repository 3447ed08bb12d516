import { MillraceError } from "@millrace/platform";

/** Something wrong with one configuration, told so that it can be put right. */
export interface ConfigProblem {
  readonly key: string;
  /** Where it was given: "server.properties line 12", "--override", "environment KAFKA_…". */
  readonly origin: string | undefined;
  /** A whole sentence: what is wrong, what is expected, what to do. */
  readonly message: string;
}

/**
 * The broker cannot start with the configuration that it was given.
 * `problems` has all of them, not only the first; the message lists them one a line.
 */
export class ConfigurationError extends MillraceError {
  readonly code = "CONFIGURATION_INVALID";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(problemLine).join("\n"));
    this.problems = problems;
  }
}

/** A problem as one line: where, then what. */
export function problemLine(problem: ConfigProblem): string {
  return problem.origin === undefined ? problem.message : `${problem.origin}: ${problem.message}`;
}
