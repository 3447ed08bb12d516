/** One entry of a JAAS configuration: a login module and what it is given. */
export interface JaasEntry {
  /** The Java class, such as `org.apache.kafka.common.security.plain.PlainLoginModule`. */
  readonly loginModule: string;
  /** `required`, `requisite`, `sufficient` or `optional`, in lower case. */
  readonly controlFlag: string;
  readonly options: ReadonlyMap<string, string>;
}

/** What reading a line came to; `reason` completes "… is not a JAAS configuration: …". */
export type JaasOutcome =
  | { readonly ok: true; readonly entries: readonly JaasEntry[] }
  | { readonly ok: false; readonly reason: string };

const controlFlags: ReadonlySet<string> = new Set([
  "required",
  "requisite",
  "sufficient",
  "optional",
]);

/**
 * Reads the value of `sasl.jaas.config` as Kafka does (KIP-85): entries that end with a semicolon,
 * options as name=value with the value in double quotes or bare, Java's comments.
 * A reason never repeats a value: it may be a password.
 *
 * Example: `PlainLoginModule required user_alice="secret";`
 */
export function parseJaas(text: string): JaasOutcome {
  const tokens = tokenize(text);
  if (tokens === undefined) return { ok: false, reason: "a quote is not closed" };
  const entries: JaasEntry[] = [];
  let position = 0;
  while (position < tokens.length) {
    const end = tokens.findIndex((token, index) => index >= position && isSign(token, ";"));
    if (end < 0) return { ok: false, reason: "the last entry does not end with a semicolon" };
    const entry = readEntry(tokens.slice(position, end));
    if (typeof entry === "string") return { ok: false, reason: entry };
    entries.push(entry);
    position = end + 1;
  }
  if (entries.length === 0) return { ok: false, reason: "it has no login module" };
  return { ok: true, entries };
}

interface Token {
  readonly kind: "word" | "quoted" | "sign";
  readonly text: string;
}

/** White space, comments, quoted text, the two signs, and what is between them. */
const TOKEN = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"((?:\\[\s\S]|[^"\\])*)"|([=;])|([^\s=;"]+)|(")/y;

function tokenize(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (const [, quoted, sign, word, openQuote] of text.matchAll(new RegExp(TOKEN, "gy"))) {
    if (openQuote !== undefined) return undefined;
    if (quoted !== undefined) tokens.push({ kind: "quoted", text: unescape(quoted) });
    if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    if (word !== undefined) tokens.push({ kind: "word", text: word });
  }
  return tokens;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f", b: "\b" };

function unescape(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, letter: string) => escapes[letter] ?? letter);
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === "sign" && token.text === sign;
}

function readEntry(tokens: readonly Token[]): JaasEntry | string {
  const [module, flag, ...rest] = tokens;
  if (module === undefined || module.kind === "sign") return "it has no login module";
  const controlFlag = flag?.text.toLowerCase() ?? "";
  if (flag?.kind !== "word" || !controlFlags.has(controlFlag)) {
    return `after ${module.text} one of ${[...controlFlags].join(", ")} is expected`;
  }
  const options = new Map<string, string>();
  for (let index = 0; index < rest.length; index += 3) {
    const [name, equals, value] = rest.slice(index, index + 3);
    const isOption = name !== undefined && name.kind !== "sign" && isSign(equals, "=");
    if (!isOption || value === undefined || value.kind === "sign") {
      return "an option is not of the form name=value";
    }
    options.set(name.text, value.text);
  }
  return { loginModule: module.text, controlFlag, options };
}
