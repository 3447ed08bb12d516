import { KafkaError } from "../../errors/kafka-error.ts";
import type { GroupMetadata } from "../../group/membership.ts";
import type { ProducerRecord, RecordMetadata } from "../producer-record.ts";
import type { TransactionOffset } from "./transaction-requests.ts";

/** What a transaction asks of its producer. */
export interface TransactionOwner<K, V> {
  send(record: ProducerRecord<K, V>): Promise<RecordMetadata>;
  sendMany(records: readonly ProducerRecord<K, V>[]): Promise<readonly RecordMetadata[]>;
  enqueue(record: ProducerRecord<K, V>): Promise<void> | undefined;
  flush(): Promise<void>;
  sendOffsets(group: GroupMetadata, offsets: readonly TransactionOffset[]): Promise<void>;
  end(isCommitted: boolean): Promise<void>;
}

/**
 * Records and offsets that readers see all or not at all (`isolation: "read_committed"`). One is
 * open at a time.
 * ```ts
 * await using transaction = await producer.beginTransaction();
 * transaction.enqueue({ topic: "orders", value });
 * await transaction.sendOffsets(consumer.groupMetadata(), offsets);
 * await transaction.commit(); // what is not committed is aborted at the end of the block
 * ```
 */
export class Transaction<K = unknown, V = unknown> implements AsyncDisposable {
  readonly #owner: TransactionOwner<K, V>;
  #isOpen = true;

  constructor(owner: TransactionOwner<K, V>) {
    this.#owner = owner;
  }

  /** Whether it is neither committed nor aborted. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** As `Producer.send`; the promise ends when the record is stored, before the commit. */
  send(record: ProducerRecord<K, V>): Promise<RecordMetadata> {
    return this.#owner.send(record);
  }

  /** As `Producer.sendMany`. */
  sendMany(records: readonly ProducerRecord<K, V>[]): Promise<readonly RecordMetadata[]> {
    return this.#owner.sendMany(records);
  }

  /** As `Producer.enqueue`; a record that is lost makes the commit fail. */
  enqueue(record: ProducerRecord<K, V>): Promise<void> | undefined {
    return this.#owner.enqueue(record);
  }

  /** As `Producer.flush`. A commit does it by itself. */
  flush(): Promise<void> {
    return this.#owner.flush();
  }

  /**
   * Commits a group's offsets with the transaction.
   * @param group what `consumer.groupMetadata()` gives: a member that lost its partitions is fenced
   * @param offsets the next offset to read of each partition
   * @throws KafkaError abortable when the group has rebalanced; fatal when the producer is fenced
   */
  sendOffsets(group: GroupMetadata, offsets: readonly TransactionOffset[]): Promise<void> {
    return this.#owner.sendOffsets(group, offsets);
  }

  /**
   * Sends what is left and commits. After REQUEST_TIMED_OUT nobody knows the outcome: call it
   * again.
   * @throws KafkaError abortable: nothing was committed, abort; fatal: close the producer
   */
  async commit(): Promise<void> {
    await this.#owner.end(true);
    this.#isOpen = false;
  }

  /** Takes everything back. @throws KafkaError */
  async abort(): Promise<void> {
    await this.#owner.end(false);
    this.#isOpen = false;
  }

  /** Aborts what was not committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOpen) return;
    try {
      await this.abort();
    } catch (error) {
      // After a fatal error there is nothing left to abort with: whoever takes over does it.
      if (!(error instanceof KafkaError && error.fatal)) throw error;
    }
  }
}
