import type { Command, CommandContext } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import { javaMessageOf } from "./java-message.ts";
import { commonOptions, type OptionTable } from "./options/option-table.ts";
import { parseOptions } from "./options/parse-options.ts";
import type { ParsedOptions } from "./options/parsed-options.ts";
import { renderHelp } from "./options/render-help.ts";
import { OptionError, ToolFailure, ToolUsageError } from "./tool-errors.ts";

/** The release whose tools these stand for. */
export const kafkaRelease = "4.3.1";

/** A tool of Apache Kafka whose options are joptsimple's. */
export interface ToolDefinition<T extends OptionTable> {
  /** The first line of the help. */
  readonly description: string;
  /** The same when there are no words at all, where it is another. */
  readonly descriptionOfNothing?: string;
  readonly options: T;
  /** Whether wrong options are told with the usage; else with the message alone. */
  readonly isUsageShown: boolean;
  /** How a failure is told, to standard error when it is not said; its message alone. */
  readonly tellFailure?: (message: string, context: CommandContext) => void;
  /**
   * Checks what was given, and does it.
   * @returns the exit code
   */
  run(options: ParsedOptions<T & typeof commonOptions>, context: CommandContext): Promise<number>;
}

/** Makes a command from a tool: help, version, wrong options and failures as Kafka's have them. */
export function toolCommand<T extends OptionTable>(tool: ToolDefinition<T>): Command {
  return { run: (args, context) => runTool(tool, args, context) };
}

async function runTool<T extends OptionTable>(
  tool: ToolDefinition<T>,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const table: T & typeof commonOptions = { ...tool.options, ...commonOptions };
  const usage = (message: string): number => {
    context.printError(`${message}\n${renderHelp(table)}`);
    return 1;
  };
  try {
    const options = parsed(tool, table, args);
    if (args.length === 0) return usage(tool.descriptionOfNothing ?? tool.description);
    if (options.has("help")) return usage(tool.description);
    if (options.has("version")) {
      context.print(`${kafkaRelease}\n`);
      return 0;
    }
    return await tool.run(options, context);
  } catch (error) {
    if (error instanceof ToolUsageError) return usage(error.message);
    if (!isTold(error)) throw error;
    const tell = tool.tellFailure ?? tellPlainly;
    tell(javaMessageOf(error), context);
    return 1;
  }
}

function parsed<T extends OptionTable>(
  tool: ToolDefinition<T>,
  table: T & typeof commonOptions,
  args: readonly string[],
): ParsedOptions<T & typeof commonOptions> {
  try {
    return parseOptions(table, args);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    if (tool.isUsageShown) throw new ToolUsageError(error.message, { cause: error });
    throw error;
  }
}

/** Tells a failure in its message alone. */
export function tellPlainly(message: string, context: CommandContext): void {
  context.printError(`${message}\n`);
}

/** Whether it is an error of what was asked for, and no bug. */
export function isTold(error: unknown): error is Error {
  if (error instanceof ToolFailure || error instanceof OptionError) return true;
  return error instanceof UsageError || (error instanceof Error && error.name === "KafkaError");
}
