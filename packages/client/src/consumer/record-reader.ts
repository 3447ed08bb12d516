import type { Logger } from "@millrace/platform";
import { KafkaError } from "../errors/kafka-error.ts";
import type { Deserializer } from "../serdes/serde.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import type { UnreadablePolicy } from "./consumer-options.ts";
import { type ConsumerRecord, markUnreadable, readNow } from "./consumer-record.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { RecordBuffer } from "./record-buffer.ts";

const bytesDeserializer: Deserializer<unknown> = {
  neverFails: true,
  deserialize: (bytes) => bytes,
};

/** The deserializer given, else one that gives bytes as they are: the type's default says so. */
export function deserializerOr<T>(given: Deserializer<T> | undefined): Deserializer<T> {
  return given ?? (bytesDeserializer as Deserializer<T>);
}

/** What records are read with. */
export interface RecordReaderOptions<K, V> {
  readonly buffer: RecordBuffer<K, V>;
  /** Whether keys and values have to be read before a record is handed over. */
  readonly isEager: boolean;
  readonly policy: UnreadablePolicy;
  readonly deadLetters: DeadLetters;
  readonly logger: Logger;
}

/**
 * Takes records from the buffer and, where a deserializer may fail, reads them; what to do with
 * those that cannot be read is the policy's.
 */
export class RecordReader<K, V> {
  /** Records that were left out. */
  skippedCount = 0;
  readonly #options: RecordReaderOptions<K, V>;

  constructor(options: RecordReaderOptions<K, V>) {
    this.#options = options;
  }

  /** The partition of the record that came last. */
  get current(): AssignedPartition<K, V> | undefined {
    return this.#options.buffer.current;
  }

  /**
   * The next record; undefined when there is none. A promise where reading it takes time: of the
   * record, or of undefined when it is left out and the next one may be asked for.
   * @throws KafkaError DESERIALIZATION_FAILED with the policy "fail", and what came in the place of
   *   records
   */
  take(): ConsumerRecord<K, V> | Promise<ConsumerRecord<K, V> | undefined> | undefined {
    const { buffer, isEager } = this.#options;
    for (;;) {
      const record = buffer.take();
      if (record === undefined || !isEager) return record;
      const partition = buffer.current;
      if (partition === undefined) return record;
      try {
        const reading = readNow(record);
        return reading === undefined ? record : this.#settle({ record, partition, reading });
      } catch (error) {
        const outcome = this.#applyPolicy(record, partition, error);
        if (outcome !== "skip") return outcome;
      }
    }
  }

  async #settle(one: {
    readonly record: ConsumerRecord<K, V>;
    readonly partition: AssignedPartition<K, V>;
    readonly reading: Promise<void>;
  }): Promise<ConsumerRecord<K, V> | undefined> {
    const { record, partition } = one;
    const { version } = partition;
    try {
      await one.reading;
    } catch (error) {
      const outcome = await this.#applyPolicy(record, partition, error);
      if (outcome === "skip") return undefined;
      return isGone(partition, version) ? undefined : outcome;
    }
    return isGone(partition, version) ? undefined : record;
  }

  #applyPolicy(
    record: ConsumerRecord<K, V>,
    partition: AssignedPartition<K, V>,
    thrown: unknown,
  ): ConsumerRecord<K, V> | Promise<undefined> | "skip" {
    if (!(thrown instanceof KafkaError)) throw thrown;
    const { policy, logger, buffer } = this.#options;
    if (policy === "fail") {
      buffer.untake(partition, record);
      throw thrown;
    }
    if (policy === "raw") {
      markUnreadable(record, thrown);
      return record;
    }
    this.skippedCount += 1;
    logger.warn("a record cannot be read and is left out", {
      partition: partition.key,
      offset: record.offsetNumber,
      error: thrown.message,
    });
    return policy === "skip" ? "skip" : this.#bury(record, partition, thrown);
  }

  async #bury(
    record: ConsumerRecord<K, V>,
    partition: AssignedPartition<K, V>,
    error: KafkaError,
  ): Promise<undefined> {
    const { policy, deadLetters, buffer } = this.#options;
    if (typeof policy === "string") return undefined;
    try {
      await deadLetters.send(policy.deadLetter, { record, error, attempts: 1 });
    } catch (failure) {
      buffer.untake(partition, record);
      throw failure;
    }
    return undefined;
  }
}

function isGone(partition: AssignedPartition, version: number): boolean {
  return !partition.isAssigned || partition.isLeaving || partition.version !== version;
}
