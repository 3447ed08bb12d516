import { type CharSet, CODE_POINT_MAX, single } from "./char-set.ts";
import { readEscape } from "./escapes.ts";
import { parseClass } from "./parse-class.ts";
import { PatternReader } from "./pattern-reader.ts";
import { type Assertion, type Node, RegexRefusal } from "./syntax-tree.ts";

/** RE2's limit of a counted repetition, and of how deep groups nest. */
const REPEAT_COUNT_MAX = 1000;
const NESTING_DEPTH_MAX = 1000;

const NEWLINE = 10;

interface Flags {
  readonly ignoresCase: boolean;
  readonly multiLine: boolean;
  readonly dotMatchesNewline: boolean;
}

const NO_FLAGS: Flags = { ignoresCase: false, multiLine: false, dotMatchesNewline: false };

/** Reads a pattern in RE2's syntax. @throws RegexRefusal for what RE2 refuses. */
export function parsePattern(pattern: string): Node {
  const parser = new Parser(pattern);
  return parser.parse();
}

class Parser {
  readonly #reader: PatternReader;
  #flags: Flags = NO_FLAGS;
  #depth = 0;
  #groupCount = 0;

  constructor(pattern: string) {
    this.#reader = new PatternReader(pattern);
  }

  parse(): Node {
    const node = this.#choice();
    if (!this.#reader.isAtEnd) throw new RegexRefusal("unexpected )");
    return node;
  }

  #choice(): Node {
    const nodes = [this.#sequence()];
    while (this.#reader.accept("|")) nodes.push(this.#sequence());
    const [only] = nodes;
    return nodes.length === 1 && only !== undefined ? only : { kind: "choice", nodes };
  }

  #sequence(): Node {
    const reader = this.#reader;
    const nodes: Node[] = [];
    while (!reader.isAtEnd && reader.peek() !== "|" && reader.peek() !== ")") {
      const literal = reader.accept("\\Q") ? this.#quoted() : undefined;
      if (literal !== undefined) {
        const last = literal.pop();
        nodes.push(...literal);
        if (last !== undefined) nodes.push(this.#repeated(last));
        continue;
      }
      nodes.push(this.#repeated(this.#atom()));
    }
    return { kind: "sequence", nodes };
  }

  /** What stands between \Q and \E, as it is; without an \E all that is left. */
  #quoted(): Node[] {
    const reader = this.#reader;
    const text = reader.takeUntil("\\E");
    let rest = text ?? "";
    while (text === undefined && !reader.isAtEnd) rest += reader.take();
    return Array.from(rest, (character) => this.#literal(character));
  }

  #repeated(atom: Node): Node {
    const bounds = this.#bounds();
    if (bounds === undefined) return atom;
    const isLazy = this.#reader.accept("?");
    if (this.#bounds() !== undefined) {
      throw new RegexRefusal("invalid nested repetition operator");
    }
    return { kind: "repetition", node: atom, ...bounds, isLazy };
  }

  #bounds(): { readonly min: number; readonly max: number } | undefined {
    const reader = this.#reader;
    if (reader.accept("*")) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (reader.accept("+")) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (reader.accept("?")) return { min: 0, max: 1 };
    return this.#counted();
  }

  /** {n}, {n,} or {n,m}; any other brace stands for itself. */
  #counted(): { readonly min: number; readonly max: number } | undefined {
    const reader = this.#reader;
    const start = reader.position;
    if (!reader.accept("{")) return undefined;
    const min = reader.takeNumber();
    const hasComma = min !== undefined && reader.accept(",");
    const upper = hasComma ? reader.takeNumber() : min;
    if (min === undefined || !reader.accept("}")) {
      reader.reset(start);
      return undefined;
    }
    const max = upper ?? Number.POSITIVE_INFINITY;
    const isTooLarge = min > REPEAT_COUNT_MAX || (upper ?? 0) > REPEAT_COUNT_MAX;
    if (isTooLarge || max < min) throw new RegexRefusal("invalid repeat count");
    return { min, max };
  }

