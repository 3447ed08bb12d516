import type { Clock, Random } from "@millrace/platform";
import { batchHeader } from "@millrace/protocol";
import { KafkaError } from "../../errors/kafka-error.ts";
import type { MetadataCache } from "../../metadata/metadata-cache.ts";
import { BufferPool } from "../batch/buffer-pool.ts";
import { ProducerBatch } from "../batch/producer-batch.ts";
import { recordSizeBytesMax } from "../batch/record-encoder.ts";
import type { Delivery } from "../delivery.ts";
import { partitionOfKey } from "../partitioner/murmur2.ts";
import type { Partitioner } from "../partitioner/partitioner.ts";
import { StickyPartition } from "../partitioner/sticky-partition.ts";
import type { ResolvedProducerOptions } from "../producer-options.ts";
import type { SerializedRecord } from "../producer-record.ts";
import type { PartitionQueue } from "./partition-queue.ts";
import { TopicQueues } from "./topic-queues.ts";

/** What became of a record that was to go into a batch. */
export type AppendOutcome =
  | "appended"
  /** Memory is used up: `onMemory` tells when to try again. */
  | "no memory"
  /** The topic is not known, or has no such partition yet. */
  | "no partition";

/** Hears what there is to send. */
export interface AccumulatorListener {
  /** A partition's first record: something is to be sent at the end of the turn. */
  onFirstRecord(queue: PartitionQueue): void;
  /** A batch is full: it may go now. */
  onFullBatch(queue: PartitionQueue): void;
  /** How long a broker has taken nothing; for the choice of partitions. */
  silentMs(leader: number): number;
}

/** What an accumulator works with. */
export interface AccumulatorContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly metadata: MetadataCache;
  readonly options: ResolvedProducerOptions;
  /** Chooses partitions instead of the default rule. */
  readonly partitioner: Partitioner | undefined;
}

/** Java's batch.size: what a partition gets before records without a key go to another. */
const STICKY_SIZE_BYTES = 16 * 1024;
/** Uncompressed, a batch takes no more, however well its topic's records compress. */
const UNCOMPRESSED_SIZE_BYTES_MAX = 2 * 1024 * 1024;
/** From so many bytes on that wait to be sent, `enqueue` asks to wait: enough to fill requests. */
const SOFT_LIMIT_BYTES_MIN = 1024 * 1024;

/** Gathers records into batches, by topic and partition, within the producer's memory. */
export class RecordAccumulator {
  readonly topics = new Map<string, TopicQueues>();
  /** Batches that are not done, the oldest first. */
  readonly incomplete = new Set<ProducerBatch>();
  readonly pool: BufferPool;
  readonly #context: AccumulatorContext;
  readonly #listener: AccumulatorListener;
  readonly #softLimitBytes: number;
  #waitingBytes = 0;
  #room: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #memoryWaiters: (() => void)[] = [];
  #lastTopic: TopicQueues | undefined;

  constructor(context: AccumulatorContext, listener: AccumulatorListener) {
    this.#context = context;
    this.#listener = listener;
    const { bufferMemory, batchSize, lingerMs } = context.options;
    this.pool = new BufferPool(bufferMemory);
    // Who says how long to linger wants full batches; else no more gathers than keeps requests
    // full.
    const wanted = lingerMs === "auto" ? Math.max(SOFT_LIMIT_BYTES_MIN, batchSize * 2) : Infinity;
    this.#softLimitBytes = Math.min(wanted, bufferMemory / 2);
  }

  /** Whether records wait for memory: then whatever is there is sent, full or not. */
  get isExhausted(): boolean {
    return this.#memoryWaiters.length > 0 || this.#room !== undefined;
  }

  /** The queues of a topic, kept from its first record on. */
  topic(name: string): TopicQueues {
    const last = this.#lastTopic;
    if (last !== undefined && last.name === name) return last;
    const topic = this.topics.get(name) ?? this.#openTopic(name);
    this.#lastTopic = topic;
    return topic;
  }

