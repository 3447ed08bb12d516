/**
 * The schema language: Kafka's messages as data. Format: docs/formats/schema-language.md.
 *
 * One object describes every version of a message; the types of decoded and of encodable values are
 * inferred from it (infer.ts), its readers and writers are compiled from it (message-codec.ts).
 */

/** Inclusive versions: "3", "3-7", or "3+" for 3 to the last that the message has; "none". */
export type VersionRange = "none" | `${number}` | `${number}-${number}` | `${number}+`;

/** The types that have no fields. `records` is a run of record batches, `bytes` any bytes. */
export type PrimitiveType =
  | "bool"
  | "int8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "float64"
  | "string"
  | "uuid"
  | "bytes"
  | "records";

/** What a field's value names, as Kafka's definitions say. */
export type EntityType = "brokerId" | "groupId" | "producerId" | "topicName" | "transactionalId";

interface FieldFacts {
  /** The versions that carry the field; left out: all in which its parent exists. */
  readonly versions?: VersionRange;
  /** The versions in which it may be null: `true` for all in which it exists. */
  readonly nullable?: true | VersionRange;
  /** The number of a tagged field. */
  readonly tag?: number;
  /** The versions in which the field is tagged; left out: all in which it exists. */
  readonly taggedVersions?: VersionRange;
  /** What stands for the field where it is not given or not carried. */
  readonly default?: null | boolean | number | bigint | string;
  /** A value that is not the default may be dropped in a version without the field. */
  readonly ignorable?: true;
  /** The field is (part of) the key of the elements of its array. */
  readonly mapKey?: true;
  readonly entityType?: EntityType;
  /**
   * How an int64 is held. Left out: a safe integer, others are refused. `saturated`: a safe
   * integer, Kafka's infinite (Long.MAX_VALUE) is Number.MAX_SAFE_INTEGER. `bigint`: exactly.
   */
  readonly as?: "bigint" | "saturated";
  /** `false`: length prefixes stay in the old form in flexible versions (a header's client id). */
  readonly flexible?: false;
}

/** A field without fields of its own. */
export interface PrimitiveField extends FieldFacts {
  readonly type: PrimitiveType | `[]${PrimitiveType}`;
  readonly fields?: never;
}

/** A field with fields of its own: `type` is the structure's name, after `[]` for an array. */
export interface StructField extends FieldFacts {
  readonly type: Capitalize<string> | `[]${Capitalize<string>}`;
  readonly fields: Fields;
}

/** One field of a message. */
export type FieldSchema = PrimitiveField | StructField;

/** Fields by name, in the order of the wire. */
export interface Fields {
  readonly [name: string]: FieldSchema;
}

/** A message that is not half of an API: a header, a record, the content of a file. */
export interface MessageSchema {
  readonly name: string;
  /** Type of a record in `__cluster_metadata` or in a coordinator's topic. */
  readonly apiKey?: number;
  readonly type: "header" | "data" | "metadata" | "coordinator-key" | "coordinator-value";
  readonly versions: VersionRange;
  /** Versions with compact lengths and tagged fields. */
  readonly flexibleVersions: VersionRange;
  readonly fields: Fields;
}

/** Where a request may be sent to. */
export type ListenerKind = "broker" | "controller";

/** A request with its response. */
export interface ApiSchema {
  /** The API key, on the wire in every request header. */
  readonly key: number;
  readonly name: string;
  readonly listeners: readonly ListenerKind[];
  readonly versions: VersionRange;
  readonly flexibleVersions: VersionRange;
  /** The last version may still change and is served only when asked for. */
  readonly latestVersionUnstable?: true;
  readonly request: Fields;
  readonly response: Fields;
}
