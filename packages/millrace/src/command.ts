/** What a command may touch besides the broker. */
export interface CommandContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The worker thread's entry point, where the modules are bundled. */
  readonly offloadWorkerUrl?: URL;
  /** Writes to standard output. */
  print(text: string): void;
  /** Writes to standard error. */
  printError(text: string): void;
}

/** One word after `millrace`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole of `millrace NAME --help`. */
  readonly help: string;
  /**
   * Runs it. What is heavy is imported here and not before.
   * @returns the exit code.
   */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}
