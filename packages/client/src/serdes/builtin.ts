import { unreadable, unwritable } from "./refuse.ts";
import type { Serde, SerdeContext } from "./serde.ts";

interface Codec<T> {
  readonly write: (value: T, context: SerdeContext) => Uint8Array;
  readonly read: (bytes: Buffer, context: SerdeContext) => T;
}

/** Null is a null key or value (a tombstone) both ways. */
function nullable<T>({ write, read }: Codec<T>): Serde<T | null> {
  return {
    serialize: (value, context) => (value === null ? null : write(value, context)),
    deserialize: (bytes, context) => (bytes === null ? null : read(bytes, context)),
  };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Texts in UTF-8. Bytes that are no UTF-8 are refused, where Java's would replace them. */
export const string: Serde<string | null> = nullable<string>({
  write: (value, context) => {
    if (typeof value !== "string") throw unwritable(context, `it is no string but ${typeof value}`);
    return Buffer.from(value, "utf8");
  },
  read: (bytes, context) => text(bytes, context),
});

function text(bytes: Buffer, context: SerdeContext): string {
  const value = bytes.toString("utf8");
  // The replacement character is rare: only then is it worth a second, strict look.
  if (!value.includes("\uFFFD")) return value;
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw unreadable(context, "it is no UTF-8", error);
  }
}

/**
 * JSON. The type is a promise of whoever writes the topic, not checked: `schema` checks.
 * `undefined`, functions and what else JSON does not have are refused.
 */
export function json<T>(): Serde<T | null> {
  return nullable<T>({
    write: (value, context) => {
      const written: string | undefined = stringify(value, context);
      if (written === undefined) throw unwritable(context, `JSON has no ${typeof value}`);
      return Buffer.from(written, "utf8");
    },
    read: (bytes, context) => {
      try {
        // oxlint-disable-next-line typescript/no-unsafe-return -- the caller names the type
        return JSON.parse(text(bytes, context));
      } catch (error) {
        throw unreadable(context, "it is no JSON", error);
      }
    },
  });
}

function stringify(value: unknown, context: SerdeContext): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw unwritable(context, "JSON does not have it", error);
  }
}

/** The bytes themselves: read ones are a view of the broker's answer. */
export const buffer: Serde<Uint8Array | null, Buffer | null> = {
  serialize: (value) => value,
  deserialize: (bytes) => bytes,
  neverFails: true,
};

const int32Size = 4;
const int64Size = 8;
const int32Max = 2 ** 31 - 1;
const int64Max = 2n ** 63n - 1n;

/** A number of four bytes, the largest first, as Java's IntegerSerializer. */
export const int32: Serde<number | null> = nullable<number>({
  write: (value, context) => {
    if (!Number.isInteger(value) || value > int32Max || value < -int32Max - 1) {
      throw unwritable(context, `${value} is no 32-bit integer`);
    }
    const bytes = Buffer.allocUnsafe(int32Size);
    bytes.writeInt32BE(value);
    return bytes;
  },
  read: (bytes, context) => sized(bytes, int32Size, context).readInt32BE(),
});

/** A bigint of eight bytes, the largest first, as Java's LongSerializer. */
export const int64: Serde<bigint | null> = nullable<bigint>({
  write: (value, context) => {
    if (typeof value !== "bigint" || value > int64Max || value < -int64Max - 1n) {
      throw unwritable(context, `${value} is no 64-bit bigint`);
    }
    const bytes = Buffer.allocUnsafe(int64Size);
    bytes.writeBigInt64BE(value);
    return bytes;
  },
  read: (bytes, context) => sized(bytes, int64Size, context).readBigInt64BE(),
});

/** A number of eight bytes (IEEE 754), as Java's DoubleSerializer. */
export const double: Serde<number | null> = nullable<number>({
  write: (value, context) => {
    if (typeof value !== "number") throw unwritable(context, "it is no number");
    const bytes = Buffer.allocUnsafe(int64Size);
    bytes.writeDoubleBE(value);
    return bytes;
  },
  read: (bytes, context) => sized(bytes, int64Size, context).readDoubleBE(),
});

function sized(bytes: Buffer, size: number, context: SerdeContext): Buffer {
  if (bytes.length === size) return bytes;
  throw unreadable(context, `it has ${bytes.length} bytes and not ${size}`);
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A UUID as text, `123e4567-e89b-12d3-a456-426614174000`, as Java's UUIDSerializer writes it. */
export const uuid: Serde<string | null> = nullable<string>({
  write: (value, context) => {
    if (!uuidPattern.test(value)) throw unwritable(context, "it is no UUID");
    return Buffer.from(value.toLowerCase(), "latin1");
  },
  read: (bytes, context) => {
    const value = bytes.toString("latin1");
    if (!uuidPattern.test(value)) throw unreadable(context, "it is no UUID");
    return value.toLowerCase();
  },
});
