import type { Clock } from "@millrace/platform";
import { type ConsumerRecord, readNow, type TimestampType } from "../consumer/consumer-record.ts";
import type { RecordHeaders } from "../consumer/record-headers.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import type { AcknowledgeType } from "./acknowledge-type.ts";
import type { Acknowledged } from "./pending-acknowledgements.ts";

/** How a record came to this consumer, and where its acknowledgement goes. */
export interface Acquisition {
  readonly clock: Clock;
  readonly deliveryCount: number;
  /** When the lock ends, on the monotonic clock. */
  lockedUntilMs: number;
  readonly acknowledge: (entry: Acknowledged) => void;
}

/**
 * A record that is locked for this consumer: nobody else of the group gets it before it is
 * acknowledged or its lock ends. What is not accepted or rejected by then comes again, here or
 * elsewhere, with a higher delivery count, until the group's limit archives it.
 */
export class ShareRecord<K = Buffer | null, V = Buffer | null> {
  readonly #record: ConsumerRecord<K, V>;
  readonly #acquisition: Acquisition;
  #outcome: AcknowledgeType | undefined;

  constructor(record: ConsumerRecord<K, V>, acquisition: Acquisition) {
    this.#record = record;
    this.#acquisition = acquisition;
  }

  get topic(): string {
    return this.#record.topic;
  }

  get partition(): number {
    return this.#record.partition;
  }

  get offset(): bigint {
    return this.#record.offset;
  }

  /** `offset` as a number, which is exact below 2^53 and costs less. */
  get offsetNumber(): number {
    return this.#record.offsetNumber;
  }

  /** Milliseconds since 1970; -1 when there is none. */
  get timestamp(): number {
    return this.#record.timestamp;
  }

  get timestampType(): TimestampType {
    return this.#record.timestampType;
  }

  get leaderEpoch(): number | undefined {
    return this.#record.leaderEpoch;
  }

  /** @throws KafkaError DESERIALIZATION_FAILED */
  get key(): K {
    return this.#record.key;
  }

  /** @throws KafkaError DESERIALIZATION_FAILED */
  get value(): V {
    return this.#record.value;
  }

  get headers(): RecordHeaders {
    return this.#record.headers;
  }

  /** The key as it was written, a view; null when there is none. */
  get keyBytes(): Buffer | null {
    return this.#record.keyBytes;
  }

  /** The value as it was written, a view; null for a tombstone. */
  get valueBytes(): Buffer | null {
    return this.#record.valueBytes;
  }

  /** Bytes of key and value. */
  get sizeBytes(): number {
    return this.#record.sizeBytes;
  }

  /** Reads key and value now, where that takes time. @throws KafkaError DESERIALIZATION_FAILED */
  async read(): Promise<void> {
    await readNow(this.#record);
  }

  /** How often it was delivered, this time included: 1 for the first. */
  get deliveryCount(): number {
    return this.#acquisition.deliveryCount;
  }

  /** Milliseconds until the lock ends, 0 when it has: `renew` before that makes it last longer. */
  get lockRemainingMs(): number {
    const { clock, lockedUntilMs } = this.#acquisition;
    return Math.max(0, lockedUntilMs - clock.monotonicMs());
  }

  /** What was said of it last; undefined for a record that is still to be acknowledged. */
  get outcome(): AcknowledgeType | undefined {
    return this.#outcome;
  }

  /** Whether it was accepted, released or rejected: nothing more can be said of it. */
  get isSettled(): boolean {
    return this.#outcome !== undefined && this.#outcome !== "renew";
  }

  /** It is done with: nobody gets it again. @throws KafkaError ILLEGAL_STATE after another word */
  accept(): void {
    this.#acknowledge("accept");
  }

  /** Somebody may try again, at once. @throws KafkaError ILLEGAL_STATE after another word */
  release(): void {
    this.#acknowledge("release");
  }

  /** It can never be handled: nobody gets it again. @throws KafkaError ILLEGAL_STATE as above */
  reject(): void {
    this.#acknowledge("reject");
  }

  /**
   * It takes longer: asks for the lock to begin anew (KIP-1222). May be called again and again.
   * @throws KafkaError ILLEGAL_STATE once it is accepted, released or rejected
   */
  renew(): void {
    this.#acknowledge("renew");
  }

  #acknowledge(type: AcknowledgeType): void {
    if (this.isSettled) {
      if (this.#outcome === type) return;
      const { topic, partition } = this;
      const what = `${type} comes after ${this.#outcome} for the record at offset ${this.offset}`;
      throw new KafkaError("ILLEGAL_STATE", what, { topic, partition });
    }
    this.#outcome = type;
    const { clock, acknowledge } = this.#acquisition;
    const onRenewed = (lockTimeoutMs: number): void => {
      this.#acquisition.lockedUntilMs = clock.monotonicMs() + lockTimeoutMs;
    };
    const offset = this.offsetNumber;
    acknowledge(type === "renew" ? { offset, type, onRenewed } : { offset, type });
  }
}
