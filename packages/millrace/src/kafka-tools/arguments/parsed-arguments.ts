/** What a command line of argparse4j's manner said. */
export class ParsedArguments {
  readonly command: string;
  readonly #values: ReadonlyMap<string, string>;

  constructor(command: string, values: ReadonlyMap<string, string>) {
    this.command = command;
    this.#values = values;
  }

  /** Whether it was given. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Its value; undefined when it was not given. */
  text(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** Its value as a number. */
  number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }
}
