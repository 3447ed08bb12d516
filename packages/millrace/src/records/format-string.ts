import { UsageError } from "../usage-error.ts";
import type { ShownRecord } from "./shown-record.ts";

type Piece = (record: ShownRecord) => Buffer;

/** The tokens, for help texts. They are kcat's. */
export const formatTokens = `Format strings are kcat's:
  %s %k %h      value, key, headers (name=value, separated by commas)
  %S %K         sizes of value and key in bytes, -1 when there is none
  %R            size of the value as 4 bytes, big-endian
  %t %p %o %T   topic, partition, offset, timestamp in milliseconds
  %%            a percent sign; \\n \\r \\t \\\\ \\xNN as in C
  %s{hex} and %s{base64} (also %k) write bytes as text`;

/** How keys and values are written. */
export interface FormatOptions {
  /** What stands for a key or value that is not there or is empty; nothing when not given. */
  readonly nullText?: string;
  /** What is written of a key's bytes; the bytes themselves when not given. */
  readonly showKey?: (bytes: Buffer) => Buffer;
  readonly showValue?: (bytes: Buffer) => Buffer;
}

/**
 * Compiles a format string: a function that gives the bytes of a record.
 * @throws UsageError that names the token which is none.
 */
export function compileFormat(
  format: string,
  options: FormatOptions = {},
): (record: ShownRecord) => Buffer {
  const pieces = [...piecesOf(format, options)];
  return (record) => Buffer.concat(pieces.map((piece) => piece(record)));
}

const token = String.raw`%(?<token>[a-zA-Z%])(?:\{(?<encoding>hex|base64)\})?`;
const escape = String.raw`\\(?:x(?<hex>[0-9a-fA-F]{2})|(?<escape>[nrt0\\]))`;
const piecePattern = new RegExp(`${token}|${escape}`, "gu");

function* piecesOf(format: string, options: FormatOptions): Generator<Piece> {
  let at = 0;
  for (const match of format.matchAll(piecePattern)) {
    if (match.index > at) yield constant(format.slice(at, match.index));
    at = match.index + match[0].length;
    const { token: name, encoding, hex, escape: letter } = match.groups ?? {};
    if (name !== undefined) yield pieceOf(name, encoding, options);
    else if (hex !== undefined) yield constant(Buffer.from(hex, "hex"));
    else yield constant(escapes[letter ?? ""] ?? "");
  }
  if (at < format.length) yield constant(format.slice(at));
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "0": "\0",
  "\\": "\\",
};

const plainPieces: Readonly<Record<string, Piece>> = {
  S: ({ value }) => Buffer.from(String(value?.length ?? -1)),
  K: ({ key }) => Buffer.from(String(key?.length ?? -1)),
  R: ({ value }) => bigEndian(value?.length ?? -1),
  t: ({ topic }) => Buffer.from(topic),
  p: ({ partition }) => Buffer.from(String(partition)),
  o: ({ offset }) => Buffer.from(String(offset)),
  T: ({ timestamp }) => Buffer.from(String(timestamp)),
  h: ({ headers }) => headersText(headers),
  "%": () => Buffer.from("%"),
};

function pieceOf(token: string, encoding: string | undefined, options: FormatOptions): Piece {
  const { showKey, showValue } = options;
  const none = Buffer.from(options.nullText ?? "");
  if (token === "s") return ({ value }) => encoded(value, encoding, { show: showValue, none });
  if (token === "k") return ({ key }) => encoded(key, encoding, { show: showKey, none });
  const piece = plainPieces[token];
  if (piece === undefined || encoding !== undefined) {
    const shown = encoding === undefined ? `%${token}` : `%${token}{${encoding}}`;
    throw new UsageError(`"${shown}" is no token of a format string.\n${formatTokens}`);
  }
  return piece;
}

interface Part {
  readonly show: ((bytes: Buffer) => Buffer) | undefined;
  readonly none: Buffer;
}

function encoded(bytes: Buffer | null, encoding: string | undefined, part: Part): Buffer {
  if (bytes === null || bytes.length === 0) return part.none;
  if (encoding === "hex" || encoding === "base64") return Buffer.from(bytes.toString(encoding));
  return part.show === undefined ? bytes : part.show(bytes);
}

function constant(content: string | Buffer): Piece {
  const bytes = Buffer.from(content);
  return () => bytes;
}

function bigEndian(size: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(size);
  return bytes;
}

function headersText(headers: ShownRecord["headers"]): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of headers) {
    const separator = parts.length === 0 ? "" : ",";
    parts.push(Buffer.from(`${separator}${name}=`), value ?? Buffer.from("NULL"));
  }
  return Buffer.concat(parts);
}
