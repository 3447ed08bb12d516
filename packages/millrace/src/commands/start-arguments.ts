import { parseArgs } from "node:util";
import { UsageError } from "../usage-error.ts";

/** Where records are kept when neither a file nor an override says so. */
export const defaultFolder = "millrace-data";

/** What `millrace start` was told. */
export interface StartArguments {
  readonly propertiesPath: string | undefined;
  /** Keys that win over the file, the default data folder included. */
  readonly overrides: Readonly<Record<string, string>>;
  readonly logLevel: string | undefined;
  readonly logFormat: string | undefined;
}

/**
 * Reads the arguments of `millrace start`.
 * @throws UsageError on an unknown option or an override without `=`.
 */
export function parseStartArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): StartArguments {
  const { values, positionals } = parse(args);
  const [propertiesPath, ...others] = positionals;
  if (others.length > 0) {
    throw new UsageError(
      `millrace start: one properties file at most, but there is also "${others.join(" ")}"`,
    );
  }
  const given = Object.fromEntries((values.override ?? []).map(parseOverride));
  const isFolderGiven =
    propertiesPath !== undefined ||
    "log.dirs" in given ||
    "log.dir" in given ||
    environment["KAFKA_LOG_DIRS"] !== undefined ||
    environment["KAFKA_LOG_DIR"] !== undefined;
  return {
    propertiesPath,
    overrides: isFolderGiven ? given : { "log.dirs": defaultFolder, ...given },
    logLevel: values["log-level"],
    logFormat: values["log-format"],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        override: { type: "string", multiple: true },
        "log-level": { type: "string" },
        "log-format": { type: "string" },
      },
    });
  } catch (error) {
    // parseArgs explains itself well; its sentence is all that a person needs.
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`millrace start: ${message}\nmillrace start --help shows examples.`);
  }
}

function parseOverride(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  throw new UsageError(
    `millrace start: --override takes key=value, as in --override log.retention.hours=24, not "${text}"`,
  );
}
