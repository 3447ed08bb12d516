import { MillraceError } from "@millrace/platform";
import { UsageError } from "../usage-error.ts";

/** Bytes are not what the pack string says. */
export class UnpackError extends MillraceError {
  readonly code = "UNPACK_FAILED";
}

interface Field {
  readonly sizeBytes: number;
  read(bytes: Buffer, position: number, isLittle: boolean): string;
}

const fields: Readonly<Record<string, Field>> = {
  b: { sizeBytes: 1, read: (bytes, at) => String(bytes.readInt8(at)) },
  B: { sizeBytes: 1, read: (bytes, at) => String(bytes.readUInt8(at)) },
  h: {
    sizeBytes: 2,
    read: (bytes, at, isLittle) => String(isLittle ? bytes.readInt16LE(at) : bytes.readInt16BE(at)),
  },
  H: {
    sizeBytes: 2,
    read: (bytes, at, isLittle) =>
      String(isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
  },
  i: {
    sizeBytes: 4,
    read: (bytes, at, isLittle) => String(isLittle ? bytes.readInt32LE(at) : bytes.readInt32BE(at)),
  },
  I: {
    sizeBytes: 4,
    read: (bytes, at, isLittle) =>
      String(isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)),
  },
  q: {
    sizeBytes: 8,
    read: (bytes, at, isLittle) =>
      String(isLittle ? bytes.readBigInt64LE(at) : bytes.readBigInt64BE(at)),
  },
  Q: {
    sizeBytes: 8,
    read: (bytes, at, isLittle) =>
      String(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at)),
  },
  c: { sizeBytes: 1, read: (bytes, at) => bytes.toString("latin1", at, at + 1) },
};

/**
 * Compiles kcat's pack string, such as `>is`: a function that gives the fields of bytes as text,
 * one behind the other. Bytes behind the last field are skipped unless it ends with `$`.
 * @throws UsageError for a letter that is no field; the function throws UnpackError
 */
export function compileUnpack(packString: string): (bytes: Buffer) => Buffer {
  for (const letter of packString) {
    if (!"<>s$ ".includes(letter) && fields[letter] === undefined) {
      throw new UsageError(`"${letter}" of -s ${packString} is none of < > b B h H i I q Q c s $`);
    }
  }
  return (bytes) => Buffer.from(unpack(packString, bytes));
}

function unpack(packString: string, bytes: Buffer): string {
  // As kcat has it: big-endian until it is told else.
  let isLittle = false;
  let position = 0;
  let text = "";
  for (const letter of packString) {
    const left = bytes.length - position;
    const field = fields[letter];
    if (letter === "<" || letter === ">") isLittle = letter === "<";
    else if (letter === "s") {
      text += bytes.toString("utf8", position);
      position = bytes.length;
    } else if (letter === "$" && left > 0) {
      throw new UnpackError(`expected the end where ${left} bytes are left (-s ${packString})`);
    } else if (field !== undefined) {
      if (left < field.sizeBytes) {
        throw new UnpackError(`${letter} takes ${field.sizeBytes} bytes, ${left} are left`);
      }
      text += field.read(bytes, position, isLittle);
      position += field.sizeBytes;
    }
  }
  return text;
}
