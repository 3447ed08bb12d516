/**
 * How keys, values and headers become bytes and come back. The type parameter is exactly what the
 * application sees: a serde that lets null through (a tombstone, a record without a key) says so,
 * `Serde<string | null>`, and `notNull(serde)` refuses it, `Serde<string>`.
 */

/** Which part of a record is being written or read. */
export type RecordPart = "key" | "value" | "header";

/**
 * The headers of the record beside the part. A serializer may add some, as those of schema
 * registries do; a deserializer only looks.
 */
export interface SerdeHeaders {
  /** The last header of that name; undefined when there is none, null when it has no value. */
  last(name: string): Uint8Array | null | undefined;
  add(name: string, value: Uint8Array | null): void;
}

/**
 * Where the part stands. It belongs to the caller, who may use the same object for the next record:
 * keep nothing of it.
 */
export interface SerdeContext {
  readonly topic: string;
  readonly part: RecordPart;
  /** The header's name when the part is one. */
  readonly headerName?: string;
  readonly headers: SerdeHeaders;
}

/** Makes bytes of values. */
export interface Serializer<T> {
  /**
   * The bytes, which the client keeps until the record was sent and does not copy; null writes a
   * null key or value. It answers at once where it can: a promise (a real one, not just something
   * with `then`) costs a turn of the event loop for each record.
   * @throws KafkaError, or whatever error says what is wrong with the value: the client wraps it.
   */
  serialize(value: T, context: SerdeContext): Uint8Array | null | Promise<Uint8Array | null>;
}

/** Makes values of bytes. */
export interface Deserializer<T> {
  /**
   * The value. The bytes are a view into what the broker answered: a value that keeps them keeps
   * the whole answer in memory. Null is a null key or value. It answers at once where it can.
   * @throws KafkaError, or whatever error says what is wrong with the bytes: the client wraps it,
   *   and its policy for records that cannot be read decides what happens next.
   */
  deserialize(bytes: Buffer | null, context: SerdeContext): T | Promise<T>;
  /**
   * Whether it reads whatever bytes there are, at once: then it is called when the application asks
   * for the part, or never, and no policy is needed.
   */
  readonly neverFails?: true;
}

/** Both ways. What is read may differ from what was written: a schema may convert. */
export interface Serde<Written, Read = Written> extends Serializer<Written>, Deserializer<Read> {}

/** What a deserializer gives: `ValueOf<typeof orders>`. */
export type ValueOf<D> = D extends Deserializer<infer T> ? T : never;
