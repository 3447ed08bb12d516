import type { Cluster } from "../../cluster.ts";
import { asKafkaError, KafkaError } from "../../errors/kafka-error.ts";
import type { GroupMetadata } from "../../group/membership.ts";
import { retrying } from "../../retry/retrying.ts";
import type { PartitionQueue } from "../accumulator/partition-queue.ts";
import type { ProducerIdentity } from "../idempotence/producer-identity.ts";
import type { ResolvedProducerOptions } from "../producer-options.ts";
import type { TransactionGate } from "../sender/transaction-gate.ts";
import { type TransactionOffset, TransactionRequests } from "./transaction-requests.ts";

/**
 * Where a producer's transactions stand:
 * uninitialized → initializing → ready → open → committing | aborting → ready;
 * open | committing → broken (it can only be aborted) → aborting; any → fatal.
 */
export type TransactionState =
  | "uninitialized"
  | "initializing"
  | "ready"
  | "open"
  | "committing"
  | "aborting"
  | "broken"
  | "fatal";

/** What coordination works with. */
export interface CoordinationContext {
  readonly cluster: Cluster;
  readonly options: ResolvedProducerOptions;
  readonly transactionalId: string;
  readonly identity: ProducerIdentity;
  readonly closed: AbortSignal;
  /** Something that batches waited for has changed. */
  readonly onProgress: () => void;
  readonly onFatal: (error: KafkaError) => void;
}

/** The level of `transaction.version` from which the broker does what KIP-890 says. */
const TRANSACTION_VERSION_2 = 2;
/** The newest Produce that does not add partitions to transactions by itself. */
const PRODUCE_VERSION_1_MAX = 11;

/**
 * Transactions of one producer, as the coordinator sees them. With transaction.version 2 records
 * make their partitions join and each end gives a new epoch; before it partitions are added first.
 */
export class TransactionCoordination implements TransactionGate {
  readonly #context: CoordinationContext;
  readonly #requests: TransactionRequests;
  #state: TransactionState = "uninitialized";
  #error: KafkaError | undefined;
  #isVersion2 = false;
  /** The coordinator knows of the transaction, or may: it has to be ended there. */
  #hasStarted = false;
  /** A commit was asked for and its answer did not come: it cannot be taken back any more. */
  #isOutcomeUnknown = false;
  /** After an abort the epoch is raised by InitProducerId, before another transaction begins. */
  #needsNewEpoch = false;
  #initializing: Promise<void> | undefined;
  /** One object for each transaction: partitions remember it. */
  #transaction: object = {};
  readonly #toAdd = new Set<PartitionQueue>();
  #adding: Promise<void> | undefined;
  #hasAdded = false;

  constructor(context: CoordinationContext) {
    this.#context = context;
    this.#requests = new TransactionRequests(context);
  }

  get state(): TransactionState {
    return this.#state;
  }

