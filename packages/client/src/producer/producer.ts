import type { Timer } from "@millrace/platform";
import type { Cluster } from "../cluster.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import type { PartitionMetadata } from "../metadata/metadata-cache.ts";
import type { Serializer } from "../serdes/serde.ts";
import { RecordAccumulator } from "./accumulator/record-accumulator.ts";
import { RecordIntake } from "./accumulator/record-intake.ts";
import { RecordSerializer } from "./accumulator/record-serializer.ts";
import { type Delivery, ManyDelivery, SingleDelivery } from "./delivery.ts";
import { ProducerIdentity } from "./idempotence/producer-identity.ts";
import type { Partitioner, PartitionerOption } from "./partitioner/partitioner.ts";
import { RoundRobinPartitioner } from "./partitioner/round-robin-partitioner.ts";
import {
  type ProducerOptions,
  type ResolvedProducerOptions,
  resolveProducerOptions,
} from "./producer-options.ts";
import type { ProducerRecord, RecordMetadata } from "./producer-record.ts";
import { Sender } from "./sender/sender.ts";
import { Transaction } from "./transaction/transaction.ts";
import { TransactionCoordination } from "./transaction/transaction-coordination.ts";

/** How a producer is closed. */
export interface ProducerCloseOptions {
  /** How long to wait for records to be acknowledged; without end when not given. */
  readonly timeoutMs?: number;
}

const bytesAsTheyAre: Serializer<unknown> = {
  serialize: (value) => {
    if (value === null || value instanceof Uint8Array) return value;
    throw new TypeError("without a serializer it must be bytes or null");
  },
};

/**
 * Sends records to topics. Made by `client.producer()`. Records of one partition are stored in the
 * order in which they were given, once (idempotence), and on all replicas in sync (acks all).
 */
export class Producer<K = Uint8Array | null, V = Uint8Array | null> implements AsyncDisposable {
  readonly #cluster: Cluster;
  readonly #options: ResolvedProducerOptions;
  readonly #accumulator: RecordAccumulator;
  readonly #intake: RecordIntake;
  readonly #sender: Sender;
  readonly #identity: ProducerIdentity | undefined;
  readonly #transactions: TransactionCoordination | undefined;
  readonly #onError: ((error: KafkaError, lostRecords: number) => void) | undefined;
  readonly #closing = new AbortController();
  readonly #stopListening: () => void;
  readonly #leaveClient: () => void;
  #ended: Promise<void> | undefined;
  #idleTimer: Timer | undefined;
  #fatal: KafkaError | undefined;
  #lostRecords = 0;
  #firstLoss: KafkaError | undefined;

