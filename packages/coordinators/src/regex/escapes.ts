import { type CharSetItem, CODE_POINT_MAX, perlClasses, single, unicodeClass } from "./char-set.ts";
import type { PatternReader } from "./pattern-reader.ts";
import { RegexRefusal } from "./syntax-tree.ts";

const controls: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
]);

/**
 * Reads what stands after a backslash and means characters, in a class or outside of one.
 * @throws RegexRefusal for what RE2 does not know: backreferences above all.
 */
export function readEscape(reader: PatternReader): readonly CharSetItem[] {
  if (reader.isAtEnd) throw new RegexRefusal("trailing backslash at end of expression");
  const character = reader.take();
  const perl = perlClasses.get(character);
  if (perl !== undefined) return perl;
  if (character === "p" || character === "P") return [readUnicodeClass(reader, character === "P")];
  return [single(readCodePoint(reader, character))];
}

function readUnicodeClass(reader: PatternReader, isNegated: boolean): CharSetItem {
  const name = reader.accept("{") ? reader.takeUntil("}") : reader.take();
  const hasCaret = name?.startsWith("^") === true;
  const bare = (hasCaret ? name?.slice(1) : name) ?? "";
  const item = unicodeClass(bare, isNegated !== hasCaret);
  if (item === undefined) throw new RegexRefusal("invalid character class range");
  return item;
}

function readCodePoint(reader: PatternReader, character: string): number {
  const control = controls.get(character);
  if (control !== undefined) return control;
  if (character === "x") return readHex(reader);
  if (character >= "0" && character <= "7") return readOctal(reader, character);
  // Punctuation stands for itself; a letter or digit with no meaning may get one some day.
  const isPunctuation = character < "\u0080" && !/[0-9A-Za-z]/.test(character);
  if (!isPunctuation) throw new RegexRefusal(`invalid escape sequence: \\${character}`);
  return character.codePointAt(0) ?? 0;
}

function readHex(reader: PatternReader): number {
  const digits = reader.accept("{") ? reader.takeUntil("}") : reader.take() + reader.take();
  const codePoint = /^[0-9A-Fa-f]{1,8}$/.test(digits ?? "")
    ? Number.parseInt(digits ?? "", 16)
    : -1;
  if (codePoint < 0 || codePoint > CODE_POINT_MAX) {
    throw new RegexRefusal("invalid escape sequence: \\x");
  }
  return codePoint;
}

/** \0 to \077, or three digits; a single digit from 1 on would be a backreference. */
function readOctal(reader: PatternReader, first: string): number {
  const isOctal = (character: string): boolean => character >= "0" && character <= "7";
  if (first !== "0" && !isOctal(reader.peek())) {
    throw new RegexRefusal(`invalid escape sequence: \\${first}`);
  }
  let digits = first;
  while (digits.length < 3 && isOctal(reader.peek())) digits += reader.take();
  return Number.parseInt(digits, 8);
}
