import type { KafkaError } from "../errors/kafka-error.ts";
import type { AssignedPartition, FetchedChunk } from "./assigned-partition.ts";
import type { ConsumerRecord } from "./consumer-record.ts";

/** Who hears that there is room again, or something new. */
export interface RecordBufferListener {
  /** A partition has so little left that more may be fetched. */
  onRoom(): void;
}

/**
 * Records that were fetched and not yet handed to the application, bounded in bytes by who fetches.
 * Partitions take turns, an answer's worth at a time.
 */
export class RecordBuffer<K = unknown, V = unknown> {
  /** Bytes that are held, of all partitions. */
  sizeBytes = 0;
  /** The partition of the record that `take` gave last. */
  current: AssignedPartition<K, V> | undefined;

  readonly #ready: AssignedPartition<K, V>[] = [];
  readonly #listener: RecordBufferListener;
  readonly #errors: KafkaError[] = [];
  #fatal: KafkaError | undefined;
  #wake: (() => void) | undefined;

  constructor(listener: RecordBufferListener) {
    this.#listener = listener;
  }

  /** Whether no partition is ready to be taken from. */
  get isEmpty(): boolean {
    return this.#ready.length === 0;
  }

  /** Puts what came for a partition behind what it has. */
  add(partition: AssignedPartition<K, V>, chunk: FetchedChunk<K, V>): void {
    partition.chunks.push(chunk);
    partition.bufferedBytes += chunk.sizeBytes;
    this.sizeBytes += chunk.sizeBytes;
    if (!partition.isPaused && !this.#ready.includes(partition)) this.#ready.push(partition);
    this.wake();
  }

  /** Has the next call of `take` throw an error that concerns no partition. */
  fail(error: KafkaError): void {
    this.#errors.push(error);
    this.wake();
  }

  /** Has every call of `take` throw an error from now on. */
  failForGood(error: KafkaError): void {
    this.#fatal ??= error;
    this.wake();
  }

  /** Drops what is held of a partition. */
  drop(partition: AssignedPartition<K, V>): void {
    this.sizeBytes -= partition.bufferedBytes;
    partition.bufferedBytes = 0;
    partition.chunks.length = 0;
    this.#unready(partition);
  }

  pause(partition: AssignedPartition<K, V>): void {
    partition.isPaused = true;
    partition.fetchFailingSinceMs = -1;
    this.#unready(partition);
  }

  resume(partition: AssignedPartition<K, V>): void {
    partition.isPaused = false;
    if (partition.chunks.length > 0 && !this.#ready.includes(partition)) {
      this.#ready.push(partition);
      this.wake();
    }
  }

  /**
   * Gives the next record and moves its partition's position behind it; undefined when there is
   * none.
   * @throws KafkaError what came in the place of records
   */
  take(): ConsumerRecord<K, V> | undefined {
    if (this.#fatal !== undefined) throw this.#fatal;
    const error = this.#errors.shift();
    if (error !== undefined) throw error;
    for (let first = this.#ready[0]; first !== undefined; first = this.#ready[0]) {
      const chunk = first.chunks[0];
      const record = chunk?.next();
      if (chunk !== undefined && record !== undefined) {
        first.position = record.offsetNumber + 1;
        first.positionEpoch = chunk.leaderEpoch;
        this.current = first;
        return record;
      }
      this.#endChunk(first, chunk);
    }
    return undefined;
  }

  /** Takes a record back that was given last, so that it is given again. */
  untake(partition: AssignedPartition<K, V>, record: ConsumerRecord<K, V>): void {
    const chunk = partition.chunks[0];
    if (!partition.isAssigned || chunk === undefined) return;
    chunk.unread(record);
    partition.position = record.offsetNumber;
  }

  /** Resolves when there may be something to take, or after `wake`; at once when there is. */
  wait(): Promise<void> {
    if (!this.isEmpty || this.#errors.length > 0 || this.#fatal !== undefined) {
      return Promise.resolve();
    }
    return this.waitForWake();
  }

  /** Resolves after `wake`, which whatever is added calls. */
  waitForWake(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }

  /** Ends a wait without anything to take. */
  wake(): void {
    this.#wake?.();
  }

  #endChunk(partition: AssignedPartition<K, V>, chunk: FetchedChunk<K, V> | undefined): void {
    this.#ready.shift();
    if (chunk === undefined) return;
    partition.chunks.shift();
    partition.bufferedBytes -= chunk.sizeBytes;
    this.sizeBytes -= chunk.sizeBytes;
    // Behind what was left out (control records, aborted transactions), too.
    if (chunk.endOffset > partition.position) {
      partition.position = chunk.endOffset;
      if (chunk.endEpoch >= 0) partition.positionEpoch = chunk.endEpoch;
    }
    if (partition.outstanding === 0) partition.finish();
    if (partition.chunks.length > 0) this.#ready.push(partition);
    this.#listener.onRoom();
  }

  #unready(partition: AssignedPartition<K, V>): void {
    const index = this.#ready.indexOf(partition);
    if (index >= 0) this.#ready.splice(index, 1);
  }
}
