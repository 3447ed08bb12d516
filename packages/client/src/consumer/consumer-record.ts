import { RecordCursor } from "@millrace/protocol";
import { KafkaError } from "../errors/kafka-error.ts";
import type { Deserializer, RecordPart, SerdeContext } from "../serdes/serde.ts";
import { RecordHeaders } from "./record-headers.ts";

/** Whose clock a timestamp is: the producer's, the broker's, or nobody's (the oldest format). */
export type TimestampType = "create_time" | "log_append_time" | "none";

/** What the records of one batch have in common. */
export interface RecordSource<K, V> {
  readonly topic: string;
  readonly partition: number;
  /** The epoch of the leader that appended the batch; -1 when it is not known. */
  readonly leaderEpoch: number;
  readonly timestampType: TimestampType;
  /** What the positions of `RecordFields` point into. */
  readonly bytes: Buffer;
  readonly baseOffset: number;
  readonly baseTimestamp: number;
  readonly deserializers: Deserializers<K, V>;
}

/** How keys and values are read. */
export interface Deserializers<K, V> {
  readonly key: Deserializer<K>;
  readonly value: Deserializer<V>;
}

/** Where the parts of a record lie; `RecordCursor` is one. */
export interface RecordFields {
  readonly offset: number;
  readonly timestamp: number;
  readonly keyPosition: number;
  /** -1: there is none. */
  readonly keySizeBytes: number;
  readonly valuePosition: number;
  /** -1: a tombstone. */
  readonly valueSizeBytes: number;
  readonly headersPosition: number;
  readonly headerCount: number;
}

/** What a key or a value is before it was read. */
const UNREAD: unique symbol = Symbol("unread");

/** Reads key and value of a record now; a promise when a deserializer gave one. */
export let readNow: (record: ConsumerRecord<unknown, unknown>) => Promise<void> | undefined;

/** Hands a record over as one that cannot be read: asking for key or value throws the error. */
export let markUnreadable: (record: ConsumerRecord<unknown, unknown>, error: KafkaError) => void;

/**
 * A record as a consumer gets it. Nothing is decoded or copied before it is asked for: bytes are
 * views of what the broker answered, so a record that is kept keeps that answer in memory.
 */
export class ConsumerRecord<K = Buffer | null, V = Buffer | null> {
  readonly #source: RecordSource<K, V>;
  // Deltas fit the engine's small integers, which absolute offsets and timestamps do not.
  readonly #offsetDelta: number;
  readonly #timestampDelta: number;
  readonly #keyPosition: number;
  readonly #keySizeBytes: number;
  readonly #valuePosition: number;
  readonly #valueSizeBytes: number;
  readonly #headersPosition: number;
  readonly #headerCount: number;
  #key: K | typeof UNREAD = UNREAD;
  #value: V | typeof UNREAD = UNREAD;
  #headers: RecordHeaders | undefined;
  #error: KafkaError | undefined;

  static {
    readNow = (record) => record.#readNow();
    markUnreadable = (record, error) => {
      record.#error = error;
    };
  }

  constructor(source: RecordSource<K, V>, fields: RecordFields) {
    this.#source = source;
    this.#offsetDelta = fields.offset - source.baseOffset;
    this.#timestampDelta = fields.timestamp - source.baseTimestamp;
    this.#keyPosition = fields.keyPosition;
    this.#keySizeBytes = fields.keySizeBytes;
    this.#valuePosition = fields.valuePosition;
    this.#valueSizeBytes = fields.valueSizeBytes;
    this.#headersPosition = fields.headersPosition;
    this.#headerCount = fields.headerCount;
  }

  get topic(): string {
    return this.#source.topic;
  }

  get partition(): number {
    return this.#source.partition;
  }

  get offset(): bigint {
    return BigInt(this.offsetNumber);
  }

  /** `offset` as a number, which is exact below 2^53 and costs less. */
  get offsetNumber(): number {
    return this.#source.baseOffset + this.#offsetDelta;
  }

  /** Milliseconds since 1970; -1 when there is none. */
  get timestamp(): number {
    return this.#source.baseTimestamp + this.#timestampDelta;
  }

  get timestampType(): TimestampType {
    return this.#source.timestampType;
  }

