import { CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Command, CommandContext } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { Cli } from "./cli.ts";
import { withGlobalOptions } from "./global-options.ts";
import { Command as CommanderCommand } from "@commander-js/extra-typings";

/**
 * Makes a command of a word with words below it, or of a word alone, read by commander.
 * @param build gives the command that bears the name; its actions work with the `Cli`
 */
export function treeCommand(build: (cli: Cli) => CommandUnknownOpts): Command {
  return { run: (args, context) => runTree(build, args, context) };
}

async function runTree(
  build: (cli: Cli) => CommandUnknownOpts,
  args: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const cli = new Cli(context);
  const word = build(cli);
  // The options that every command has belong to the root, and are taken behind any word.
  const root = withGlobalOptions(new CommanderCommand("millrace"));
  root.hook("preAction", () => cli.settle(root.opts()));
  root.addCommand(word).helpCommand(false);
  configure(root, context);
  try {
    await root.parseAsync([word.name(), ...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? cli.exitCode : exitCodes.usage;
    throw error;
  }
  return cli.exitCode;
}

/** Commander never ends the process and writes nowhere by itself. */
function configure(command: CommandUnknownOpts, context: CommandContext): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => context.print(text),
      writeErr: (text) => context.printError(text),
      getOutHelpWidth: () => context.terminal.columnCount,
      getErrHelpWidth: () => context.terminal.columnCount,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const below of command.commands) configure(below, context);
}
