import { OptionError, ToolUsageError } from "../tool-errors.ts";
import type { OptionTable } from "./option-table.ts";

const int32Max = 2n ** 31n - 1n;
const int64Max = 2n ** 63n - 1n;

/** What a command line said. Values are read when they are asked for, as joptsimple does. */
export class ParsedOptions<T extends OptionTable = OptionTable> {
  readonly #table: T;
  readonly #found: ReadonlyMap<string, readonly string[]>;
  /** How many words there were. */
  readonly wordCount: number;
  /** The words themselves. */
  readonly words: readonly string[];
  /** The names of options as they came, each as often as it did. */
  readonly order: readonly string[];

  constructor(
    table: T,
    found: ReadonlyMap<string, readonly string[]>,
    given: { readonly words: readonly string[]; readonly order: readonly string[] },
  ) {
    this.#table = table;
    this.#found = found;
    this.wordCount = given.words.length;
    this.words = given.words;
    this.order = given.order;
  }

  /** Whether the option was given. */
  has(name: keyof T & string): boolean {
    return this.#found.has(name);
  }

  /**
   * The one value, or what holds without; undefined when there is neither.
   * @throws OptionError when it was given more than once.
   */
  text(name: keyof T & string): string | undefined {
    const values = this.#found.get(name) ?? [];
    if (values.length > 1) {
      const said = `Found multiple arguments for option ${name}, but you asked for only one`;
      throw new OptionError(said);
    }
    return values[0] ?? this.#table[name]?.defaultsTo;
  }

  /** Every value, in their order, or what holds without. */
  texts(name: keyof T & string): readonly string[] {
    const values = this.#found.get(name) ?? [];
    const { defaultsTo } = this.#table[name] ?? {};
    return values.length === 0 && defaultsTo !== undefined ? [defaultsTo] : values;
  }

  /** A value of Java's Integer. @throws OptionError */
  integer(name: keyof T & string): number | undefined {
    const value = this.#whole(name, int32Max);
    return value === undefined ? undefined : Number(value);
  }

  /** A value of Java's Long. @throws OptionError */
  long(name: keyof T & string): bigint | undefined {
    return this.#whole(name, int64Max);
  }

  /** Which of these options were given. */
  given(...names: readonly (keyof T & string)[]): readonly string[] {
    return names.filter((name) => this.has(name));
  }

  /** @throws ToolUsageError naming the first that is not there. */
  require(...names: readonly (keyof T & string)[]): void {
    for (const name of names) {
      if (!this.has(name)) throw new ToolUsageError(`Missing required argument "[${name}]"`);
    }
  }

  /** @throws ToolUsageError when an option comes with one that it excludes. */
  exclude(name: keyof T & string, others: readonly (keyof T & string)[]): void {
    if (!this.has(name)) return;
    for (const other of others) {
      if (!this.has(other)) continue;
      throw new ToolUsageError(`Option "[${name}]" can't be used with option "[${other}]"`);
    }
  }

  #whole(name: keyof T & string, max: bigint): bigint | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, "")) : undefined;
    if (value !== undefined && value <= max && value >= -max - 1n) return value;
    throw new OptionError(`Cannot parse argument '${text}' of option ${name}`);
  }
}
