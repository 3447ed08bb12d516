const escapePattern = /\\(?:x([0-9a-fA-F]{2})|(.))/gu;

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0" };

/** The bytes that a word of the command line means: `\n`, `\t`, `\x1f` as in C. */
export function unescapeText(text: string): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const match of text.matchAll(escapePattern)) {
    const [whole, hex, letter = ""] = match;
    parts.push(Buffer.from(text.slice(at, match.index)));
    parts.push(
      hex === undefined ? Buffer.from(escapes[letter] ?? letter) : Buffer.from(hex, "hex"),
    );
    at = match.index + whole.length;
  }
  parts.push(Buffer.from(text.slice(at)));
  return Buffer.concat(parts);
}
