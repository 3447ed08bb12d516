import { MillraceError } from "@millrace/platform";

/** A line has no end. */
export class LineTooLongError extends MillraceError {
  readonly code = "LINE_TOO_LONG";
}

/** A line above this cannot become a record of any broker, and would only fill the memory. */
const lineSizeBytesMax = 128 * 1024 * 1024;

/**
 * Cuts a stream of bytes at a delimiter, which is left out; what follows the last one is a line
 * too, unless it is empty. Lines are views where they came in one piece.
 * @param delimiter at least one byte
 * @throws LineTooLongError beyond 128 MiB
 */
export async function* splitLines(
  input: AsyncIterable<Uint8Array>,
  delimiter: Buffer,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    // A delimiter may begin in what was left over.
    const searched = Math.max(0, rest.length - delimiter.length + 1);
    const whole = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    let at = 0;
    let found = whole.indexOf(delimiter, searched);
    while (found >= 0) {
      yield whole.subarray(at, found);
      at = found + delimiter.length;
      found = whole.indexOf(delimiter, at);
    }
    rest = whole.subarray(at);
    if (rest.length > lineSizeBytesMax) {
      throw new LineTooLongError("a line is longer than 128 MiB: is the delimiter right?");
    }
  }
  if (rest.length > 0) yield rest;
}