  /**
   * Puts a record into the batch of its partition, which is chosen if the record has none.
   * @param hasWaited it waited for memory: it goes before others
   * @throws KafkaError MESSAGE_TOO_LARGE, INVALID_ARGUMENT: it can never be sent
   */
  append(
    topic: TopicQueues,
    record: SerializedRecord,
    delivery: Delivery | undefined,
    hasWaited = false,
  ): AppendOutcome {
    const { metadata } = topic;
    if (metadata === undefined || metadata.partitions.length === 0) return "no partition";
    const sizeBytes = recordSizeBytesMax(record);
    this.#checkSize(topic.name, sizeBytes + batchHeader.HEADER_SIZE_BYTES);
    const isSticky = record.partition < 0 && this.#choosePartition(topic, record);
    if (record.partition >= metadata.partitions.length) return "no partition";
    const queue = topic.partition(record.partition);
    const batch = this.#batchFor(topic, queue, sizeBytes, hasWaited);
    if (batch === undefined) {
      if (isSticky) record.partition = -1;
      return "no memory";
    }
    const before = batch.sizeBytes;
    batch.append(record, delivery);
    const added = batch.sizeBytes - before;
    batch.waitingBytes += added;
    this.#waitingBytes += added;
    const isFull = batch.sizeBytes >= this.#limitOf(topic);
    if (isSticky) topic.sticky.count(added, isFull);
    if (isFull) this.#fill(topic, queue, batch);
    else if (batch.recordsCount === 1 && queue.batches.length === 1) {
      this.#listener.onFirstRecord(queue);
    }
    return "appended";
  }

  /** A promise when so much waits to be sent that the next record had better wait as well. */
  room(): Promise<void> | undefined {
    if (this.#waitingBytes <= this.#softLimitBytes) return undefined;
    if (this.#room === undefined) {
      let resolve: () => void = () => undefined;
      const promise = new Promise<void>((resolvePromise) => {
        resolve = resolvePromise;
      });
      this.#room = { promise, resolve };
    }
    return this.#room.promise;
  }

  /** Calls `listener` once when memory has come back. */
  onMemory(listener: () => void): void {
    this.#memoryWaiters.push(listener);
  }

  /** Closes a batch before it is sent. */
  close(topic: TopicQueues, batch: ProducerBatch): void {
    if (!batch.isOpen) return;
    const { type, level } = this.#context.options.compression;
    const ratio = batch.close(type, level);
    // A moving mean over the last batches or so; a surprise upwards counts at once.
    topic.compressionRatio = Math.max(ratio, topic.compressionRatio * 0.75 + ratio * 0.25);
  }

  /** A batch leaves its queue: sent for the first time, or given up. */
  noteLeft(batch: ProducerBatch): void {
    this.#waitingBytes -= batch.waitingBytes;
    batch.waitingBytes = 0;
    if (this.#room !== undefined && this.#waitingBytes <= this.#softLimitBytes / 2) {
      const { resolve } = this.#room;
      this.#room = undefined;
      resolve();
    }
  }

  /** A batch gave its memory back. */
  noteMemory(): void {
    if (this.#memoryWaiters.length === 0) return;
    const waiters = this.#memoryWaiters;
    this.#memoryWaiters = [];
    for (const waiter of waiters) waiter();
  }

  /** Adds batches that took the place of another. */
  track(batches: readonly ProducerBatch[]): void {
    for (const batch of batches) {
      this.incomplete.add(batch);
      batch.onDone(() => this.incomplete.delete(batch));
    }
  }

  /** Keeps no metadata of topics that nobody produced to for so long. */
  restIdle(idleMs: number): void {
    const nowMs = this.#context.clock.monotonicMs();
    for (const topic of this.topics.values()) {
      if (!topic.isBusy && nowMs - topic.lastUsedMs >= idleMs) topic.rest();
    }
  }

  #openTopic(name: string): TopicQueues {
    const { clock, random, metadata, options } = this.#context;
    const topic: TopicQueues = new TopicQueues({
      name,
      batchSize: options.batchSize,
      keep: () => metadata.keep([name]),
      sticky: new StickyPartition({
        random,
        stickySizeBytes: Math.min(options.batchSize, STICKY_SIZE_BYTES),
        isAdaptive: options.partitionerAdaptivePartitioningEnable,
        waitingBatches: (partition) => this.#waitingBatches(topic, partition),
      }),
    });
    topic.metadata = metadata.topic(name);
    topic.lastUsedMs = clock.monotonicMs();
    this.topics.set(name, topic);
    return topic;
  }

  #waitingBatches(topic: TopicQueues, partition: number): number {
    const { partitionerAvailabilityTimeoutMs } = this.#context.options;
    const queue = topic.existing(partition);
    if (partitionerAvailabilityTimeoutMs > 0) {
      const leader = topic.metadata?.partitions[partition]?.leader ?? -1;
      if (this.#listener.silentMs(leader) > partitionerAvailabilityTimeoutMs) return -1;
    }
    return queue?.batches.length ?? 0;
  }

  /** Fills in the partition. @returns whether it is the sticky one */
  #choosePartition(topic: TopicQueues, record: SerializedRecord): boolean {
    const { partitioner, options } = this.#context;
    const { metadata } = topic;
    if (metadata === undefined) return false;
    if (partitioner !== undefined) {
      const { key, value } = record;
      const chosen = partitioner.partition({ topic: topic.name, key, value, metadata });
      if (!Number.isInteger(chosen) || chosen < 0 || chosen >= metadata.partitions.length) {
        const what = `the partitioner chose partition ${chosen} of ${metadata.partitions.length}`;
        throw new KafkaError("INVALID_ARGUMENT", what, { topic: topic.name });
      }
      record.partition = chosen;
      return false;
    }
    if (record.key !== null && !options.partitionerIgnoreKeys) {
      record.partition = partitionOfKey(record.key, metadata.partitions.length);
      return false;
    }
    record.partition = topic.sticky.get(metadata);
    return true;
  }