  #atom(): Node {
    const reader = this.#reader;
    const start = reader.position;
    if (this.#bounds() !== undefined) {
      throw new RegexRefusal("missing argument to repetition operator");
    }
    reader.reset(start);
    const character = reader.take();
    switch (character) {
      case "(":
        return this.#group();
      case "[":
        return { kind: "set", set: parseClass(reader, this.#flags.ignoresCase) };
      case ".":
        return { kind: "set", set: this.#anyCharacter() };
      case "^":
        return assertion(this.#flags.multiLine ? "line-start" : "text-start");
      case "$":
        return assertion(this.#flags.multiLine ? "line-end" : "text-end");
      case "\\":
        return this.#escape();
      default:
        return this.#literal(character);
    }
  }

  #escape(): Node {
    const reader = this.#reader;
    if (reader.accept("A")) return assertion("text-start");
    if (reader.accept("z")) return assertion("text-end");
    if (reader.accept("b")) return assertion("word-boundary");
    if (reader.accept("B")) return assertion("no-word-boundary");
    const { ignoresCase } = this.#flags;
    return { kind: "set", set: { items: readEscape(reader), isNegated: false, ignoresCase } };
  }

  #group(): Node {
    const reader = this.#reader;
    this.#depth++;
    if (this.#depth > NESTING_DEPTH_MAX) throw new RegexRefusal("expression nests too deeply");
    const outside = this.#flags;
    const captures = !reader.accept("?") || this.#namedGroup();
    if (!captures && this.#flagGroup() === "flags-alone") {
      this.#depth--;
      // Such flags hold up to the end of the group around them.
      return { kind: "empty" };
    }
    if (captures) this.#groupCount++;
    const number = this.#groupCount;
    const node = this.#choice();
    if (!reader.accept(")")) throw new RegexRefusal("missing closing )");
    this.#flags = outside;
    this.#depth--;
    return captures ? { kind: "group", node, number } : node;
  }

  #namedGroup(): boolean {
    const reader = this.#reader;
    const start = reader.position;
    if (!reader.accept("P<") && !reader.accept("<")) return false;
    const name = reader.takeUntil(">");
    if (name !== undefined && /^\w+$/.test(name)) return true;
    reader.reset(start);
    throw new RegexRefusal("invalid or unsupported Perl syntax, or group name");
  }

  /** (?i:…) goes on with the group, (?i) ends here. */
  #flagGroup(): "group" | "flags-alone" {
    const reader = this.#reader;
    let flags = this.#flags;
    let isOn = true;
    let count = 0;
    for (;;) {
      const character = reader.isAtEnd ? "" : reader.take();
      if (character === ":" || character === ")") {
        if (!isOn && count === 0) break;
        this.#flags = flags;
        return character === ":" ? "group" : "flags-alone";
      }
      if (character === "-" && isOn) {
        isOn = false;
        count = 0;
        continue;
      }
      const changed = withFlag(flags, character, isOn);
      if (changed === undefined) break;
      flags = changed;
      count++;
    }
    // Lookaround, atomic groups, conditions: none of them can be matched in linear time.
    throw new RegexRefusal("invalid or unsupported Perl syntax");
  }

  #literal(character: string): Node {
    const items = [single(character.codePointAt(0) ?? 0)];
    const { ignoresCase } = this.#flags;
    return { kind: "set", set: { items, isNegated: false, ignoresCase } };
  }

  #anyCharacter(): CharSet {
    return this.#flags.dotMatchesNewline
      ? { items: [{ first: 0, last: CODE_POINT_MAX }], isNegated: false, ignoresCase: false }
      : { items: [single(NEWLINE)], isNegated: true, ignoresCase: false };
  }
}

function withFlag(flags: Flags, character: string, isOn: boolean): Flags | undefined {
  switch (character) {
    case "i":
      return { ...flags, ignoresCase: isOn };
    case "m":
      return { ...flags, multiLine: isOn };
    case "s":
      return { ...flags, dotMatchesNewline: isOn };
    case "U":
      // Swapping lazy and greedy makes no difference to whether the whole text matches.
      return flags;
    default:
      return undefined;
  }
}

function assertion(kind: Assertion): Node {
  return { kind: "assertion", assertion: kind };
}
