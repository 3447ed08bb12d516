import { ToolFailure } from "../tool-errors.ts";
import { javaDouble, javaFloat } from "./java-number.ts";

/** Makes the text of bytes that Java's deserializer and its value's toString make. */
export type TextOf = (bytes: Buffer) => string;

const byClass: Readonly<Record<string, TextOf>> = {
  StringDeserializer: (bytes) => bytes.toString("utf8"),
  ShortDeserializer: ofSize("ShortDeserializer", 2, (bytes) => String(bytes.readInt16BE())),
  IntegerDeserializer: ofSize("IntegerDeserializer", 4, (bytes) => String(bytes.readInt32BE())),
  LongDeserializer: ofSize("LongDeserializer", 8, (bytes) => String(bytes.readBigInt64BE())),
  FloatDeserializer: ofSize("FloatDeserializer", 4, (bytes) => javaFloat(bytes.readFloatBE())),
  DoubleDeserializer: ofSize("DoubleDeserializer", 8, (bytes) => javaDouble(bytes.readDoubleBE())),
  BooleanDeserializer: ofSize("BooleanDeserializer", 1, (bytes) => String(bytes[0] === 1)),
  UUIDDeserializer: (bytes) => bytes.toString("utf8").toLowerCase(),
  BytesDeserializer: bytesText,
};

const folder = "org.apache.kafka.common.serialization.";

/** Finds a deserializer by its class; undefined when it is none of Kafka's that has a text. */
export function deserializerOf(className: string): TextOf | undefined {
  if (!className.startsWith(folder)) return undefined;
  return byClass[className.slice(folder.length)];
}

function ofSize(className: string, sizeBytes: number, read: TextOf): TextOf {
  return (bytes) => {
    if (bytes.length === sizeBytes) return read(bytes);
    throw new ToolFailure(`Size of data received by ${className} is not ${sizeBytes}`);
  };
}

/** As the text of Kafka's Bytes: what is no plain character is escaped. */
function bytesText(bytes: Buffer): string {
  const tilde = 0x7e;
  const blank = 0x20;
  const isPlain = (byte: number): boolean => byte >= blank && byte <= tilde && byte !== 0x5c;
  return [...bytes]
    .map((byte) =>
      isPlain(byte)
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`,
    )
    .join("");
}
