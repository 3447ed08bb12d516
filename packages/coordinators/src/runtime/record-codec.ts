import {
  type MessageInput,
  type MessageOf,
  type MessageSchema,
  messageCodec,
} from "@millrace/protocol";

/** Bytes of the version that stands before a key or a value. */
const VERSION_SIZE_BYTES = 2;

/** Gives the key of a record in an internal topic: the record's type, then the key's fields. */
export function encodeKey<M extends MessageSchema>(schema: M, key: MessageInput<M>): Buffer {
  return encodeVersioned(schema.apiKey ?? 0, messageCodec(schema, 0).encode(key));
}

/** Gives the value of a record in an internal topic: its version, then the value's fields. */
export function encodeValue<M extends MessageSchema>(
  schema: M,
  version: number,
  value: MessageInput<M>,
): Buffer {
  return encodeVersioned(version, messageCodec(schema, version).encode(value));
}

/** The type of a record, from its key; -1 when the key is too short to have one. */
export function recordType(key: Uint8Array): number {
  return key.length < VERSION_SIZE_BYTES ? -1 : asBuffer(key).readInt16BE(0);
}

/** Reads the key of a record of this schema. @throws MalformedMessageError */
export function decodeKey<M extends MessageSchema>(schema: M, key: Uint8Array): MessageOf<M> {
  return messageCodec(schema, 0).decode(key.subarray(VERSION_SIZE_BYTES));
}

/**
 * Reads the value of a record of this schema; null for a tombstone.
 * @throws MalformedMessageError, and UnsupportedVersionError for a version that is not known.
 */
export function decodeValue<M extends MessageSchema>(
  schema: M,
  value: Uint8Array | null,
): MessageOf<M> | null {
  if (value === null) return null;
  const version = asBuffer(value).readInt16BE(0);
  return messageCodec(schema, version).decode(value.subarray(VERSION_SIZE_BYTES));
}

function encodeVersioned(version: number, chunks: readonly Uint8Array[]): Buffer {
  const prefix = Buffer.allocUnsafe(VERSION_SIZE_BYTES);
  prefix.writeInt16BE(version);
  return Buffer.concat([prefix, ...chunks]);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
