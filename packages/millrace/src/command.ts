import type { Clock } from "@millrace/platform";

/** What a command may touch besides the cluster. */
export interface CommandContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** The worker thread's entry point, where the modules are bundled. */
  readonly offloadWorkerUrl?: URL;
  /** Whether standard output and standard error are looked at by a person. */
  readonly terminal: TerminalFacts;
  /** Standard input, as it comes; reading begins when it is asked for. */
  readonly input: AsyncIterable<Uint8Array>;
  /**
   * Aborted by the first Ctrl-C or SIGTERM from when it is asked for; a second one ends at once.
   */
  interruption(): AbortSignal;
  /** Writes to standard output. */
  print(text: string): void;
  /**
   * Writes much to standard output.
   * @returns a promise to wait for before the next, when whoever reads it is slow.
   */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** Writes to standard error. */
  printError(text: string): void;
}

/** What the standard streams are. */
export interface TerminalFacts {
  readonly isInputTerminal: boolean;
  readonly isOutputTerminal: boolean;
  readonly isErrorTerminal: boolean;
  /** Characters in a line of the terminal. */
  readonly columnCount: number;
}

/** One word after `millrace`. */
export interface Command {
  /** The whole of `millrace NAME --help`; undefined when the command tells it itself. */
  readonly help?: string;
  /**
   * Runs it.
   * @returns the exit code.
   */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

/** A command's place in the table: what is heavy is imported when the command is used. */
export interface CommandEntry {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  load(): Promise<Command>;
}
