import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { parseDuration } from "../offsets/duration.ts";
import { type OutputFormat, outputFormats } from "../output/output-format.ts";

/** What every command of the tree can be told. */
export interface GlobalValues {
  readonly bootstrap?: string | undefined;
  readonly context?: string | undefined;
  readonly property?: readonly string[] | undefined;
  readonly commandConfig?: string | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
  /** A table when not given. */
  readonly output?: OutputFormat;
  /** Yes when not given. */
  readonly headers?: boolean;
  readonly quiet?: true | undefined;
}

/** Adds the options of every command that talks to a cluster. */
export function withConnectionOptions(command: Command) {
  return command
    .option("-b, --bootstrap <host:port,…>", "brokers of the cluster (MILLRACE_BOOTSTRAP)")
    .option(
      "-c, --context <name>",
      "a cluster by its name, see millrace context (MILLRACE_CONTEXT)",
    )
    .option("-X, --property <key=value>", "a client's configuration by Java's name", collect)
    .option("--command-config <file>", "a client.properties file (MILLRACE_COMMAND_CONFIG)")
    .option("--timeout <duration>", "give up after this long: 500ms, 30s, 2m", duration)
    .option("-q, --quiet", "no remarks");
}

/** Adds those and the ones of commands that show what they found. */
export function withGlobalOptions(command: Command) {
  return withConnectionOptions(command)
    .addOption(
      new Option("-o, --output <format>", "how to show what was found")
        .choices(outputFormats)
        .default("table" as const),
    )
    .option("--no-headers", "tables and CSV without their first line");
}

/** For an option that may be given several times. */
export function collect(value: string, given: readonly string[] | undefined): readonly string[] {
  return [...(given ?? []), value];
}

/** For an option that is a length of time; milliseconds. */
export function duration(value: string): number {
  const parsed = /^\d+$/u.test(value) ? Number(value) : parseDuration(value);
  if (parsed === undefined) throw new InvalidArgumentError("It takes 500ms, 30s, 2m, 1h30m.");
  return parsed;
}

/** For an option that is a whole number of 0 or more. */
export function count(value: string): number {
  if (/^\d+$/u.test(value) && Number.isSafeInteger(Number(value))) return Number(value);
  throw new InvalidArgumentError("It takes a whole number.");
}
