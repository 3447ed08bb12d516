import { OptionError } from "../tool-errors.ts";
import type { OptionTable } from "./option-table.ts";
import { ParsedOptions } from "./parsed-options.ts";

/**
 * Reads arguments as joptsimple 5 does: `--name value`, `--name=value`, `-name value`, names in
 * full, an option as often as one likes; what is no option is ignored, and all behind `--`.
 * @throws OptionError in joptsimple's words.
 */
export function parseOptions<T extends OptionTable>(
  table: T,
  args: readonly string[],
): ParsedOptions<T> {
  const found = new Map<string, string[]>();
  const order: string[] = [];
  let index = 0;
  while (index < args.length) {
    const word = args[index] ?? "";
    index += 1;
    if (word === "--") break;
    if (!isOption(word)) continue;
    const { name, value } = nameAndValue(table, word);
    const values = found.get(name) ?? [];
    found.set(name, values);
    order.push(name);
    const { argument } = table[name] ?? {};
    if (argument === undefined) continue;
    if (value !== undefined) {
      values.push(value);
      continue;
    }
    const next = args[index];
    if (argument === "required" && next === undefined) {
      throw new OptionError(`Option ${name} requires an argument`);
    }
    // A value that is required is the next word, whatever that looks like.
    if (next === undefined || (argument === "optional" && isOption(next))) continue;
    values.push(next);
    index += 1;
  }
  checkRequired(table, found);
  checkAvailable(table, found);
  return new ParsedOptions(table, found, { words: args, order });
}

function isOption(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

function nameAndValue(
  table: OptionTable,
  word: string,
): { readonly name: string; readonly value: string | undefined } {
  const isLong = word.startsWith("--");
  const bare = word.slice(isLong ? 2 : 1);
  const at = bare.indexOf("=");
  const name = at < 0 ? bare : bare.slice(0, at);
  if (Object.hasOwn(table, name)) {
    return { name, value: at < 0 ? undefined : bare.slice(at + 1) };
  }
  // Behind one dash joptsimple takes what is no name for letters, and tells the first.
  throw new OptionError(`${isLong ? name : bare.slice(0, 1)} is not a recognized option`);
}

function checkRequired(table: OptionTable, found: ReadonlyMap<string, unknown>): void {
  if (found.has("help") || found.has("version")) return;
  const missing = Object.keys(table).filter(
    (name) => table[name]?.isRequired === true && !found.has(name),
  );
  if (missing.length === 0) return;
  throw new OptionError(`Missing required option(s) [${missing.join(", ")}]`);
}

function checkAvailable(table: OptionTable, found: ReadonlyMap<string, unknown>): void {
  if (found.has("help") || found.has("version")) return;
  const names = Object.keys(table).filter((name) => {
    const { availableIf } = table[name] ?? {};
    if (availableIf === undefined || !found.has(name)) return false;
    return !availableIf.some((one) => found.has(one));
  });
  if (names.length === 0) return;
  const named = names.join(", ");
  throw new OptionError(
    `Option(s) [${named}] are unavailable given other options on the command line`,
  );
}
