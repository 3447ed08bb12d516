import type { Admin, Client } from "@millrace/client";
import type { CommandContext } from "../command.ts";
import { type ContextFile, contextFilePath } from "../connection/context-file.ts";
import { readContexts } from "../connection/context-store.ts";
import { readPropertiesFile } from "../connection/properties-file.ts";
import { resolveProperties } from "../connection/resolve-properties.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { exitCodeOf } from "../exit-code-of.ts";
import type { Column } from "../output/column.ts";
import type { OutputFormat } from "../output/output-format.ts";
import { renderFields, renderRows } from "../output/show.ts";
import type { GlobalValues } from "./global-options.ts";

/**
 * What a command of the tree works with: the cluster that the user means, and the ways to show what
 * was found. One per process.
 */
export class Cli {
  readonly context: CommandContext;
  /** What the process ends with; a part that fails raises it. */
  exitCode: ExitCode = exitCodes.ok;
  #values: GlobalValues = {};

  constructor(context: CommandContext) {
    this.context = context;
  }

  /** Takes the options that every command has, before its action runs. */
  settle(values: GlobalValues): void {
    this.#values = values;
  }

  /** What `-o` said. */
  get format(): OutputFormat {
    return this.#values.output ?? "table";
  }

  /** What `--timeout` said, in milliseconds. */
  get timeoutMs(): number | undefined {
    return this.#values.timeout;
  }

  /** A client's configuration by Java's names, as options, environment and contexts say. */
  properties(): Readonly<Record<string, string>> {
    return this.#resolve(readContexts(contextFilePath(this.context.environment)));
  }

  /** The same without the contexts: what was said here and now. */
  givenProperties(): Readonly<Record<string, string>> {
    return this.#resolve({ current: undefined, contexts: {} });
  }

  #resolve(contexts: ContextFile): Readonly<Record<string, string>> {
    const { bootstrap, context, commandConfig, property } = this.#values;
    const { environment } = this.context;
    const configPath = commandConfig ?? environment["MILLRACE_COMMAND_CONFIG"];
    return resolveProperties({
      environment,
      bootstrap,
      context,
      overrides: property ?? [],
      fileProperties: configPath === undefined ? {} : readPropertiesFile(configPath),
      contexts,
    });
  }

  /** Gives a client to `body` and closes it behind it. */
  async withClient<T>(body: (client: Client) => Promise<T>): Promise<T> {
    const { Client: ClientClass } = await import("@millrace/client");
    const timeout = this.timeoutMs;
    await using client = ClientClass.fromProperties({
      "client.id": "millrace",
      "enable.metrics.push": "false",
      ...(timeout === undefined ? {} : { "default.api.timeout.ms": String(timeout) }),
      ...this.properties(),
    });
    return await body(client);
  }

  /** Gives an admin to `body` and closes it behind it. */
  async withAdmin<T>(body: (admin: Admin, client: Client) => Promise<T>): Promise<T> {
    return this.withClient(async (client) => {
      await using admin = client.admin();
      return await body(admin, client);
    });
  }

  /** Shows rows as the user wants to see them. */
  async show<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): Promise<void> {
    const { format } = this;
    const hasHeadings = this.#values.headers ?? true;
    this.context.print(await renderRows(rows, { columns, format, hasHeadings }));
  }

  /** Shows one thing: every field as JSON or YAML, else the lines given. */
  async showFields(
    value: unknown,
    fields: readonly (readonly [name: string, text: string])[],
  ): Promise<void> {
    this.context.print(await renderFields(value, fields, this.format));
  }

  /** Tells what was done; on standard error where the output is for programs, nothing with `-q`. */
  tell(text: string): void {
    if (this.#values.quiet === true) return;
    if (this.format === "table" || this.format === "wide") this.context.print(`${text}\n`);
    else this.context.printError(`${text}\n`);
  }

  /** Tells a person something on standard error; nothing with `-q`. */
  note(text: string): void {
    if (this.#values.quiet !== true) this.context.printError(`${text}\n`);
  }

  /** One of several things failed: the others go on, and the process ends with the error's code. */
  failed(what: string, error: unknown): void {
    const said = error instanceof Error ? error.message : String(error);
    this.context.printError(`${what}: ${said}\n`);
    if (this.exitCode === exitCodes.ok) this.exitCode = exitCodeOf(error);
  }
}
