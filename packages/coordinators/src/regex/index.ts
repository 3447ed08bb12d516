import { captureWhole } from "./capture.ts";
import { Matcher } from "./matcher.ts";
import { parsePattern } from "./parse.ts";
import { compileTree, type Program } from "./program.ts";
import { RegexRefusal } from "./syntax-tree.ts";

/** Characters a pattern may have. */
const PATTERN_LENGTH_MAX = 8192;

/** A pattern that is ready to be matched. */
export interface Regex {
  /**
   * Whether it matches the whole text, in time linear in the text's length; false when `work`
   * passes `workMax` on the way.
   */
  matches(text: string, workMax?: number): boolean;
  /** Steps that all calls of `matches` took together: 200,000 of them take a tenth of a second. */
  work(): number;
  /**
   * What each group matched if the pattern matches the whole text, the whole text itself first;
   * undefined if it does not. In linear time as well.
   */
  capture(text: string): readonly (string | undefined)[] | undefined;
}

/** What reading a pattern came to. */
export type CompiledRegex =
  | { readonly kind: "compiled"; readonly regex: Regex }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Reads a pattern in RE2's syntax, which is what Apache Kafka gives clients (KIP-848): no
 * backreferences, no lookaround, and no pattern that takes more than linear time.
 *
 * Example: compileRegex("a|b+") matches "a" and "bb", not "ab".
 */
export function compileRegex(pattern: string): CompiledRegex {
  if (pattern.length > PATTERN_LENGTH_MAX) {
    return { kind: "refused", reason: "expression is too long" };
  }
  try {
    const tree = parsePattern(pattern);
    const program = compileTree(tree);
    const matcher = new Matcher(program);
    // Few ask for groups: the program that notes them is made when somebody does.
    let capturing: Program | undefined;
    const capture: Regex["capture"] = (text) => {
      capturing ??= compileTree(tree, true);
      return captureWhole(capturing, text);
    };
    const regex: Regex = {
      matches: (text, workMax = Number.POSITIVE_INFINITY) => matcher.matches(text, workMax),
      work: () => matcher.work,
      capture,
    };
    return { kind: "compiled", regex };
  } catch (error) {
    if (error instanceof RegexRefusal) return { kind: "refused", reason: error.message };
    throw error;
  }
}
