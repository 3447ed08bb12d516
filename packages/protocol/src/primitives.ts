/**
 * The words for numbers and identifiers that Kafka's messages carry.
 *
 * An int64 is a plain number inside (docs/decisions/006-int64.md), so these names say which one.
 */

/** A log offset: a record's place in its partition, counted from 0; -1 where unknown. */
export type Offset = number;
/** The reign of a partition leader, counted up by the controller; -1 where unknown. */
export type LeaderEpoch = number;
/** The incarnation of a registered broker: the offset of its registration record. */
export type BrokerEpoch = number;
/** A broker's number. */
export type BrokerId = number;
/** A partition's number in its topic, counted from 0. */
export type PartitionIndex = number;
/** Milliseconds since 1970-01-01T00:00Z; -1 where a record has none. */
export type TimestampMs = number;
/** A producer's identity, given by InitProducerId; -1n for a producer without one. */
export type ProducerId = bigint;
/** The incarnation of a producer id; -1 for a producer without one. */
export type ProducerEpoch = number;
/** The number of a producer's record in its partition, which wraps at 2^31-1 to 0. */
export type Sequence = number;

declare const uuid: unique symbol;
/** A 16-byte identifier as Kafka prints it: 22 characters of base64url without padding. */
export type Uuid = string & { readonly [uuid]: true };

const uuidPattern = /^[A-Za-z0-9_-]{21}[AQgw]$/;
const uuidSizeBytes = 16;

/** The identifier of 16 zero bytes, which stands for "none". */
export const ZERO_UUID = "AAAAAAAAAAAAAAAAAAAAAA" as Uuid;
/** The identifier of the metadata topic, `__cluster_metadata`. */
export const METADATA_TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAQ" as Uuid;

/** Says whether a string is an identifier in Kafka's form. */
export function isUuid(text: string): text is Uuid {
  return uuidPattern.test(text);
}

/** Gives the identifier of 16 bytes. */
export function uuidFromBytes(bytes: Uint8Array): Uuid {
  if (bytes.length !== uuidSizeBytes) throw new RangeError("a uuid has 16 bytes");
  return Buffer.from(bytes.buffer, bytes.byteOffset, uuidSizeBytes).toString("base64url") as Uuid;
}

/** Gives the 16 bytes of an identifier, in a new buffer. */
export function uuidToBytes(id: Uuid): Buffer {
  return Buffer.from(id, "base64url");
}
