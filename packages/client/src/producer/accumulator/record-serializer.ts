import type { Clock } from "@millrace/platform";
import { asKafkaError, KafkaError } from "../../errors/kafka-error.ts";
import type { SerdeContext, SerdeHeaders, Serializer } from "../../serdes/serde.ts";
import {
  type HeaderValue,
  NO_HEADERS,
  type ProducerRecord,
  type RecordHeadersInput,
  type SerializedHeader,
  type SerializedRecord,
} from "../producer-record.ts";

type Bytes = Uint8Array | null;

/** Makes bytes of an application's records. */
export class RecordSerializer {
  readonly #clock: Clock;
  readonly #key: Serializer<unknown>;
  readonly #value: Serializer<unknown>;
  /** Used for record after record. */
  #context = new RecordContext();
  readonly #record: SerializedRecord = {
    partition: -1,
    timestamp: 0,
    key: null,
    value: null,
    headers: NO_HEADERS,
  };

  constructor(options: {
    readonly clock: Clock;
    readonly key: Serializer<unknown>;
    readonly value: Serializer<unknown>;
  }) {
    this.#clock = options.clock;
    this.#key = options.key;
    this.#value = options.value;
  }

  /**
   * Gives the bytes of a record, in an object that the next call uses again; a promise where a
   * serializer gave one, and then an object of its own.
   * @throws KafkaError SERIALIZATION_FAILED, INVALID_ARGUMENT
   */
  serialize(record: ProducerRecord): SerializedRecord | Promise<SerializedRecord> {
    const context = this.#context.begin(record);
    const key = record.key === undefined ? null : run(this.#key, record.key, context.for("key"));
    if (key instanceof Promise) return this.#later(record, key, undefined);
    const value = run(this.#value, record.value, context.for("value"));
    if (value instanceof Promise) return this.#later(record, key, value);
    return this.#fill(this.#record, record, { key, value, headers: context.serialized });
  }

  async #later(
    record: ProducerRecord,
    keyGiven: Bytes | Promise<Bytes>,
    valueGiven: Promise<Bytes> | undefined,
  ): Promise<SerializedRecord> {
    // The serializer that is not done holds the context: other records get another one.
    const context = this.#context;
    this.#context = new RecordContext();
    try {
      const key = await keyGiven;
      const value = await (valueGiven ?? run(this.#value, record.value, context.for("value")));
      return this.#fill({ ...this.#record }, record, { key, value, headers: context.serialized });
    } catch (error) {
      throw serializationError(error, context);
    }
  }

  #fill(
    target: SerializedRecord,
    record: ProducerRecord,
    bytes: Pick<SerializedRecord, "key" | "value" | "headers">,
  ): SerializedRecord {
    const { partition, timestamp, topic } = record;
    if (partition !== undefined && !isCount(partition))
      throw invalid(topic, "partition", partition);
    if (timestamp !== undefined && !isCount(timestamp))
      throw invalid(topic, "timestamp", timestamp);
    target.partition = partition ?? -1;
    target.timestamp = timestamp ?? this.#clock.nowMs();
    target.key = bytes.key;
    target.value = bytes.value;
    target.headers = bytes.headers;
    return target;
  }
}

/** What serializers are told, and the headers that they may add to. */
class RecordContext implements SerdeContext, SerdeHeaders {
  topic = "";
  part: "key" | "value" | "header" = "key";
  serialized: readonly SerializedHeader[] = NO_HEADERS;

  get headers(): SerdeHeaders {
    return this;
  }

  begin(record: ProducerRecord): this {
    this.topic = record.topic;
    this.serialized = record.headers === undefined ? NO_HEADERS : serializeHeaders(record.headers);
    return this;
  }

  for(part: "key" | "value"): this {
    this.part = part;
    return this;
  }

  last(name: string): Bytes | undefined {
    const key = Buffer.from(name);
    return this.serialized.findLast((header) => key.equals(header.key))?.value;
  }

  add(name: string, value: Bytes): void {
    this.serialized = [...this.serialized, { key: Buffer.from(name), value }];
  }
}

function run(
  serializer: Serializer<unknown>,
  value: unknown,
  context: RecordContext,
): ReturnType<Serializer<unknown>["serialize"]> {
  try {
    return serializer.serialize(value, context);
  } catch (error) {
    throw serializationError(error, context);
  }
}

function serializationError(error: unknown, context: RecordContext): KafkaError {
  const what = `the ${context.part} could not be serialized`;
  return asKafkaError(error, "SERIALIZATION_FAILED", { what, topic: context.topic });
}

function serializeHeaders(headers: RecordHeadersInput): readonly SerializedHeader[] {
  if (isList(headers)) {
    return headers.map(({ key, value }) => ({ key: Buffer.from(key), value: bytesOf(value) }));
  }
  return Object.entries(headers).map(([key, value]) => ({
    key: Buffer.from(key),
    value: bytesOf(value),
  }));
}

function isList(
  headers: RecordHeadersInput,
): headers is readonly { readonly key: string; readonly value: HeaderValue }[] {
  return Array.isArray(headers);
}

function bytesOf(value: HeaderValue): Bytes {
  return typeof value === "string" ? Buffer.from(value) : value;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function invalid(topic: string, name: string, value: number): KafkaError {
  const what = `a record's ${name} is ${value}`;
  return new KafkaError("INVALID_ARGUMENT", what, { topic, hint: "Give an integer from 0 on." });
}
