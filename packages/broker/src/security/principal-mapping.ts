import { compileRegex, type Regex } from "@millrace/coordinators";

/** Makes a user's name of a certificate's distinguished name. */
export interface PrincipalMapping {
  /** The name; undefined when no rule fits, which refuses the connection. */
  nameOf(distinguishedName: string): string | undefined;
}

/** What reading rules came to; a mapping is there in both cases, so that others can go on. */
export type MappingOutcome =
  | { readonly ok: true; readonly mapping: PrincipalMapping }
  | { readonly ok: false; readonly mapping: PrincipalMapping; readonly reason: string };

type Rule = (distinguishedName: string) => string | undefined;

/** The name as it is. */
const asIs: Rule = (distinguishedName) => distinguishedName;

/** DEFAULT, or RULE:pattern/replacement/ with L or U behind; a slash inside is escaped. */
const RULE = /^(?:(DEFAULT)|RULE:((?:\\.|[^\\/])*)\/((?:\\.|[^\\/])*)\/([LU]?))\s*(?:,\s*|$)/;

/**
 * Reads `ssl.principal.mapping.rules` (KIP-371): rules separated by commas, of which the first that
 * matches the whole name counts. Patterns are RE2's: they take linear time, whatever the name.
 *
 * Example: `RULE:^CN=(.*?),.*$/$1/L,DEFAULT` makes `alice` of `CN=Alice,O=Example`.
 */
export function parseMappingRules(text: string): MappingOutcome {
  const rules: Rule[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const found = RULE.exec(rest);
    if (found === null) return refused("expected DEFAULT or RULE:pattern/replacement/[LU]");
    const [whole, isDefault, pattern = "", replacement = "", letterCase = ""] = found;
    rest = rest.slice(whole.length);
    if (isDefault !== undefined) {
      rules.push(asIs);
      continue;
    }
    // A slash is escaped for the sake of the rule, not of the pattern.
    const compiled = compileRegex(pattern.replaceAll("\\/", "/"));
    if (compiled.kind === "refused") return refused(`${pattern}: ${compiled.reason}`);
    const parts = parseReplacement(replacement.replaceAll("\\/", "/"));
    rules.push(ruleOf(compiled.regex, parts, letterCase));
  }
  if (rules.length === 0) rules.push(asIs);
  return { ok: true, mapping: mappingOf(rules) };
}

/** Text, or the number of a group. */
type ReplacementPart = string | number;

/** As Java's replacements: `$1` is a group, a backslash takes what follows as it is. */
function parseReplacement(text: string): readonly ReplacementPart[] {
  return [...text.matchAll(/\$(\d)|\\([\s\S])|([\s\S])/g)].map(([, group, escaped, character]) =>
    group === undefined ? (escaped ?? character ?? "") : Number(group),
  );
}

function ruleOf(regex: Regex, parts: readonly ReplacementPart[], letterCase: string): Rule {
  return (distinguishedName) => {
    const groups = regex.capture(distinguishedName);
    if (groups === undefined) return undefined;
    const name = parts
      .map((part) => (typeof part === "string" ? part : (groups[part] ?? "")))
      .join("");
    if (letterCase === "L") return name.toLowerCase();
    return letterCase === "U" ? name.toUpperCase() : name;
  };
}

function mappingOf(rules: readonly Rule[]): PrincipalMapping {
  return {
    nameOf: (distinguishedName) => {
      for (const rule of rules) {
        const name = rule(distinguishedName);
        if (name !== undefined) return name;
      }
      return undefined;
    },
  };
}

function refused(reason: string): MappingOutcome {
  return { ok: false, mapping: mappingOf([asIs]), reason };
}
