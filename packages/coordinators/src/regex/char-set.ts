/** A set of characters. */
export interface CharSet {
  readonly items: readonly CharSetItem[];
  readonly isNegated: boolean;
  /** Upper and lower case are the same. */
  readonly ignoresCase: boolean;
}

/** Code points from `first` to `last`, or those of a Unicode class. */
export type CharSetItem =
  | { readonly first: number; readonly last: number }
  | { readonly unicode: RegExp; readonly isNegated: boolean };

/** The last code point there is. */
export const CODE_POINT_MAX = 0x10ffff;

/** Whether a set has a character. */
export function hasCharacter(set: CharSet, codePoint: number): boolean {
  return set.isNegated !== isListed(set, codePoint);
}

function isListed({ items, ignoresCase }: CharSet, codePoint: number): boolean {
  if (items.some((item) => isIn(item, codePoint))) return true;
  if (!ignoresCase) return false;
  return otherCases(codePoint).some((other) => items.some((item) => isIn(item, other)));
}

function isIn(item: CharSetItem, codePoint: number): boolean {
  if ("first" in item) return codePoint >= item.first && codePoint <= item.last;
  return item.isNegated !== item.unicode.test(String.fromCodePoint(codePoint));
}

function otherCases(codePoint: number): readonly number[] {
  const text = String.fromCodePoint(codePoint);
  return [text.toLowerCase(), text.toUpperCase()]
    .map((other) => Array.from(other))
    .filter((characters) => characters.length === 1)
    .map(([character]) => character?.codePointAt(0) ?? codePoint)
    .filter((other) => other !== codePoint);
}

/** One character. */
export function single(codePoint: number): CharSetItem {
  return { first: codePoint, last: codePoint };
}

/** All that is not in some ranges, which do not overlap and are in order. */
function allBut(ranges: readonly { first: number; last: number }[]): CharSetItem[] {
  const items: CharSetItem[] = [];
  let next = 0;
  for (const { first, last } of ranges) {
    if (first > next) items.push({ first: next, last: first - 1 });
    next = last + 1;
  }
  items.push({ first: next, last: CODE_POINT_MAX });
  return items;
}

function ranges(...pairs: readonly string[]) {
  return pairs.map((pair) => ({
    first: pair.codePointAt(0) ?? 0,
    last: pair.codePointAt(pair.length - 1) ?? 0,
  }));
}

const digits = ranges("09");
const spaces = ranges("\t\n", "\f\r", " ");
const wordCharacters = ranges("09", "AZ", "_", "az");

/** The classes of one letter after a backslash; ASCII, as RE2 has them. */
export const perlClasses: ReadonlyMap<string, readonly CharSetItem[]> = new Map([
  ["d", digits],
  ["D", allBut(digits)],
  ["s", spaces],
  ["S", allBut(spaces)],
  ["w", wordCharacters],
  ["W", allBut(wordCharacters)],
]);

const posixRanges = {
  alnum: ranges("09", "AZ", "az"),
  alpha: ranges("AZ", "az"),
  ascii: ranges("\u0000\u007f"),
  blank: ranges("\t", " "),
  cntrl: ranges("\u0000\u001f", "\u007f"),
  digit: digits,
  graph: ranges("!~"),
  lower: ranges("az"),
  print: ranges(" ~"),
  punct: ranges("!/", ":@", "[`", "{~"),
  space: ranges("\t\r", " "),
  upper: ranges("AZ"),
  word: wordCharacters,
  xdigit: ranges("09", "AF", "af"),
};

/** A class by its name between [: and :], where ^ negates it; undefined when there is none. */
export function posixClass(name: string): readonly CharSetItem[] | undefined {
  const isNegated = name.startsWith("^");
  const known = new Map(Object.entries(posixRanges)).get(isNegated ? name.slice(1) : name);
  return isNegated && known !== undefined ? allBut(known) : known;
}

/** Whether \b sees part of a word. */
export function isWordCharacter(codePoint: number | undefined): boolean {
  return (
    codePoint !== undefined &&
    wordCharacters.some(({ first, last }) => codePoint >= first && codePoint <= last)
  );
}

/** A general category ("Lu") or a script ("Greek"); undefined when there is none of that name. */
export function unicodeClass(name: string, isNegated: boolean): CharSetItem | undefined {
  if (name === "Any") {
    return isNegated ? { first: 1, last: 0 } : { first: 0, last: CODE_POINT_MAX };
  }
  if (!/^[A-Za-z_]{1,40}$/.test(name)) return undefined;
  const isCategory = /^[CLMNPSZ][a-z]?$/.test(name);
  const property = isCategory ? `gc=${name}` : `Script=${name}`;
  try {
    // One character alone is ever matched with it, so that it cannot backtrack.
    return { unicode: new RegExp(`^\\p{${property}}$`, "u"), isNegated };
  } catch {
    // The engine knows no such property: neither do we.
    return undefined;
  }
}
