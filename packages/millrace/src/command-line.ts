import { MillraceError } from "@millrace/platform";
import type { Command, CommandContext } from "./command.ts";
import { startCommand } from "./commands/start.ts";
import { versionCommand } from "./commands/version.ts";
import { describeFailure } from "./describe-failure.ts";
import { exitCodes } from "./exit-codes.ts";
import { nearest } from "./nearest.ts";
import { UsageError } from "./usage-error.ts";

const commands: readonly Command[] = [startCommand, versionCommand];

const helpWords = new Set(["help", "--help", "-h"]);

/**
 * Runs `millrace ARGS` and gives the exit code. Every failure that an operator can mend is told in
 * a sentence or two; anything else is a bug and comes with its stack.
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
    if (!(error instanceof MillraceError)) throw error;
    context.printError(`${describeFailure(error)}\n`);
    return exitCodes.failed;
  }
}

async function dispatch(args: readonly string[], context: CommandContext): Promise<number> {
  const [word, ...rest] = args;
  if (word === undefined || (helpWords.has(word) && rest.length === 0)) {
    context.print(overview());
    return exitCodes.ok;
  }
  const wanted = helpWords.has(word) ? (rest[0] ?? "") : word;
  const command = find(wanted === "--version" ? "version" : wanted);
  if (helpWords.has(word) || rest.some((one) => one === "--help" || one === "-h")) {
    context.print(command.help);
    return exitCodes.ok;
  }
  return command.run(rest, context);
}

function find(name: string): Command {
  const command = commands.find((one) => one.name === name);
  if (command !== undefined) return command;
  const names = commands.map((one) => one.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? `there are ${names.join(", ")}` : `did you mean "${meant}"?`;
  throw new UsageError(`millrace: there is no command "${name}": ${hint}`);
}

function overview(): string {
  const rows = commands.map((one) => `  ${one.name.padEnd(10)} ${one.summary}`);
  return `Millrace: event streaming that speaks Kafka's protocol.

Usage: millrace COMMAND [ARGUMENT …]

${rows.join("\n")}

millrace COMMAND --help shows a command's arguments, with examples.
`;
}
