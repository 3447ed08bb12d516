/** One option of a tool, as joptsimple's tables have it. */
export interface OptionSpec {
  readonly description: string;
  /** Whether a value follows; none does when not given. */
  readonly argument?: "required" | "optional";
  /** What the value is, in the help. */
  readonly describedAs?: string;
  /** What Java would make of it; "String". */
  readonly type?: "String" | "Integer" | "Long";
  /** What holds when the option is left out. */
  readonly defaultsTo?: string;
  /** The options of which one must be given for this one to be. */
  readonly availableIf?: readonly string[];
  /** Whether the tool cannot be used without. */
  readonly isRequired?: boolean;
}

/** A tool's options by name, without the dashes. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** Options that every tool has. */
export const commonOptions = {
  help: { description: "Shows this." },
  version: { description: "Shows the release of Apache Kafka whose tool this stands for." },
} as const satisfies OptionTable;
