import { MillraceError } from "@millrace/platform";
import type { CommandContext, CommandEntry } from "./command.ts";
import { commandTable } from "./command-table.ts";
import { describeFailure } from "./describe-failure.ts";
import { exitCodeOf } from "./exit-code-of.ts";
import { exitCodes } from "./exit-codes.ts";
import { nearest } from "./nearest.ts";
import { UsageError } from "./usage-error.ts";

/** Of commands that are Kafka's own tools under their own names. */
const kafkaPrefix = "kafka-";

const helpWords = new Set(["help", "--help", "-h"]);

/**
 * Runs `millrace ARGS` and gives the exit code. Every failure that a person can mend is told in a
 * sentence or two; anything else is a bug and comes with its stack.
 */
export async function runCommandLine(
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  try {
    return await dispatch(args, context);
  } catch (error) {
    if (error instanceof UsageError) {
      context.printError(`${error.message}\n`);
      return exitCodes.usage;
    }
    if (error instanceof MillraceError) {
      context.printError(`${describeFailure(error)}\n`);
      return exitCodeOf(error);
    }
    if (!isKafkaError(error)) throw error;
    context.printError(`millrace: ${error.message}\n`);
    return exitCodeOf(error);
  }
}

/** By its name: the client's class would have to be loaded for it. */
function isKafkaError(error: unknown): error is Error {
  return error instanceof Error && error.name === "KafkaError";
}

async function dispatch(args: readonly string[], context: CommandContext): Promise<number> {
  const [word, ...rest] = args;
  if (word === undefined) return runWord("dev", [], context);
  if (helpWords.has(word) && rest.length === 0) {
    context.print(overview());
    return exitCodes.ok;
  }
  // "millrace help topic create" is "millrace topic create --help".
  if (helpWords.has(word)) return runWord(rest[0] ?? "", [...rest.slice(1), "--help"], context);
  return runWord(word === "--version" ? "version" : word, rest, context);
}

async function runWord(
  word: string,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const command = await find(word).load();
  const isHelpWanted = args.some((one) => one === "--help" || one === "-h");
  if (!isHelpWanted || command.help === undefined) return command.run(args, context);
  context.print(command.help);
  return exitCodes.ok;
}

function find(name: string): CommandEntry {
  const entry = commandTable.find((one) => one.name === name);
  if (entry !== undefined) return entry;
  const names = commandTable.map((one) => one.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? `there are ${names.join(", ")}` : `did you mean "${meant}"?`;
  throw new UsageError(`millrace: there is no command "${name}": ${hint}`);
}

function overview(): string {
  const own = commandTable.filter(({ name }) => !name.startsWith(kafkaPrefix));
  const rows = own.map((one) => `  ${one.name.padEnd(10)} ${one.summary}`);
  const foreign = commandTable.filter((one) => !own.includes(one)).map(({ name }) => name);
  return `Millrace: event streaming that speaks Kafka's protocol.

Usage: millrace COMMAND [ARGUMENT …]
       millrace                        a broker to develop against, on this machine

${rows.join("\n")}

Kafka's own tools, with their flags and their output:
  ${foreign.join("\n  ")}

millrace COMMAND --help shows a command's arguments, with examples.
`;
}
