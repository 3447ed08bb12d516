import {
  Command as CommanderCommand,
  CommanderError,
  type CommandUnknownOpts,
} from "@commander-js/extra-typings";
import type { Command, CommandContext } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { Cli } from "./cli.ts";
import { withConnectionOptions, withGlobalOptions } from "./global-options.ts";

/** Gives the command that bears the name; its actions work with the `Cli`. */
type Build = (cli: Cli) => CommandUnknownOpts;

/** Makes a command of a word with words below it, or of a word alone, read by commander. */
export function treeCommand(build: Build): Command {
  return {
    run: (args, context) => {
      const cli = new Cli(context);
      // The options that every command has belong to the root, and are taken behind any word.
      const root = withGlobalOptions(new CommanderCommand("millrace"));
      root.hook("preAction", () => cli.settle(root.opts()));
      return runTree(root.addCommand(build(cli)), args, cli);
    },
  };
}

/** The same for a word that moves records: it has no `-o table`, and `-o` is its own. */
export function recordCommand(build: Build): Command {
  return {
    run: (args, context) => {
      const cli = new Cli(context);
      const root = withConnectionOptions(new CommanderCommand("millrace"));
      root.hook("preAction", () => cli.settle(root.opts()));
      return runTree(root.addCommand(build(cli)), args, cli);
    },
  };
}

/** The same for a word that asks no cluster. */
export function plainCommand(build: Build): Command {
  return {
    run: (args, context) => {
      const cli = new Cli(context);
      return runTree(new CommanderCommand("millrace").addCommand(build(cli)), args, cli);
    },
  };
}

async function runTree(
  root: CommandUnknownOpts,
  args: readonly string[],
  cli: Cli,
): Promise<ExitCode> {
  const word = root.commands[0]?.name() ?? "";
  root.helpCommand(false);
  configure(root, cli.context);
  try {
    await root.parseAsync([word, ...args], { from: "user" });
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
