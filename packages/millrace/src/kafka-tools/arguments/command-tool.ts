import type { Command, CommandContext } from "../../command.ts";
import { javaExecutionMessageOf } from "../java-message.ts";
import { isTold } from "../tool.ts";
import { OptionError, ToolFailure, ToolUsageError } from "../tool-errors.ts";
import { ArgumentError } from "./argument-errors.ts";
import type { ArgumentParser, CommandParser } from "./argument-parser.ts";
import { parseArguments } from "./parse-arguments.ts";
import type { ParsedArguments } from "./parsed-arguments.ts";

/** A tool of Apache Kafka whose command line is argparse4j's. */
export interface CommandToolDefinition {
  readonly parser: CommandParser;
  /** Of a tool that is asked for help. */
  readonly helpExitCode: number;
  /** How a wrong command line is told; with the usage when it is not said. */
  readonly tellArgumentError?: (error: ArgumentError, context: CommandContext) => void;
  /** @returns the exit code */
  run(given: ParsedArguments, context: CommandContext): Promise<number>;
}

/** Makes a command of it: help, wrong arguments and failures as Kafka's tools have them. */
export function commandTool(tool: CommandToolDefinition): Command {
  return { run: (args, context) => runTool(tool, args, context) };
}

async function runTool(
  tool: CommandToolDefinition,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  try {
    const given = parseArguments(tool.parser, args);
    if ("usage" in given) {
      context.print(helpOf(tool.parser, given));
      return tool.helpExitCode;
    }
    return await tool.run(given, context);
  } catch (error) {
    if (error instanceof ArgumentError) {
      (tool.tellArgumentError ?? tellWithUsage)(error, context);
      return 1;
    }
    if (!isTold(error)) throw error;
    const isOwn = [ToolFailure, ToolUsageError, OptionError].some((type) => error instanceof type);
    context.printError(`${isOwn ? error.message : javaExecutionMessageOf(error)}\n`);
    return 1;
  }
}

function tellWithUsage(error: ArgumentError, context: CommandContext): void {
  const { program, usage } = error.parser;
  context.printError(`usage: ${usage}\n${program}: error: ${error.message}\n`);
}

const nameWidth = 25;

function helpOf(tool: CommandParser, asked: ArgumentParser): string {
  const row = (name: string, text: string): string => `  ${name.padEnd(nameWidth)} ${text}`;
  const isTool = asked === tool;
  const names = Object.entries(tool.commands).map(([name, one]) => row(name, one.description));
  const flags = Object.values(asked.table).map((one) => {
    return row(one.flags.join(", "), one.description);
  });
  return [
    `usage: ${asked.usage}`,
    ...(isTool ? ["", tool.description, "", "commands:", ...names] : []),
    "",
    "optional arguments:",
    row("-h, --help", "Shows this."),
    ...flags,
    "",
  ].join("\n");
}
