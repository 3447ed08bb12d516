import { existsSync } from "node:fs";
import { logLevels } from "@millrace/platform";
import { brokerEnvironment } from "../broker-environment.ts";
import type { Command, CommandContext } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import { version } from "../version.ts";
import { parseStartArguments, type StartArguments } from "./start-arguments.ts";

/** `millrace start`: one broker in the foreground. */
export const startCommand: Command = {
  help: `Usage: millrace start [server.properties] [--override KEY=VALUE …]

Starts a broker and stays in the foreground; Ctrl-C or SIGTERM stops it in an orderly way, a second
one at once. Without a file it listens on port 9092 and keeps its records in ./millrace-data.
The file and the KAFKA_* environment names are those of Apache Kafka 4.3.

  --override KEY=VALUE   wins over the file; may be given several times
  --log-level LEVEL      trace, debug, info (as it is), warn, error, off
  --log-format FORMAT    pretty (on a terminal) or json (elsewhere)

Examples:
  millrace start
  millrace start config/server.properties
  millrace start --override listeners=PLAINTEXT://127.0.0.1:9192 --override log.dirs=/tmp/records

Exit codes: 0 stopped when asked, 1 could not start or failed, 2 wrong command line.
`,
  run: runStart,
};

async function runStart(args: readonly string[], context: CommandContext): Promise<number> {
  const given = parseStartArguments(args, context.environment);
  const { propertiesPath } = given;
  if (propertiesPath !== undefined && !existsSync(propertiesPath)) {
    throw new UsageError(`millrace start: there is no file ${propertiesPath}`);
  }
  const logLevel = oneOf("--log-level", given.logLevel, logLevels) ?? "info";
  const logFormat = oneOf("--log-format", given.logFormat, ["pretty", "json"] as const);
  const { nodePlatform } = await import("@millrace/platform/node");
  const { serve } = await import("@millrace/broker");
  const { offloadWorkerUrl } = context;
  const platform = nodePlatform({
    logLevel,
    ...(logFormat === undefined ? {} : { logFormat }),
    ...(offloadWorkerUrl === undefined ? {} : { offloadWorkerUrl }),
  });
  return serve({
    propertiesPath,
    overrides: given.overrides,
    environment: brokerEnvironment(context.environment),
    platform,
    onReady: (listeners) => context.print(greeting(given, listeners, platform.clock.monotonicMs())),
  });
}

function oneOf<Word extends string>(
  option: string,
  given: string | undefined,
  words: readonly Word[],
): Word | undefined {
  if (given === undefined) return undefined;
  const word = words.find((one) => one === given);
  if (word !== undefined) return word;
  throw new UsageError(`millrace start: ${option} takes ${words.join(", ")}, not "${given}"`);
}

/** What a person needs to produce a first record. */
export function greeting(
  given: StartArguments,
  listeners: readonly string[],
  elapsedMs: number,
): string {
  const [first = "127.0.0.1:9092"] = listeners;
  const folder = given.overrides["log.dirs"] ?? given.overrides["log.dir"];
  const rows = [
    ["Kafka", listeners.join(", ")],
    ...(given.propertiesPath === undefined ? [] : [["Configuration", given.propertiesPath]]),
    ...(folder === undefined ? [] : [["Records in", folder]]),
    ["Produce", `echo hello | kcat -b ${first} -t greetings -P`],
    ["Consume", `kcat -b ${first} -t greetings -C -e`],
    ["Stop", "Ctrl-C"],
  ];
  const lines = rows.map(([name = "", text = ""]) => `  ${name.padEnd(14)} ${text}`);
  return `Millrace ${version} is ready after ${Math.round(elapsedMs)} ms\n${lines.join("\n")}\n`;
}
