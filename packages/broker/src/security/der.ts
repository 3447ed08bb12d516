/** One value of DER: a tag and what it holds. Bytes are views. */
export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
}

/** The tags that certificates and key stores use. */
export const derTags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
  /** Constructed, specific to its context, number 0. */
  context0: 0xa0,
} as const;

/** Bytes are not DER. Thrown inside this folder alone. */
export class DerError extends Error {}

/** Reads the values that follow one another. @throws DerError when they do not fit the bytes. */
export function readDer(bytes: Buffer): readonly DerValue[] {
  const values: DerValue[] = [];
  let position = 0;
  while (position < bytes.length) {
    const tag = byteAt(bytes, position);
    const { length, start } = readLength(bytes, position + 1);
    if (start + length > bytes.length) throw new DerError("a value is longer than its container");
    values.push({ tag, content: bytes.subarray(start, start + length) });
    position = start + length;
  }
  return values;
}

/** The value at an index. @throws DerError when there is none. */
export function derAt(values: readonly DerValue[], index: number): DerValue {
  const value = values[index];
  if (value === undefined) throw new DerError("a value is missing");
  return value;
}

/** An object identifier in dots, such as `2.5.4.3`. */
export function derObjectIdentifier(content: Buffer): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    numbers.push(value);
    value = 0;
  }
  const [first = 0, ...rest] = numbers;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join(".");
}

/** A whole number that fits 32 bits, such as an iteration count. @throws DerError. */
export function derInteger(value: DerValue): number {
  if (value.tag !== derTags.integer || value.content.length > 4 || value.content.length === 0) {
    throw new DerError("a number is expected");
  }
  return value.content.readIntBE(0, value.content.length);
}

function readLength(
  bytes: Buffer,
  position: number,
): { readonly length: number; readonly start: number } {
  const first = byteAt(bytes, position);
  if (first < 0x80) return { length: first, start: position + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new DerError("a length is not definite");
  if (position + 1 + count > bytes.length) throw new DerError("a length is cut off");
  return { length: bytes.readUIntBE(position + 1, count), start: position + 1 + count };
}

function byteAt(bytes: Buffer, position: number): number {
  const byte = bytes[position];
  if (byte === undefined) throw new DerError("it ends too early");
  return byte;
}
