import type { ConsumerRecord } from "../consumer/consumer-record.ts";
import type { Headers, KafkaMessage } from "./types.ts";

/** Records of one partition, as `eachBatch` gets them. */
export class Batch {
  readonly topic: string;
  readonly partition: number;
  /** The offset after the last record that this consumer may read. */
  readonly highWatermark: string;
  readonly messages: KafkaMessage[];
  readonly #firstOffset: bigint;
  readonly #lastOffset: bigint;

  /** @param lag records behind the last one of the batch; undefined: unknown, taken as none */
  constructor(records: readonly [ConsumerRecord, ...ConsumerRecord[]], lag: bigint | undefined) {
    const [first] = records;
    this.topic = first.topic;
    this.partition = first.partition;
    this.#firstOffset = first.offset;
    this.#lastOffset = (records.at(-1) ?? first).offset;
    this.highWatermark = String(this.#lastOffset + 1n + (lag ?? 0n));
    this.messages = records.map(messageOf);
  }

  isEmpty(): boolean {
    return this.messages.length === 0;
  }

  firstOffset(): string | null {
    return String(this.#firstOffset);
  }

  lastOffset(): string {
    return String(this.#lastOffset);
  }

  /** Records behind the last one of the batch. */
  offsetLag(): string {
    return String(BigInt(this.highWatermark) - 1n - this.#lastOffset);
  }

  /** Records behind the first one of the batch. */
  offsetLagLow(): string {
    return String(BigInt(this.highWatermark) - 1n - this.#firstOffset);
  }
}

function messageOf(record: ConsumerRecord): KafkaMessage {
  const { keyBytes: key, valueBytes: value, timestamp, offset } = record;
  const headers = headersOf(record);
  return {
    key,
    value,
    timestamp: String(timestamp),
    attributes: 0,
    offset: String(offset),
    headers,
  };
}

function headersOf(record: ConsumerRecord): Headers {
  const headers: Headers = {};
  for (const { key, value } of record.headers) {
    const bytes = value ?? Buffer.alloc(0);
    const known = headers[key];
    if (known === undefined) headers[key] = bytes;
    else headers[key] = Array.isArray(known) ? [...known, bytes] : [known, bytes];
  }
  return headers;
}
