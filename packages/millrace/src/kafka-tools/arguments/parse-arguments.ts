import { ArgumentError } from "./argument-errors.ts";
import type { ArgumentParser, ArgumentSpec, CommandParser } from "./argument-parser.ts";
import { ParsedArguments } from "./parsed-arguments.ts";

/** What a level of the command line said. */
interface Level {
  readonly parser: ArgumentParser;
  readonly values: Map<string, string>;
}

/**
 * Reads arguments as argparse4j 0.7 does: long names may be cut short, `--name=value`, `-nvalue`;
 * the tool's own before its command, the command's behind it.
 * @returns the parser whose help is asked for, where it is.
 * @throws ArgumentError in argparse4j's words.
 */
export function parseArguments(
  tool: CommandParser,
  args: readonly string[],
): ParsedArguments | ArgumentParser {
  const words = args.values();
  const outer: Level = { parser: tool, values: new Map() };
  const command = readLevel(outer, words);
  if (command === "help") return tool;
  if (command === undefined) throw new ArgumentError(tool, "too few arguments");
  const found = Object.hasOwn(tool.commands, command) ? tool.commands[command] : undefined;
  if (found === undefined) {
    const names = Object.keys(tool.commands).map((name) => `'${name}'`);
    const said = `invalid choice: '${command}' (choose from ${names.join(", ")})`;
    throw new ArgumentError(tool, said);
  }
  const inner: Level = { parser: found, values: new Map() };
  const left = readLevel(inner, words);
  if (left === "help") return found;
  if (left !== undefined) throw new ArgumentError(found, `unrecognized arguments: '${left}'`);
  checkLevel(inner);
  checkLevel(outer);
  return new ParsedArguments(command, new Map([...outer.values, ...inner.values]));
}

/** Reads up to the first word that is no option, and gives it. */
function readLevel(level: Level, words: Iterator<string>): string | undefined {
  for (let next = words.next(); next.done !== true; next = words.next()) {
    const word = next.value;
    if (!word.startsWith("-") || isNegativeNumber(word)) return word;
    if (word === "--help" || word === "-h") return "help";
    const { name, spec, value } = argumentOf(level.parser, word);
    level.values.set(
      name,
      spec.type === "flag" ? "" : valueOf(level, { name, spec, value }, words),
    );
    checkOneOf(level, name);
  }
  return undefined;
}

interface Found {
  readonly name: string;
  readonly spec: ArgumentSpec;
  readonly value: string | undefined;
}

function argumentOf(parser: ArgumentParser, word: string): Found {
  const at = word.indexOf("=");
  const flag = at < 0 ? word : word.slice(0, at);
  const value = at < 0 ? undefined : word.slice(at + 1);
  const entries = Object.entries(parser.table);
  const exact = entries.find(([, { flags }]) => flags.includes(flag));
  if (exact !== undefined) return { name: exact[0], spec: exact[1], value };
  if (!word.startsWith("--")) {
    const short = entries.find(([, { flags }]) => flags.includes(word.slice(0, 2)));
    if (short !== undefined) return { name: short[0], spec: short[1], value: word.slice(2) };
    throw new ArgumentError(parser, `unrecognized arguments: '${word}'`);
  }
  const cut = entries.filter(([, { flags }]) => flags.some((one) => one.startsWith(flag)));
  if (cut.length > 1) {
    const names = cut.flatMap(([, { flags }]) => flags.filter((one) => one.startsWith(flag)));
    const said = `ambiguous option: ${flag} could match ${names.toSorted().join(", ")}`;
    throw new ArgumentError(parser, said);
  }
  const [only] = cut;
  if (only !== undefined) return { name: only[0], spec: only[1], value };
  throw new ArgumentError(parser, `unrecognized arguments: '${word}'`);
}

function valueOf({ parser }: Level, found: Found, words: Iterator<string>): string {
  const { spec } = found;
  const next = found.value === undefined ? words.next() : undefined;
  const text = next === undefined ? found.value : next.done === true ? undefined : next.value;
  if (text === undefined || (next !== undefined && isFlag(text))) {
    throw new ArgumentError(parser, `argument ${spec.flags.join("/")}: expected one argument`);
  }
  if (spec.type === undefined || spec.type === "String" || /^[+-]?\d+$/.test(text)) return text;
  const said = `could not convert '${text}' to ${spec.type} (For input string: "${text}")`;
  throw new ArgumentError(parser, `argument ${spec.flags.join("/")}: ${said}`);
}

function isFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-" && !isNegativeNumber(word);
}

function isNegativeNumber(word: string): boolean {
  return /^-\d+$/.test(word);
}

function checkOneOf({ parser, values }: Level, name: string): void {
  const names = parser.oneOf?.names ?? [];
  if (!names.includes(name)) return;
  const other = names.find((one) => one !== name && values.has(one));
  if (other === undefined) return;
  const flagsOf = (one: string): string => (parser.table[one]?.flags ?? []).join("/");
  const said = `argument ${flagsOf(name)}: not allowed with argument ${flagsOf(other)}`;
  throw new ArgumentError(parser, said);
}

function checkLevel({ parser, values }: Level): void {
  for (const [name, { flags, isRequired }] of Object.entries(parser.table)) {
    if (isRequired !== true || values.has(name)) continue;
    throw new ArgumentError(parser, `argument ${flags.join("/")} is required`);
  }
  const { oneOf } = parser;
  if (oneOf?.isRequired !== true || oneOf.names.some((name) => values.has(name))) return;
  const flags = oneOf.names.map((name) => (parser.table[name]?.flags ?? []).join("/"));
  throw new ArgumentError(parser, `one of the arguments ${flags.join(" ")} is required`);
}
