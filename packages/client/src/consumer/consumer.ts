import { KafkaError } from "../errors/kafka-error.ts";
import type {
  Group,
  GroupMetadata,
  PartitionOffset,
  Subscription,
  TopicPartition,
} from "../group/membership.ts";
import type { BatchOptions, ConsumerBatch } from "./consumer-batch.ts";
import { judgeHealth, type ConsumerHealth, type PartitionLag } from "./consumer-health.ts";
import type { ConsumerOptions, RecordHandler, RunOptions } from "./consumer-options.ts";
import type { CallOptions, ConsumerContext } from "./consumer-context.ts";
import { ConsumerParts } from "./consumer-parts.ts";
import type { ConsumerRecord } from "./consumer-record.ts";
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP, lookUpOffsets } from "./offset-lookup.ts";
import type { RebalanceEvent, RebalanceHandler } from "./rebalance-listener.ts";
import { BatchIteration } from "./batch-iteration.ts";
import { type IterationContext, RecordIteration } from "./record-iteration.ts";
import { deserializerOr } from "./record-reader.ts";
import { RecordRun } from "./record-run.ts";
import { resolveConsumerOptions } from "./resolved-consumer-options.ts";

/** An offset of a partition, as an application gives it. */
export interface OffsetInput extends TopicPartition {
  /** The offset of the next record to read. */
  readonly offset: bigint | number;
  readonly leaderEpoch?: number;
  readonly metadata?: string;
}

/** An offset of a partition, as it is given to an application. */
export interface PartitionPosition extends TopicPartition {
  readonly offset: bigint;
  readonly leaderEpoch: number | undefined;
  readonly metadata: string;
}

/** An offset found by its time. */
export interface OffsetAndTimestamp extends TopicPartition {
  readonly offset: bigint;
  readonly timestamp: number;
}

/** What is wanted of topics. */
export type SubscribeInput = string | readonly string[] | { readonly pattern: string | RegExp };

const BATCH_BYTES_MAX = 50 * 1024 * 1024;

/**
 * Reads records of topics, alone or as a member of a group. One loop at a time: over records, over
 * batches, or `run`. Heartbeats and fetches go on while the application works.
 */