  /** Whether there is a transaction that can still be taken back. */
  get mayAbort(): boolean {
    if (this.#state === "committing") return !this.#isOutcomeUnknown;
    return this.#state === "open" || this.#state === "broken" || this.#state === "aborting";
  }

  /** Why the transaction can only be aborted, or the producer only be closed. */
  get error(): KafkaError | undefined {
    return this.#error;
  }

  get produceVersionMax(): number | undefined {
    return this.#isVersion2 ? undefined : PRODUCE_VERSION_1_MAX;
  }

  maySend(queue: PartitionQueue): boolean {
    if (this.#state === "fatal") return false;
    return queue.transaction === this.#transaction && queue.isInTransaction;
  }

  onRecords(queue: PartitionQueue): void {
    if (queue.transaction === this.#transaction) return;
    queue.transaction = this.#transaction;
    queue.isInTransaction = this.#isVersion2;
    if (this.#isVersion2) return;
    this.#toAdd.add(queue);
    this.#adding ??= this.#addPartitions();
  }

  onSent(): void {
    this.#hasStarted = true;
  }

  onFailed(error: KafkaError): void {
    if (error.fatal) this.#die(error);
    else this.#break(error);
  }

  /** Gets an id and an epoch, which fences whoever had them; once. @throws KafkaError */
  async init(): Promise<void> {
    if (this.#error !== undefined && this.#state === "fatal") throw this.#error;
    if (this.#state !== "uninitialized" && this.#state !== "initializing") return;
    this.#initializing ??= this.#init();
    await this.#initializing;
  }

  /** Begins a transaction. @throws KafkaError ILLEGAL_STATE, or what made it impossible */
  async begin(): Promise<void> {
    await this.init();
    if (this.#state !== "ready") throw this.#illegal("begin a transaction");
    this.#isVersion2 = await this.#hasVersion2();
    this.#transaction = {};
    this.#hasStarted = false;
    this.#hasAdded = false;
    this.#state = "open";
  }

  /** Throws unless records may be given now. */
  checkOpen(): void {
    if (this.#state === "open") return;
    throw this.#error ?? this.#illegal("send records");
  }

  /** Stores a group's offsets when the transaction is committed. @throws KafkaError */
  async sendOffsets(group: GroupMetadata, offsets: readonly TransactionOffset[]): Promise<void> {
    this.checkOpen();
    const { producer } = this.#context.identity;
    if (producer === undefined) throw this.#illegal("send offsets");
    if (offsets.length === 0) return;
    this.#hasStarted = true;
    try {
      await this.#requests.sendOffsets(producer, group, offsets, this.#isVersion2);
    } catch (error) {
      throw this.#note(error, "the group's offsets could not be sent");
    }
  }

  /** Takes no more records; the caller waits for those that were given. */
  beginEnd(isCommitted: boolean): void {
    if (isCommitted) {
      if (this.#state !== "committing") this.checkOpen();
      this.#state = "committing";
      return;
    }
    if (this.#state === "fatal") throw this.#error ?? this.#illegal("abort");
    if (!this.mayAbort) throw this.#illegal("abort");
    this.#state = "aborting";
    this.#toAdd.clear();
  }

  /**
   * Commits or aborts, when no record is under way any more. After REQUEST_TIMED_OUT it may be
   * called again.
   * @throws KafkaError
   */
  async end(isCommitted: boolean): Promise<void> {
    await this.#adding;
    if (isCommitted && this.#state !== "committing") {
      throw this.#error ?? this.#illegal("commit");
    }
    try {
      this.#isOutcomeUnknown = isCommitted;
      await this.#endAtCoordinator(isCommitted);
    } catch (error) {
      throw this.#note(error, isCommitted ? "the commit failed" : "the abort failed");
    }
    this.#state = "ready";
    this.#error = undefined;
    this.#isOutcomeUnknown = false;
    this.#transaction = {};
  }

  async #endAtCoordinator(isCommitted: boolean): Promise<void> {
    const { identity } = this.#context;
    const { producer } = identity;
    if (producer === undefined) return;
    // The coordinator knows the id no more: there is nothing to end, a new one is needed.
    const isForgotten = !isCommitted && this.#error?.code === "INVALID_PRODUCER_ID_MAPPING";
    if (this.#hasStarted && !isForgotten) {
      const ended = await this.#requests.endTransaction(producer, isCommitted, this.#isVersion2);
      if (ended.producerId >= 0n) identity.set(ended.producerId, ended.producerEpoch);
      this.#hasStarted = false;
    }
    if (!this.#needsNewEpoch && !isForgotten) return;
    const renewed = await this.#requests.initProducerId(isForgotten ? undefined : producer);
    this.#needsNewEpoch = false;
    identity.set(renewed.producerId, renewed.producerEpoch);
  }

  async #init(): Promise<void> {
    this.#state = "initializing";
    try {
      const { producerId, producerEpoch } = await this.#requests.initProducerId(undefined);
      this.#context.identity.set(producerId, producerEpoch);
      this.#state = "ready";
    } catch (error) {
      const failure = asKafkaError(error, "UNKNOWN_SERVER_ERROR", { what: "no producer id" });
      this.#initializing = undefined;
      // Rights can be given and brokers come back: only a fenced producer has no second try.
      this.#state = "uninitialized";
      if (failure.code === "PRODUCER_FENCED") this.#die(failure);
      throw failure;
    }
  }

  async #hasVersion2(): Promise<boolean> {
    const { cluster, options, closed: signal } = this.#context;
    // Java asks nobody when a transaction begins: a broker that is away must not make it fail.
    const limits = { what: "beginning a transaction", timeoutMs: options.maxBlockMs, signal };
    const features = await retrying(cluster, limits, () => cluster.features({ signal }));
    return (features.get("transaction.version") ?? 0) >= TRANSACTION_VERSION_2;
  }

  /** Adds partitions, those that come meanwhile in the next request. It never throws. */
  async #addPartitions(): Promise<void> {
    // Partitions of one turn share a request.
    await Promise.resolve();
    const transaction = this.#transaction;
    while (this.#toAdd.size > 0 && this.#state !== "aborting" && this.#state !== "broken") {
      const queues = [...this.#toAdd];
      this.#toAdd.clear();
      try {
        await this.#add(queues);
      } catch (error) {
        this.#note(error, "partitions could not be added to the transaction");
        break;
      }
      if (transaction !== this.#transaction) break;
      for (const queue of queues) queue.isInTransaction = true;
      this.#context.onProgress();
    }
    this.#adding = undefined;
  }

  async #add(queues: readonly PartitionQueue[]): Promise<void> {
    const { producer } = this.#context.identity;
    if (producer === undefined) return;
    const partitions = queues.map(({ topicName, partition }) => ({ topic: topicName, partition }));
    // An answer may get lost: from here on the coordinator may know of the transaction.
    this.#hasStarted = true;
    await this.#requests.addPartitions(producer, partitions, !this.#hasAdded);
    this.#hasAdded = true;
  }

  /** Takes down what an error means for the transaction, and gives it as a KafkaError. */
  #note(error: unknown, what: string): KafkaError {
    const failure = asKafkaError(error, "UNKNOWN_SERVER_ERROR", { what });
    if (failure.fatal) this.#die(failure);
    else if (failure.abortable) this.#break(failure);
    return failure;
  }

  #break(error: KafkaError): void {
    if (this.#state !== "open" && this.#state !== "committing") return;
    this.#state = "broken";
    this.#error = error;
    if (!this.#isVersion2) this.#needsNewEpoch = true;
    this.#context.onProgress();
  }

  #die(error: KafkaError): void {
    if (this.#state === "fatal") return;
    this.#state = "fatal";
    this.#error = error;
    this.#context.onFatal(error);
  }

  #illegal(what: string): KafkaError {
    const hint =
      this.#state === "open"
        ? "Commit or abort the transaction that is open."
        : "Begin a transaction first; a broken one can only be aborted, a commit only repeated.";
    return new KafkaError("ILLEGAL_STATE", `cannot ${what}: transactions are ${this.#state}`, {
      hint,
    });
  }
}
