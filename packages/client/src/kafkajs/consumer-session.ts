import type { Clock } from "@millrace/platform";
import type { Consumer as ClientConsumer } from "../consumer/consumer.ts";
import type { ConsumerRecord } from "../consumer/consumer-record.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import { Batch } from "./batch.ts";
import type { ConsumerRunConfig } from "./consumer-config.ts";
import { consumerEvents } from "./consumer-events.ts";
import { asKafkaJsError, KafkaJSNumberOfRetriesExceeded } from "./errors.ts";
import type { Instrumentation } from "./instrumentation.ts";
import type { Logger } from "./logger.ts";
import type { PausedPartitions } from "./paused-partitions.ts";
import { type CommitPolicy, Progress, topicOffsetsOf } from "./progress.ts";
import type { Offsets, RetryOptions, TopicPartition, TopicPartitionOffset } from "./types.ts";

/** What a session works with. */
export interface SessionContext {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instrumentation: Instrumentation;
  readonly paused: PausedPartitions;
  readonly config: ConsumerRunConfig;
  readonly policy: CommitPolicy;
  readonly retry: RetryOptions;
  readonly maxPollIntervalMs: number;
  /** Where the application wants to go on; emptied as it is done. */
  readonly seeks: Map<string, TopicPartitionOffset>;
  /** Topics whose partitions begin at their first record where the group has no offset. */
  readonly fromBeginning: ReadonlySet<string>;
}

const RETRIES = 5;
const INITIAL_RETRY_MS = 300;
const MAX_RETRY_MS = 30_000;
/** How often a loop over records looks whether the group waits for it. */
const LOOK_MS = 50;
const LATEST = "-1";
const EARLIEST = "-2";

/** One membership of the group, from joining it until it is stopped or fails. */
export class ConsumerSession {
  readonly #consumer: ClientConsumer;
  readonly #context: SessionContext;
  readonly #progress: Progress;
  readonly #stopping = new AbortController();
  readonly #joined = Promise.withResolvers<void>();
  /** Counts what makes the records at hand out of date: seeks, and partitions that left. */
  readonly #turns = new Map<string, number>();
  #batchBeganAtMs = 0;
  #lookedAtMs = 0;
  #groupWaits = false;

