/**
 * Signed integers of variable length as records have them: zig-zag, then seven bits a byte, the
 * lowest first. Exact for safe integers. The first byte holds the sign and six bits, so that no
 * step needs more than 53 bits.
 */

/** Bytes of the longest 32-bit integer in this form. */
export const VARINT_SIZE_BYTES_MAX = 5;
/** Bytes of the longest 64-bit integer in this form. */
export const VARLONG_SIZE_BYTES_MAX = 10;

/** How many bytes a value takes. */
export function sizeOfVarint(value: number): number {
  let rest = Math.floor((value >= 0 ? value : -(value + 1)) / 64);
  let sizeBytes = 1;
  for (; rest > 0; rest = Math.floor(rest / 128)) sizeBytes++;
  return sizeBytes;
}

/** Writes a value and gives the position after it. */
export function writeVarint(buffer: Uint8Array, position: number, value: number): number {
  const sign = value >= 0 ? 0 : 1;
  const magnitude = value >= 0 ? value : -(value + 1);
  let rest = Math.floor(magnitude / 64);
  let byte = ((magnitude & 0x3f) << 1) | sign;
  let at = position;
  while (rest > 0) {
    buffer[at++] = byte | 0x80;
    byte = rest & 0x7f;
    rest = Math.floor(rest / 128);
  }
  buffer[at++] = byte;
  return at;
}