  /** @throws KafkaError INVALID_OPTION */
  constructor(cluster: Cluster, given: ProducerOptions<K, V> = {}) {
    const options = resolveProducerOptions(given, cluster.options);
    this.#cluster = cluster;
    this.#options = options;
    this.#onError = given.onError;
    const { clock, random, metadata } = cluster;
    const closed = AbortSignal.any([cluster.closed, this.#closing.signal]);
    const onFatal = (error: KafkaError): void => this.#die(error);
    const onProgress = (): void => this.#sender.wake();
    this.#identity = options.isIdempotent
      ? new ProducerIdentity({ cluster, options, onKnown: onProgress, onFatal })
      : undefined;
    this.#transactions = this.#openTransactions({ onFatal, onProgress, closed });
    this.#sender = new Sender({
      cluster,
      options,
      identity: this.#identity,
      gate: this.#transactions,
      onLost: (error, count) => this.#noteLoss(error, count),
      onFatal,
    });
    const partitioner = partitionerOf(options.partitioner, cluster);
    const context = { clock, random, metadata, options, partitioner };
    this.#accumulator = new RecordAccumulator(context, this.#sender);
    this.#sender.serve(this.#accumulator);
    const { key = bytesAsTheyAre, value = bytesAsTheyAre } = given;
    this.#intake = new RecordIntake({
      clock,
      metadata,
      options,
      accumulator: this.#accumulator,
      // The serializers take what this producer's own methods take: K and V.
      serializer: new RecordSerializer({ clock, key: erased(key), value: erased(value) }),
      closed,
    });
    this.#stopListening = metadata.onChange(({ topics }) => this.#sender.onMetadata(topics));
    this.#leaveClient = cluster.beforeClose("writer", (limits) => this.close(limits));
    this.#watchIdleTopics();
  }

  /**
   * Sends a record.
   * @returns where it was stored, once the replicas that `acks` names have it
   * @throws KafkaError DELIVERY_TIMED_OUT, MESSAGE_TOO_LARGE, BUFFER_EXHAUSTED, … as a rejection
   */
  send(record: ProducerRecord<K, V>): Promise<RecordMetadata> {
    return this.#send(record, false);
  }

  /**
   * Sends records.
   * @returns where each was stored, in their order
   * @throws KafkaError the first failure; other records may have been stored
   */
  sendMany(records: readonly ProducerRecord<K, V>[]): Promise<readonly RecordMetadata[]> {
    return this.#sendMany(records, false);
  }

  /**
   * Takes a record without a promise for it: the fastest way. A record that is lost later is told
   * to `onError` and makes the next `flush` fail.
   * ```ts
   * const wait = producer.enqueue(record);
   * if (wait) await wait;
   * ```
   * @returns undefined when the next record may come at once; else a promise to await before it
   * @throws KafkaError what is wrong with the record, at once or by the promise
   */
  enqueue(record: ProducerRecord<K, V>): Promise<void> | undefined {
    this.#check(false);
    return this.#intake.take(record, undefined) ?? this.#accumulator.room();
  }

  /**
   * Sends everything that was given so far, and waits until it is stored or failed.
   * @throws KafkaError the first failure of a record that was given by `enqueue` since the last
   *   flush
   */
  async flush(): Promise<void> {
    await this.#settle();
    const error = this.#firstLoss;
    const lost = this.#lostRecords;
    this.#firstLoss = undefined;
    this.#lostRecords = 0;
    if (error === undefined) return;
    throw new KafkaError(error.code, `${lost} records were lost`, {
      cause: error,
      topic: error.topic,
      partition: error.partition,
      retriable: error.retriable,
      fatal: error.fatal,
      abortable: error.abortable,
    });
  }

  /** The partitions of a topic, as the partitioner sees them. @throws KafkaError */
  async partitionsFor(topic: string): Promise<readonly PartitionMetadata[]> {
    const { maxBlockMs: timeoutMs, allowAutoCreateTopics: allowAutoCreate } = this.#options;
    const load = { timeoutMs, allowAutoCreate };
    const loaded = (await this.#cluster.metadata.load([topic], load)).get(topic);
    if (loaded instanceof Error) throw loaded;
    return loaded?.partitions ?? [];
  }

  /**
   * Gets the transactional id's epoch, which fences a producer that had it before, and ends what it
   * left open. `beginTransaction` does it too, when it was not done.
   * @throws KafkaError
   */
  async initTransactions(): Promise<void> {
    await this.#transactional().init();
  }

  /** Begins a transaction; one is open at a time. @throws KafkaError */
  async beginTransaction(): Promise<Transaction<K, V>> {
    this.#checkAlive();
    const transactions = this.#transactional();
    await transactions.begin();
    return new Transaction<K, V>({
      send: (record) => this.#send(record, true),
      sendMany: (records) => this.#sendMany(records, true),
      enqueue: (record) => {
        this.#check(true);
        return this.#intake.take(record, undefined) ?? this.#accumulator.room();
      },
      flush: () => this.flush(),
      sendOffsets: (group, offsets) => transactions.sendOffsets(group, offsets),
      end: (isCommitted) => this.#endTransaction(isCommitted),
    });
  }

  /**
   * Does work in a transaction: commits it when the work succeeds, else aborts it and throws what
   * the work threw.
   * @throws KafkaError REQUEST_TIMED_OUT when nobody knows whether it was committed: make another
   *   producer with the same transactionalId, which settles it, and look
   */
  async transaction<T>(work: (transaction: Transaction<K, V>) => Promise<T>): Promise<T> {
    const transaction = await this.beginTransaction();
    try {
      const result = await work(transaction);
      await transaction.commit();
      return result;
    } catch (error) {
      if (transaction.isOpen && this.#transactions?.mayAbort === true) await transaction.abort();
      throw error;
    }
  }

  /**
   * Sends what is left, then takes no more. An open transaction is aborted. What is not
   * acknowledged in `timeoutMs` fails with CLIENT_CLOSED.
   */
  close(options: ProducerCloseOptions = {}): Promise<void> {
    this.#ended ??= this.#end(options);
    return this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(options: ProducerCloseOptions): Promise<void> {
    const state = this.#transactions?.state ?? "ready";
    const isOpen = state === "open" || state === "broken" || state === "committing";
    const end = isOpen ? this.#endTransaction(false) : this.#settle();
    await this.#within(end, options.timeoutMs);
    this.#shutDown(new KafkaError("CLIENT_CLOSED", "the producer was closed"));
    if (this.#firstLoss === undefined || this.#onError !== undefined) return;
    // No promise, flush or handler has told it.
    this.#cluster.logger.error("records given by enqueue were lost", {
      records: this.#lostRecords,
      error: this.#firstLoss.message,
    });
  }

  #send(record: ProducerRecord<K, V>, isInTransaction: boolean): Promise<RecordMetadata> {
    return new Promise((resolve, reject) => {
      this.#check(isInTransaction);
      void this.#intake.take(record, new SingleDelivery(resolve, reject));
    });
  }

  async #sendMany(
    records: readonly ProducerRecord<K, V>[],
    isInTransaction: boolean,
  ): Promise<readonly RecordMetadata[]> {
    this.#check(isInTransaction);
    const deliveries = new ManyDelivery(records.length);
    for (const [index, record] of records.entries()) {
      this.#takeFor(record, deliveries.at(index));
    }
    return deliveries.promise;
  }

  #takeFor(record: ProducerRecord<K, V>, delivery: Delivery): void {
    try {
      void this.#intake.take(record, delivery);
    } catch (error) {
      delivery.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #openTransactions(context: {
    readonly onFatal: (error: KafkaError) => void;
    readonly onProgress: () => void;
    readonly closed: AbortSignal;
  }): TransactionCoordination | undefined {
    const { transactionalId } = this.#options;
    if (transactionalId === undefined || this.#identity === undefined) return undefined;
    return new TransactionCoordination({
      ...context,
      cluster: this.#cluster,
      options: this.#options,
      identity: this.#identity,
      transactionalId,
    });
  }

  #check(isInTransaction: boolean): void {
    if (this.#fatal !== undefined || this.#ended !== undefined) this.#checkAlive();
    if (isInTransaction) this.#transactions?.checkOpen();
    else if (this.#transactions !== undefined) {
      throw new KafkaError("ILLEGAL_STATE", "a producer with a transactionalId sends without one", {
        hint: "Send through the transaction that beginTransaction() or transaction() gives.",
      });
    }
  }

  #checkAlive(): void {
    if (this.#ended !== undefined) throw new KafkaError("CLIENT_CLOSED", "the producer is closed");
    if (this.#fatal !== undefined) throw this.#fatal;
  }

  #transactional(): TransactionCoordination {
    if (this.#transactions !== undefined) return this.#transactions;
    throw new KafkaError("ILLEGAL_STATE", "the producer has no transactionalId", {
      hint: "Make it with the option transactionalId.",
    });
  }

  /** Sends all and waits until nothing that was given before is open. */
  async #settle(): Promise<void> {
    const endFlush = this.#sender.beginFlush();
    try {
      await this.#intake.settled();
      const batches = [...this.#accumulator.incomplete];
      await Promise.all(
        batches.map((batch) => new Promise<void>((resolve) => batch.onDone(resolve))),
      );
    } finally {
      endFlush();
    }
  }

  async #endTransaction(isCommitted: boolean): Promise<void> {
    const transactions = this.#transactional();
    transactions.beginEnd(isCommitted);
    if (!isCommitted) {
      const hint = "Send it again in another transaction.";
      const what = "the transaction was aborted before the record was sent";
      const aborted = new KafkaError("ABORTED", what, { hint });
      this.#intake.failAll(aborted);
      this.#sender.failAll(aborted, { exceptOnWire: true });
    }
    await this.#settle();
    // What was lost has broken the transaction: its end tells so.
    this.#firstLoss = undefined;
    this.#lostRecords = 0;
    await transactions.end(isCommitted);
  }

  #noteLoss(error: KafkaError, recordsCount: number): void {
    this.#firstLoss ??= error;
    this.#lostRecords += recordsCount;
    this.#onError?.(error, recordsCount);
  }

  #die(error: KafkaError): void {
    if (this.#fatal !== undefined) return;
    this.#fatal = error;
    this.#intake.failAll(error);
    this.#sender.failAll(error, { exceptOnWire: false });
  }

  #shutDown(error: KafkaError): void {
    this.#closing.abort(error);
    this.#leaveClient();
    this.#intake.failAll(error);
    this.#sender.failAll(error, { exceptOnWire: false });
    this.#sender.stop();
    this.#identity?.close();
    this.#stopListening();
    this.#idleTimer?.cancel();
    for (const topic of this.#accumulator.topics.values()) topic.rest();
  }

  /** Waits for work, no longer than it may take; its failure has been told to those it concerns. */
  async #within(work: Promise<void>, timeoutMs: number | undefined): Promise<void> {
    const ended = work.catch(() => undefined);
    if (timeoutMs === undefined) {
      await ended;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = this.#cluster.clock.setTimer(timeoutMs, resolve);
      void ended.then(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  #watchIdleTopics(): void {
    const { metadataMaxIdleMs } = this.#cluster.options;
    this.#idleTimer = this.#cluster.clock.setTimer(metadataMaxIdleMs, () => {
      this.#accumulator.restIdle(metadataMaxIdleMs);
      this.#watchIdleTopics();
    });
  }
}

function partitionerOf(option: PartitionerOption, cluster: Cluster): Partitioner | undefined {
  if (option === "default") return undefined;
  if (option === "round-robin") return new RoundRobinPartitioner(cluster.random);
  return typeof option === "function" ? { partition: option } : option;
}

/** Forgets what a serializer takes: the intake hands each the values of its own producer. */
function erased<T>(serializer: Serializer<T>): Serializer<unknown> {
  return serializer;
}
