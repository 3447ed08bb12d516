/** One argument of a tool whose command line is argparse4j's. */
export interface ArgumentSpec {
  /** As they are typed: `--id`, `-i`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** What the value is; a flag has none. "String". */
  readonly type?: "String" | "Integer" | "Long" | "flag";
  readonly isRequired?: boolean;
}

/** A tool's parser, or one of its commands. */
export interface ArgumentParser {
  /** What its errors begin with. */
  readonly program: string;
  /** How it is called, without `usage: `. */
  readonly usage: string;
  /** Arguments by the names under which their values are found. */
  readonly table: Readonly<Record<string, ArgumentSpec>>;
  /** Arguments of which no two go together. */
  readonly oneOf?: { readonly names: readonly string[]; readonly isRequired: boolean };
}

/** A tool with commands, as argparse4j's subparsers. */
export interface CommandParser extends ArgumentParser {
  readonly description: string;
  /** By their names, each with what it does. */
  readonly commands: Readonly<Record<string, ArgumentParser & { readonly description: string }>>;
}
