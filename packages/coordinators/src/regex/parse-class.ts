import { type CharSet, type CharSetItem, posixClass, single } from "./char-set.ts";
import { readEscape } from "./escapes.ts";
import type { PatternReader } from "./pattern-reader.ts";
import { RegexRefusal } from "./syntax-tree.ts";

/** Reads a class, of which the opening bracket has been taken. @throws RegexRefusal */
export function parseClass(reader: PatternReader, ignoresCase: boolean): CharSet {
  const isNegated = reader.accept("^");
  const items: CharSetItem[] = [];
  // A closing bracket right at the start stands for itself.
  for (let isFirst = true; isFirst || reader.peek() !== "]"; isFirst = false) {
    if (reader.isAtEnd) throw new RegexRefusal("missing closing ]");
    items.push(...readItem(reader));
  }
  reader.take();
  return { items, isNegated, ignoresCase };
}

function readItem(reader: PatternReader): readonly CharSetItem[] {
  const start = reader.position;
  if (reader.accept("[:")) {
    const name = reader.takeUntil(":]");
    const known = name === undefined ? undefined : posixClass(name);
    if (known !== undefined) return known;
    if (name !== undefined) throw new RegexRefusal("invalid character class range");
    reader.reset(start);
  }
  const first = readEnd(reader);
  const isRange = reader.peek() === "-" && reader.peek(1) !== "]" && reader.peek(1) !== "";
  if (!isRange) return first;
  reader.take();
  return [rangeOf(first, readEnd(reader))];
}

function readEnd(reader: PatternReader): readonly CharSetItem[] {
  if (reader.accept("\\")) return readEscape(reader);
  return [single(reader.take().codePointAt(0) ?? 0)];
}

function rangeOf(from: readonly CharSetItem[], to: readonly CharSetItem[]): CharSetItem {
  const [first] = from;
  const [last] = to;
  const areSingle =
    from.length === 1 &&
    to.length === 1 &&
    first !== undefined &&
    last !== undefined &&
    "first" in first &&
    "first" in last &&
    first.first === first.last &&
    last.first === last.last;
  if (!areSingle || first.first > last.first) {
    throw new RegexRefusal("invalid character class range");
  }
  return { first: first.first, last: last.first };
}