  constructor(consumer: ClientConsumer, context: SessionContext) {
    this.#consumer = consumer;
    this.#context = context;
    this.#progress = new Progress(context.policy, context.clock.nowMs());
    consumer.on("assigned", (partitions) => this.#onAssigned(partitions));
    consumer.on("revoked", (partitions) => this.#onRevoked(partitions));
    consumer.on("lost", (partitions) => this.#onGone(partitions));
  }

  /** Resolves when it has its first partitions, or none. */
  get joined(): Promise<void> {
    return this.#joined.promise;
  }

  /** Ends by `stop`. @throws Error what kafkajs would crash with */
  async run(topics: readonly string[]): Promise<void> {
    try {
      await this.#consumer.subscribe(topics);
      await this.#loop();
    } catch (error) {
      const failure = asKafkaJsError(error);
      // Whoever waits for the group hears of the crash by its event, as in kafkajs.
      this.#joined.resolve();
      throw failure;
    } finally {
      this.#joined.resolve();
      if (this.#progress.isAutomatic) await this.commitResolved();
      await this.#consumer.close();
    }
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Commits. @throws KafkaError */
  async commit(
    offsets: readonly (TopicPartitionOffset & { readonly metadata?: string | null })[],
  ): Promise<void> {
    if (offsets.length === 0) return;
    await this.#consumer.commit(
      offsets.map(({ topic, partition, offset, metadata }) => ({
        topic,
        partition,
        offset: BigInt(offset),
        metadata: metadata ?? "",
      })),
    );
    this.#progress.committed(offsets, this.#context.clock.nowMs());
    const { COMMIT_OFFSETS } = consumerEvents;
    const topics = topicOffsetsOf(offsets);
    this.#context.instrumentation.emit(COMMIT_OFFSETS, { ...this.member(), topics });
  }

  /** Commits what is resolved. A member that has lost its partitions is told by the rebalance. */
  async commitResolved(): Promise<void> {
    try {
      await this.commit(this.#progress.uncommitted());
    } catch (error) {
      if (error instanceof KafkaError && error.fatal) throw error;
      const said = error instanceof Error ? error.message : String(error);
      this.#context.logger.warn("Offsets were not committed", { error: said });
    }
  }

  /** Who this is in its group. */
  member(): { groupId: string; memberId: string; groupGenerationId: number } {
    const { groupId, memberId, generationId } = this.#consumer.groupMetadata();
    return { groupId, memberId, groupGenerationId: generationId };
  }

  /** When the coordinator answered a heartbeat last; -1: never. */
  lastHeartbeatAtMs(): number {
    return this.#consumer.health().membership?.lastHeartbeatAtMs ?? -1;
  }

  assignment(): readonly TopicPartition[] {
    return this.#consumer.assignment();
  }

  /** Pauses and resumes what is assigned, as the application wants it. */
  applyPauses(): void {
    const [paused, others] = parted(this.assignment(), (one) => this.#context.paused.has(one));
    if (paused.length > 0) this.#consumer.pause(paused);
    if (others.length > 0) this.#consumer.resume(others);
  }

  /** Goes where the application wants, in the partitions that are assigned. */
  applySeeks(): void {
    const { seeks } = this.#context;
    for (const place of this.assignment()) {
      const key = keyOf(place);
      const wanted = seeks.get(key);
      if (wanted === undefined) continue;
      seeks.delete(key);
      this.#outdate(place);
      this.#progress.forget(place);
      if (wanted.offset === LATEST) this.#consumer.seekToEnd([place]);
      else if (wanted.offset === EARLIEST) this.#consumer.seekToBeginning([place]);
      else {
        this.#consumer.seek({ ...place, offset: BigInt(wanted.offset) });
        this.#progress.moveTo(place, BigInt(wanted.offset));
      }
    }
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    for await (const { records } of this.#consumer.batches({ signal })) {
      const failure = await this.#handle(records);
      if (this.#progress.isAutomatic) await this.commitResolved();
      if (failure === undefined) {
        failures = 0;
        continue;
      }
      failures += 1;
      const { retries = RETRIES } = this.#context.retry;
      const retryTime = this.#retryTime(failures);
      if (failures > retries || failure.name === "KafkaJSNotImplemented") {
        throw new KafkaJSNumberOfRetriesExceeded(failure, { retryCount: failures - 1, retryTime });
      }
      await this.#pause(retryTime);
    }
  }

  /** Handles records, some partitions at a time. @returns the first failure */
  async #handle(records: readonly ConsumerRecord[]): Promise<Error | undefined> {
    const lags = new Map(this.#consumer.lag().map((one) => [keyOf(one), one.lag]));
    const waiting = [...Map.groupBy(records, keyOf)];
    this.#batchBeganAtMs = this.#context.clock.monotonicMs();
    let failure: Error | undefined;
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [key, [first, ...rest]] = next;
        if (first === undefined) continue;
        const failed = await this.#handlePartition(new Batch([first, ...rest], lags.get(key)));
        failure ??= failed;
      }
    };
    const { partitionsConsumedConcurrently: count = 1 } = this.#context.config;
    await Promise.all(Array.from({ length: count }, work));
    return failure;
  }

  async #handlePartition(batch: Batch): Promise<Error | undefined> {
    const { instrumentation, clock, config, logger, paused } = this.#context;
    const { topic, partition } = batch;
    const turn = this.#turn(batch);
    if (this.#isOutOfDate(batch, turn)) return this.#goBack(batch, turn);
    const told = payloadOf(batch);
    instrumentation.emit(consumerEvents.START_BATCH_PROCESS, told);
    const beganAtMs = clock.monotonicMs();
    let failure: Error | undefined;
    try {
      if (config.eachBatch === undefined) await this.#eachMessage(batch, turn);
      else await this.#eachBatch(batch, turn);
    } catch (error) {
      failure = asKafkaJsError(error);
      const { message } = failure;
      const name = config.eachBatch === undefined ? "eachMessage" : "eachBatch";
      logger.error(`Error when calling ${name}`, { topic, partition, error: message });
    }
    const duration = clock.monotonicMs() - beganAtMs;
    if (failure === undefined) {
      instrumentation.emit(consumerEvents.END_BATCH_PROCESS, { ...told, duration });
    }
    this.#goBack(batch, turn);
    // A handler that pauses its partition and throws asks for the record again, after `resume`.
    return paused.has(batch) ? undefined : failure;
  }

  async #eachMessage(batch: Batch, turn: number): Promise<void> {
    const { topic, partition } = batch;
    const { config, paused } = this.#context;
    for (const message of batch.messages) {
      if (this.#isOutOfDate(batch, turn) || this.#mustGiveWay()) return;
      const heartbeat = (): Promise<void> => this.#giveTurn();
      const pause = (): (() => void) => this.#pausePartition(batch);
      await config.eachMessage?.({ topic, partition, message, heartbeat, pause });
      if (this.#turn(batch) !== turn) return;
      this.#progress.resolve(batch, BigInt(message.offset));
      if (this.#progress.isDue(this.#context.clock.nowMs())) await this.commitResolved();
      if (paused.has(batch)) return;
    }
  }

  async #eachBatch(batch: Batch, turn: number): Promise<void> {
    const { config, clock } = this.#context;
    const resolve = (offset: string): void => {
      if (this.#turn(batch) === turn) this.#progress.resolve(batch, BigInt(offset));
    };
    await config.eachBatch?.({
      batch,
      resolveOffset: resolve,
      heartbeat: () => this.#giveTurn(),
      pause: () => this.#pausePartition(batch),
      commitOffsetsIfNecessary: async (offsets) => {
        if (offsets !== undefined) await this.commit(flat(offsets));
        else if (this.#progress.isDue(clock.nowMs())) await this.commitResolved();
      },
      uncommittedOffsets: () => ({ topics: topicOffsetsOf(this.#progress.uncommitted()) }),
      isRunning: () => !this.#stopping.signal.aborted,
      isStale: () => this.#turn(batch) !== turn || this.#isGroupWaiting(),
    });
    if (config.eachBatchAutoResolve !== false) resolve(batch.lastOffset());
  }

  /** Has what was not resolved of a batch come again. */
  #goBack(batch: Batch, turn: number): undefined {
    if (this.#turn(batch) !== turn) return;
    const next = this.#progress.next(batch);
    const from = BigInt(batch.firstOffset() ?? "0");
    const resolved = next === undefined || next < from ? from : next;
    if (resolved > BigInt(batch.lastOffset())) return;
    const { topic, partition } = batch;
    this.#consumer.seek({ topic, partition, offset: resolved });
  }

  #isOutOfDate(batch: TopicPartition, turn: number): boolean {
    if (this.#stopping.signal.aborted || this.#turn(batch) !== turn) return true;
    return this.#context.paused.has(batch);
  }

  /** Whether records in hand should go back: the group waits, or the poll interval would pass. */
  #mustGiveWay(): boolean {
    const { clock, maxPollIntervalMs } = this.#context;
    if (clock.monotonicMs() - this.#batchBeganAtMs > maxPollIntervalMs / 3) return true;
    return this.#isGroupWaiting();
  }

  #isGroupWaiting(): boolean {
    const nowMs = this.#context.clock.monotonicMs();
    if (nowMs - this.#lookedAtMs < LOOK_MS) return this.#groupWaits;
    this.#lookedAtMs = nowMs;
    const state = this.#consumer.health().membership?.state;
    this.#groupWaits = state !== undefined && state !== "stable";
    return this.#groupWaits;
  }

  async #onAssigned(partitions: readonly TopicPartition[]): Promise<void> {
    this.applyPauses();
    const { fromBeginning, instrumentation } = this.#context;
    const candidates = partitions.filter(({ topic }) => fromBeginning.has(topic));
    if (candidates.length > 0) {
      const committed = new Set((await this.#consumer.committed(candidates)).map(keyOf));
      const fresh = candidates.filter((one) => !committed.has(keyOf(one)));
      if (fresh.length > 0) this.#consumer.seekToBeginning(fresh);
    }
    this.applySeeks();
    const { groupId, memberId } = this.member();
    const memberAssignment = Object.fromEntries(
      [...Map.groupBy(this.assignment(), ({ topic }) => topic)].map(([topic, some]) => [
        topic,
        some.map(({ partition }) => partition),
      ]),
    );
    instrumentation.emit(consumerEvents.GROUP_JOIN, { groupId, memberId, memberAssignment });
    this.#joined.resolve();
  }

  async #onRevoked(partitions: readonly TopicPartition[]): Promise<void> {
    if (this.#progress.isAutomatic) await this.commitResolved();
    const { groupId, memberId } = this.member();
    this.#context.instrumentation.emit(consumerEvents.REBALANCING, { groupId, memberId });
    this.#onGone(partitions);
  }

  #onGone(partitions: readonly TopicPartition[]): void {
    for (const place of partitions) {
      this.#outdate(place);
      this.#progress.forget(place);
    }
  }

  #pausePartition({ topic, partition }: TopicPartition): () => void {
    const set = (isPaused: boolean): void => {
      this.#context.paused.set([{ topic, partitions: [partition] }], isPaused);
      this.applyPauses();
    };
    set(true);
    return () => set(false);
  }

  #turn(place: TopicPartition): number {
    return this.#turns.get(keyOf(place)) ?? 0;
  }

  #outdate(place: TopicPartition): void {
    this.#turns.set(keyOf(place), this.#turn(place) + 1);
  }

  #retryTime(failures: number): number {
    const { initialRetryTime = INITIAL_RETRY_MS, maxRetryTime = MAX_RETRY_MS } =
      this.#context.retry;
    return Math.min(maxRetryTime, initialRetryTime * 2 ** (failures - 1));
  }

  /** Lets timers and sockets have their turn: heartbeats are sent by themselves. */
  #giveTurn(): Promise<void> {
    return new Promise((resolve) => this.#context.clock.setImmediate(resolve));
  }

  #pause(delayMs: number): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = this.#context.clock.setTimer(delayMs, end);
      signal.addEventListener("abort", end, { once: true });
    });
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

function flat({ topics }: Offsets): TopicPartitionOffset[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((one) => ({ topic, ...one })));
}

function parted<T>(all: readonly T[], is: (one: T) => boolean): [T[], T[]] {
  return [all.filter(is), all.filter((one) => !is(one))];
}

function payloadOf(batch: Batch): Record<string, unknown> {
  return {
    topic: batch.topic,
    partition: batch.partition,
    highWatermark: batch.highWatermark,
    offsetLag: batch.offsetLag(),
    offsetLagLow: batch.offsetLagLow(),
    batchSize: batch.messages.length,
    firstOffset: batch.firstOffset(),
    lastOffset: batch.lastOffset(),
  };
}