export class Consumer<K = Buffer | null, V = Buffer | null>
  implements AsyncIterable<ConsumerRecord<K, V>>, AsyncDisposable
{
  readonly #parts: ConsumerParts<K, V>;
  #mode: "none" | "assigned" | "subscribed" = "none";
  #subscription: Subscription | undefined;
  #loop: "records" | "batches" | "run" | undefined;
  #run: RecordRun<K, V> | undefined;
  #closing: Promise<void> | undefined;
  readonly #leaveClient: () => void;

  /** @throws KafkaError INVALID_OPTION */
  constructor(context: ConsumerContext, options: ConsumerOptions<K, V>) {
    const resolved = resolveConsumerOptions(options, context.cluster.options);
    const { key, value } = options;
    this.#parts = new ConsumerParts({
      ...context,
      options: resolved,
      deserializers: { key: deserializerOr(key), value: deserializerOr(value) },
      onLeaving: (partitions) => this.#run?.leave(partitions),
    });
    this.#leaveClient = context.cluster.beforeClose("reader", (limits) => this.close(limits));
  }

  /**
   * Joins the group for topics by name or by pattern; replaces an earlier subscription. The
   * partitions come later: `on("assigned")` tells them.
   * @throws KafkaError ILLEGAL_STATE without a group or with partitions assigned by hand
   */
  async subscribe(topics: SubscribeInput): Promise<void> {
    const { membership } = this.#group("subscribed to");
    this.#enter("subscribed");
    const subscription = subscriptionOf(topics);
    this.#subscription = subscription;
    this.#parts.start();
    membership.subscribe(subscription);
    await Promise.resolve();
  }

  /** Gives up all partitions and leaves the group; it may subscribe or assign again. */
  async unsubscribe(): Promise<void> {
    const { assignment, group } = this.#parts;
    if (this.#mode === "subscribed") await group?.membership.unsubscribe();
    else await this.#parts.committer.commitFinished(assignment.partitions.values());
    assignment.remove([...assignment.partitions.values()]);
    this.#subscription = undefined;
    this.#mode = "none";
  }

  /** What is subscribed to. */
  subscription(): Subscription | undefined {
    return this.#subscription;
  }

  /**
   * Takes partitions without a group's say; replaces those of before. Begins at the offset given,
   * else at the group's committed one, else where `offsetReset` says.
   * @throws KafkaError ILLEGAL_STATE after `subscribe`
   */
  assign(partitions: readonly (TopicPartition & { readonly offset?: bigint | number })[]): void {
    this.#enter("assigned");
    const { assignment } = this.#parts;
    const wanted = new Set(partitions.map(({ topic, partition }) => `${topic}-${partition}`));
    const gone = [...assignment.partitions.values()].filter(({ key }) => !wanted.has(key));
    // Java commits what it gives up here, and does not wait for it either.
    void this.#parts.committer.commitFinished(gone);
    assignment.remove(gone);
    assignment.add(partitions);
    for (const place of partitions) {
      if (place.offset !== undefined) this.#seek(place, numberOf(place.offset), -1);
    }
    this.#parts.start();
    this.#parts.fetcher.wake();
  }

  /** The partitions that it reads. */
  assignment(): readonly TopicPartition[] {
    return [...this.#parts.assignment.partitions.values()].map(({ topic, partition }) => ({
      topic,
      partition,
    }));
  }

  /** Records one at a time, until it is closed. */
  [Symbol.asyncIterator](): AsyncIterableIterator<ConsumerRecord<K, V>, undefined> {
    return this.records();
  }

  /**
   * Records one at a time, until the signal ends or it is closed. A record counts as finished when
   * the next one is asked for; the last one before a `break` does not.
   * @throws KafkaError ILLEGAL_STATE while another loop runs
   */
  records(
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncIterableIterator<ConsumerRecord<K, V>, undefined> {
    return new RecordIteration(this.#enterLoop("records"), options.signal);
  }

  /**
   * Records in batches, until the signal ends or it is closed. A batch counts as finished when the
   * next one is asked for; the last one before a `break` does not.
   * @throws KafkaError ILLEGAL_STATE while another loop runs
   */
  batches(options: BatchOptions = {}): AsyncIterableIterator<ConsumerBatch<K, V>, undefined> {
    const limits = {
      maxRecords: options.maxRecords ?? this.#parts.options.maxPollRecords,
      maxBytes: options.maxBytes ?? BATCH_BYTES_MAX,
      maxWaitMs: options.maxWaitMs ?? 0,
    };
    return new BatchIteration(this.#enterLoop("batches"), limits, options.signal);
  }

  /**
   * Has records handled, several at a time where `concurrency` says so. Resolves when the signal
   * ends or it is closed, with what was finished committed (with `autoCommit`).
   * @throws what a handler threw for good, and KafkaError; a new run begins before that record
   */
  async run(handler: RecordHandler<K, V>, options: RunOptions = {}): Promise<void> {
    const { onEnd, ...context } = this.#enterLoop("run");
    const { committer, assignment, cluster, deadLetters } = this.#parts;
    const run = new RecordRun(
      { ...context, random: cluster.random, deadLetters },
      handler,
      options,
    );
    this.#run = run;
    try {
      await run.run();
    } finally {
      this.#run = undefined;
      onEnd();
      await committer.commitFinished(assignment.partitions.values());
    }
  }

  /**
   * Commits offsets; without any, those after the records that it has handed over (in a `run`:
   * after those that are finished).
   * @throws KafkaError COMMIT_FAILED and its like: see `OffsetStore.commit`
   */
  async commit(offsets?: readonly OffsetInput[], options: CallOptions = {}): Promise<void> {
    const given = offsets?.map(offsetOf) ?? this.#handedOver();
    this.#group("committed to");
    if (given.length > 0) await this.#parts.committer.commit(given, options);
  }

  /** The committed offsets; partitions without one are left out. @throws KafkaError */
  async committed(
    partitions: readonly TopicPartition[] = this.assignment(),
    options: CallOptions = {},
  ): Promise<readonly PartitionPosition[]> {
    const { offsets } = this.#group("asked for offsets");
    const found = await offsets.fetch(partitions, { ...options, isStable: true });
    return found.map(({ topic, partition, offset, leaderEpoch, metadata }) => ({
      topic,
      partition,
      offset: BigInt(offset),
      leaderEpoch: leaderEpoch < 0 ? undefined : leaderEpoch,
      metadata,
    }));
  }

  /**
   * The offset of the next record that it hands over; waits until it is known. @throws KafkaError
   */
  async position(partition: TopicPartition, options: CallOptions = {}): Promise<bigint> {
    return BigInt(await this.#parts.waitForPosition(partition, options));
  }

  /** Goes on at an offset. @throws KafkaError ILLEGAL_STATE when the partition is not assigned */
  seek(
    place: TopicPartition & { readonly offset: bigint | number; readonly leaderEpoch?: number },
  ): void {
    this.#seek(place, numberOf(place.offset), place.leaderEpoch ?? -1);
  }

  /** Goes to the first records of partitions, or of all. */
  seekToBeginning(partitions?: readonly TopicPartition[]): void {
    this.#parts.reset(partitions, "earliest");
  }

  /** Goes behind the last records of partitions, or of all. */
  seekToEnd(partitions?: readonly TopicPartition[]): void {
    this.#parts.reset(partitions, "latest");
  }

  /** Goes to the first records at or after a time; behind the last ones when there is none. */
  seekToTimestamp(timestampMs: number, partitions?: readonly TopicPartition[]): void {
    this.#parts.reset(partitions, { timestamp: timestampMs });
  }

  /** Hands nothing out of partitions, or of all, until `resume`. */
  pause(partitions?: readonly TopicPartition[]): void {
    const { assignment, buffer } = this.#parts;
    for (const partition of assignment.pick(partitions)) buffer.pause(partition);
  }

  resume(partitions?: readonly TopicPartition[]): void {
    const { assignment, buffer, fetcher } = this.#parts;
    for (const partition of assignment.pick(partitions)) buffer.resume(partition);
    fetcher.wake();
  }

  /** The partitions that are paused. */
  paused(): readonly TopicPartition[] {
    return [...this.#parts.assignment.partitions.values()]
      .filter(({ isPaused }) => isPaused)
      .map(({ topic, partition }) => ({ topic, partition }));
  }

  /** How far it is behind, as the last answers tell. */
  lag(): readonly PartitionLag[] {
    return this.#parts.lag();
  }

  /** The first offsets that are there. @throws KafkaError when one cannot be had */
  async beginningOffsets(
    partitions: readonly TopicPartition[],
    options: CallOptions = {},
  ): Promise<readonly { topic: string; partition: number; offset: bigint }[]> {
    const asked = partitions.map((place) => ({ ...place, timestampMs: EARLIEST_TIMESTAMP }));
    return (await this.#lookUp(asked, options)).map(withoutTimestamp);
  }

  /** The offsets after the last records that this consumer may read. @throws KafkaError */
  async endOffsets(
    partitions: readonly TopicPartition[],
    options: CallOptions = {},
  ): Promise<readonly { topic: string; partition: number; offset: bigint }[]> {
    const asked = partitions.map((place) => ({ ...place, timestampMs: LATEST_TIMESTAMP }));
    return (await this.#lookUp(asked, options)).map(withoutTimestamp);
  }

  /**
   * The first records at or after times; partitions without one are left out. @throws KafkaError
   */
  offsetsForTimes(
    times: readonly (TopicPartition & { readonly timestampMs: number })[],
    options: CallOptions = {},
  ): Promise<readonly OffsetAndTimestamp[]> {
    return this.#lookUp(times, options);
  }

  /** What names this member, for offsets that a producer sends in a transaction. */
  groupMetadata(): GroupMetadata {
    return this.#group("asked for its metadata").membership.metadata();
  }

  /** Asks the group for a rebalance (classic groups only, as in Java). */
  enforceRebalance(reason = "the application asked for it"): void {
    this.#group("rebalanced").membership.enforceRebalance(reason);
  }

  /** Hears of partitions that come and go. Gives how to stop it. */
  on(event: RebalanceEvent, handler: RebalanceHandler): () => void {
    return this.#parts.rebalances.on(event, handler);
  }

  /** Whether it works, or only seems to. */
  health(): ConsumerHealth {
    const facts = this.#parts.healthFacts();
    const handlers = this.#run?.handlers() ?? [];
    const isReading = this.#loop !== undefined;
    return judgeHealth({ ...facts, handlers, isReading }, this.#parts.clock.monotonicMs());
  }

  /**
   * Ends its loop, commits what is finished (with `autoCommit`) and leaves the group. The record
   * that a loop has in its hands is not finished; a `run` is waited for.
   */
  close(options: CallOptions & { readonly leaveGroup?: boolean } = {}): Promise<void> {
    this.#closing ??= this.#end(options);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(options: CallOptions & { readonly leaveGroup?: boolean }): Promise<void> {
    try {
      await this.#parts.close({ ...options, waitForRun: this.#loop === "run" });
    } finally {
      this.#leaveClient();
    }
  }

  #enter(mode: "assigned" | "subscribed"): void {
    this.#refuseClosed();
    if (this.#mode !== "none" && this.#mode !== mode) {
      const what = "partitions are either assigned by hand or by the group";
      throw new KafkaError("ILLEGAL_STATE", what, { hint: "Call unsubscribe() between the two." });
    }
    this.#mode = mode;
  }

  #enterLoop(kind: "records" | "batches" | "run"): IterationContext<K, V> {
    this.#refuseClosed();
    if (this.#loop !== undefined) {
      const hint = "End it first; run() handles records concurrently.";
      throw new KafkaError("ILLEGAL_STATE", `a loop over ${this.#loop} is under way`, { hint });
    }
    this.#loop = kind;
    const { clock, buffer, reader, activity } = this.#parts;
    return {
      clock,
      buffer,
      reader,
      activity,
      isClosed: () => this.#parts.isClosed,
      onEnd: () => {
        this.#loop = undefined;
        this.#parts.loopEnded();
      },
    };
  }

  #refuseClosed(): void {
    if (this.#closing !== undefined)
      throw new KafkaError("CLIENT_CLOSED", "the consumer is closed");
  }

  #group(what: string): Group {
    const { group } = this.#parts;
    if (group !== undefined) return group;
    const hint = "Give groupId to the consumer.";
    throw new KafkaError("ILLEGAL_STATE", `without a group nothing can be ${what}`, { hint });
  }

  #seek(place: TopicPartition, offset: number, leaderEpoch: number): void {
    const { assignment, buffer, fetcher } = this.#parts;
    const partition = assignment.get(place);
    buffer.drop(partition);
    partition.rewind();
    partition.moveTo(offset, leaderEpoch);
    fetcher.wake();
  }

  #handedOver(): readonly PartitionOffset[] {
    const offsets: PartitionOffset[] = [];
    for (const one of this.#parts.assignment.partitions.values()) {
      const isRun = this.#run !== undefined;
      const offset = isRun ? one.finished : one.position;
      if (offset < 0) continue;
      const leaderEpoch = isRun ? one.finishedEpoch : one.positionEpoch;
      const { topic, partition } = one;
      offsets.push({ topic, partition, offset, leaderEpoch, metadata: "" });
    }
    return offsets;
  }

  async #lookUp(
    asked: readonly (TopicPartition & { readonly timestampMs: number })[],
    options: CallOptions,
  ): Promise<readonly OffsetAndTimestamp[]> {
    const { cluster, options: resolved } = this.#parts;
    const queries = asked.map(({ topic, partition, timestampMs }) => ({
      topic,
      partition,
      timestamp: timestampMs,
    }));
    const found = await lookUpOffsets(cluster, queries, {
      isolation: resolved.isolation,
      timeoutMs: options.timeoutMs ?? resolved.defaultApiTimeoutMs,
      signal: options.signal,
    });
    const offsets: OffsetAndTimestamp[] = [];
    for (const result of found.values()) {
      if (result instanceof KafkaError) throw result;
      const { topic, partition, offset, timestamp } = result;
      if (offset >= 0) offsets.push({ topic, partition, offset: BigInt(offset), timestamp });
    }
    return offsets;
  }
}

function subscriptionOf(topics: SubscribeInput): Subscription {
  if (typeof topics === "string") return { kind: "topics", topics: [topics] };
  if (!("pattern" in topics)) return { kind: "topics", topics: [...new Set(topics)] };
  const { pattern } = topics;
  return { kind: "pattern", pattern: typeof pattern === "string" ? pattern : pattern.source };
}

function numberOf(offset: bigint | number): number {
  const number = Number(offset);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  const hint = "Give 0 or more.";
  throw new KafkaError("INVALID_ARGUMENT", `${offset} is no offset`, { hint });
}

function offsetOf(input: OffsetInput): PartitionOffset {
  const { topic, partition, leaderEpoch = -1, metadata = "" } = input;
  return { topic, partition, offset: numberOf(input.offset), leaderEpoch, metadata };
}

function withoutTimestamp({ topic, partition, offset }: OffsetAndTimestamp): {
  topic: string;
  partition: number;
  offset: bigint;
} {
  return { topic, partition, offset };
}