  #checkSize(topicName: string, sizeBytes: number): void {
    const { maxRequestSize, bufferMemory } = this.#context.options;
    if (sizeBytes <= maxRequestSize && sizeBytes <= bufferMemory) return;
    const [name, limit] =
      sizeBytes > maxRequestSize
        ? ["maxRequestSize", maxRequestSize]
        : ["bufferMemory", bufferMemory];
    const what = `a record of ${sizeBytes} bytes is larger than ${name}, ${limit} bytes`;
    throw new KafkaError("MESSAGE_TOO_LARGE", what, { topic: topicName });
  }

  /** Bytes at which a batch is full, before compression. */
  #limitOf(topic: TopicQueues): number {
    if (topic.compressionRatio >= 1) return topic.batchSize;
    return Math.min(topic.batchSize / topic.compressionRatio, UNCOMPRESSED_SIZE_BYTES_MAX);
  }

  #batchFor(
    topic: TopicQueues,
    queue: PartitionQueue,
    sizeBytes: number,
    hasWaited: boolean,
  ): ProducerBatch | undefined {
    const open = queue.openBatch;
    if (open !== undefined) {
      if (open.hasRoomFor(sizeBytes)) return open;
      const isWithin = open.sizeBytes + sizeBytes <= this.#limitOf(topic);
      if (isWithin && (hasWaited || this.#memoryWaiters.length === 0) && open.grow(sizeBytes)) {
        return open;
      }
      this.#fill(topic, queue, open);
    }
    return this.#newBatch(topic, queue, sizeBytes, hasWaited);
  }

  #newBatch(
    topic: TopicQueues,
    queue: PartitionQueue,
    sizeBytes: number,
    hasWaited: boolean,
  ): ProducerBatch | undefined {
    if (!hasWaited && this.#memoryWaiters.length > 0) return undefined;
    const least = batchHeader.HEADER_SIZE_BYTES + sizeBytes;
    const hinted = Math.max(least, queue.sizeBytesHint);
    const room = this.pool.hasRoomFor(hinted) ? hinted : least;
    if (!this.pool.hasRoomFor(room)) return undefined;
    const createdMs = this.#context.clock.monotonicMs();
    const batch = new ProducerBatch({ place: queue, pool: this.pool, createdMs, sizeBytes: room });
    topic.lastUsedMs = createdMs;
    queue.batches.push(batch);
    this.track([batch]);
    return batch;
  }

  #fill(topic: TopicQueues, queue: PartitionQueue, batch: ProducerBatch): void {
    queue.sizeBytesHint = batch.sizeBytes;
    this.close(topic, batch);
    this.#listener.onFullBatch(queue);
  }
}