  /** The epoch of the leader that appended it; undefined when it is not known. */
  get leaderEpoch(): number | undefined {
    return this.#source.leaderEpoch < 0 ? undefined : this.#source.leaderEpoch;
  }

  /** @throws KafkaError DESERIALIZATION_FAILED, for a record that was handed over raw */
  get key(): K {
    if (this.#key !== UNREAD) return this.#key;
    const key = settled(this.#deserialize("key", this.#source.deserializers.key));
    this.#key = key;
    return key;
  }

  /** @throws KafkaError DESERIALIZATION_FAILED, for a record that was handed over raw */
  get value(): V {
    if (this.#value !== UNREAD) return this.#value;
    const value = settled(this.#deserialize("value", this.#source.deserializers.value));
    this.#value = value;
    return value;
  }

  get headers(): RecordHeaders {
    this.#headers ??= new RecordHeaders(
      new RecordCursor().headersAt(this.#source.bytes, this.#headersPosition, this.#headerCount),
    );
    return this.#headers;
  }

  /** The key as it was written, a view; null when there is none. */
  get keyBytes(): Buffer | null {
    return this.#view(this.#keyPosition, this.#keySizeBytes);
  }

  /** The value as it was written, a view; null for a tombstone. */
  get valueBytes(): Buffer | null {
    return this.#view(this.#valuePosition, this.#valueSizeBytes);
  }

  /** Bytes of key and value. */
  get sizeBytes(): number {
    return Math.max(0, this.#keySizeBytes) + Math.max(0, this.#valueSizeBytes);
  }

  /** Why key or value cannot be read, where the policy hands such records over raw. */
  get error(): KafkaError | undefined {
    return this.#error;
  }

  #view(position: number, sizeBytes: number): Buffer | null {
    return sizeBytes < 0 ? null : this.#source.bytes.subarray(position, position + sizeBytes);
  }

  #deserialize<T>(part: RecordPart, deserializer: Deserializer<T>): T | Promise<T> {
    if (this.#error !== undefined) throw this.#error;
    const bytes = part === "key" ? this.keyBytes : this.valueBytes;
    try {
      const value = deserializer.deserialize(bytes, new RecordContext(this, part));
      if (!(value instanceof Promise)) return value;
      return value.catch((error: unknown) => {
        throw unreadable(this, part, error);
      });
    } catch (error) {
      throw unreadable(this, part, error);
    }
  }

  #readNow(): Promise<void> | undefined {
    const key = this.#deserialize("key", this.#source.deserializers.key);
    const value = this.#deserialize("value", this.#source.deserializers.value);
    if (key instanceof Promise || value instanceof Promise) return this.#settle(key, value);
    this.#key = key;
    this.#value = value;
    return undefined;
  }

  async #settle(key: K | Promise<K>, value: V | Promise<V>): Promise<void> {
    [this.#key, this.#value] = await Promise.all([key, value]);
  }
}

/** What a deserializer may know of the record. */
class RecordContext implements SerdeContext {
  readonly part: RecordPart;
  readonly #record: ConsumerRecord<unknown, unknown>;

  constructor(record: ConsumerRecord<unknown, unknown>, part: RecordPart) {
    this.#record = record;
    this.part = part;
  }

  get topic(): string {
    return this.#record.topic;
  }

  get headers(): RecordHeaders {
    return this.#record.headers;
  }
}

function settled<T>(value: T | Promise<T>): T {
  if (value instanceof Promise) {
    // Deserializers that wait are read before the record is handed over; this one says it never
    // fails and never waits, and does.
    value.catch(() => undefined);
    throw new KafkaError(
      "DESERIALIZATION_FAILED",
      "a deserializer that never waits gave a promise",
    );
  }
  return value;
}

function unreadable(
  record: ConsumerRecord<unknown, unknown>,
  part: RecordPart,
  error: unknown,
): KafkaError {
  const said = error instanceof Error ? error.message : String(error);
  const { topic, partition } = record;
  const what = `the ${part} of the record at offset ${record.offsetNumber} cannot be read: ${said}`;
  return new KafkaError("DESERIALIZATION_FAILED", what, { topic, partition, cause: error });
}
