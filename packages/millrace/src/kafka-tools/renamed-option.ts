import type { CommandContext } from "../command.ts";
import type { OptionTable } from "./options/option-table.ts";
import type { ParsedOptions } from "./options/parsed-options.ts";
import { ToolUsageError } from "./tool-errors.ts";

/** An option of KIP-1147 and what it was called before. */
export interface RenamedOption<T extends OptionTable> {
  readonly name: keyof T & string;
  readonly oldName: keyof T & string;
}

/**
 * Gives the name under which an option was given, new or old; the old one is refused beside the
 * new one.
 * @throws ToolUsageError
 */
export function nameInUse<T extends OptionTable>(
  options: ParsedOptions<T>,
  { name, oldName }: RenamedOption<T>,
  { isOldFirst = false }: { readonly isOldFirst?: boolean } = {},
): keyof T & string {
  if (!options.has(oldName)) return name;
  if (options.has(name)) {
    const both = isOldFirst ? `--${oldName} and --${name}` : `--${name} and --${oldName}`;
    throw new ToolUsageError(`Options ${both} cannot be specified together.`);
  }
  return oldName;
}

/** Tells that an old name was used, in a tool's own way. */
export function warnOfOldName<T extends OptionTable>(
  context: CommandContext,
  { name, oldName }: RenamedOption<T>,
  style: "Warning:" | "Option",
): void {
  context.print(
    `${style} --${oldName} is deprecated and will be removed in a future version. ` +
      `Use --${name} instead.\n`,
  );
}
