import type { Clock, Random } from "@millrace/platform";
import { backoffMs } from "../retry/backoff.ts";
import { waitMs } from "../retry/wait.ts";
import type { ActivityWatch } from "./activity-watch.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import type { HandlerRetry, RecordHandler, RunOptions } from "./consumer-options.ts";
import type { ConsumerRecord } from "./consumer-record.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { PrefixTracker, type TrackedRecord } from "./prefix-tracker.ts";
import type { RecordBuffer } from "./record-buffer.ts";
import type { RecordReader } from "./record-reader.ts";
import { TurnBudget } from "./turn-budget.ts";

/** What a run works with. */
export interface RecordRunContext<K, V> {
  readonly clock: Clock;
  readonly random: Random;
  readonly buffer: RecordBuffer<K, V>;
  readonly reader: RecordReader<K, V>;
  readonly activity: ActivityWatch;
  readonly deadLetters: DeadLetters;
  readonly isClosed: () => boolean;
}

/** A handler at work. */
export interface RunningHandler {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly attempt: number;
  readonly runningMs: number;
}

/** Records that are taken and not finished, for each handler that may run. */
const IN_FLIGHT_PER_HANDLER = 20;
const RETRY_BACKOFF_MS = 100;
const RETRY_BACKOFF_MAX_MS = 10_000;

/** What a run keeps of a partition. */
interface RunPartition<K, V> {
  readonly partition: AssignedPartition<K, V>;
  readonly abort: AbortController;
  tracker: PrefixTracker;
}

interface Task<K, V> {
  readonly record: ConsumerRecord<K, V>;
  readonly owner: RunPartition<K, V>;
  readonly tracker: PrefixTracker;
  readonly tracked: TrackedRecord;
  readonly lane: Lane<K, V> | undefined;
  attempt: number;
  beganAtMs: number;
}

/** Records that are handled one after the other. */
interface Lane<K, V> {
  readonly key: string;
  readonly waiting: Task<K, V>[];
}

/**
 * Hands records to a handler, several at a time, in order for each partition or key. A record's
 * offset counts as finished when everything before it in its partition is.
 */
export class RecordRun<K, V> {
  readonly #context: RecordRunContext<K, V>;
  readonly #handler: RecordHandler<K, V>;
  readonly #options: RunOptions;
  readonly #concurrency: number;
  readonly #inFlightMax: number;
  readonly #budget: TurnBudget;
  readonly #partitions = new Map<AssignedPartition<K, V>, RunPartition<K, V>>();
  /** Lanes with a task that runs or waits, by what they order by. */
  readonly #lanes = new Map<string, Lane<K, V>>();
  /** Tasks whose turn it is, as soon as a handler is free. */
  #ready: Task<K, V>[] = [];
  readonly #running = new Set<Task<K, V>>();
  #inFlight = 0;
  #failure: Error | undefined;

  constructor(context: RecordRunContext<K, V>, handler: RecordHandler<K, V>, options: RunOptions) {
    this.#context = context;
    this.#handler = handler;
    this.#options = options;
    this.#concurrency = options.concurrency ?? 1;
    this.#inFlightMax = options.inFlightMax ?? this.#concurrency * IN_FLIGHT_PER_HANDLER;
    this.#budget = new TurnBudget(context.clock);
  }

  /**
   * Works until the signal ends or the consumer is closed; then what runs is waited for.
   * @throws what a handler threw for good, and KafkaError of the consumer
   */
  async run(): Promise<void> {
    const { buffer, activity } = this.#context;
    const { signal } = this.#options;
    const onAbort = (): void => buffer.wake();
    signal?.addEventListener("abort", onAbort, { once: true });
    activity.busySinceMs = () => this.#busySinceMs();
    try {
      await this.#work();
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    } finally {
      for (const { abort } of this.#partitions.values()) abort.abort();
      this.#discardWaiting(() => true);
      while (this.#running.size > 0) await buffer.waitForWake();
      this.#goBack();
      activity.busySinceMs = undefined;
      signal?.removeEventListener("abort", onAbort);
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends the work on partitions that are taken away. */
  leave(partitions: readonly AssignedPartition<K, V>[]): void {
    for (const partition of partitions) {
      this.#partitions.get(partition)?.abort.abort();
      this.#partitions.delete(partition);
    }
    this.#discardWaiting((task) => task.owner.partition.isLeaving);
  }

  /** The handlers at work, the oldest first. */
  handlers(): readonly RunningHandler[] {
    const nowMs = this.#context.clock.monotonicMs();
    return [...this.#running].map(({ record, attempt, beganAtMs }) => ({
      topic: record.topic,
      partition: record.partition,
      offset: record.offset,
      attempt,
      runningMs: Math.round(nowMs - beganAtMs),
    }));
  }

  async #work(): Promise<void> {
    const { buffer } = this.#context;
    while (!this.#mustEnd()) {
      const pending = this.#takeRecords();
      this.#startReady();
      if (pending !== undefined) {
        const record = await pending;
        if (record !== undefined) this.#enqueue(record);
        continue;
      }
      if (this.#mustEnd()) return;
      if (this.#ready.length > 0 && this.#running.size < this.#concurrency) {
        await this.#budget.next();
      } else if (this.#inFlight >= this.#inFlightMax) {
        await buffer.waitForWake();
      } else {
        await buffer.wait();
      }
      if (this.#budget.isOver()) await this.#budget.next();
    }
  }

  /** Takes records as long as there is room; gives a promise when one takes time to be read. */
  #takeRecords(): Promise<ConsumerRecord<K, V> | undefined> | undefined {
    const { reader } = this.#context;
    while (this.#inFlight < this.#inFlightMax) {
      const taken = reader.take();
      if (taken === undefined || taken instanceof Promise) return taken;
      this.#enqueue(taken);
    }
    return undefined;
  }

  #enqueue(record: ConsumerRecord<K, V>): void {
    const partition = this.#context.reader.current;
    if (partition === undefined) return;
    const owner = this.#ownerOf(partition);
    const lane = this.#laneOf(record, partition);
    const { tracker } = owner;
    const tracked = tracker.add(record.offsetNumber);
    const task = { record, owner, tracker, tracked, lane, attempt: 0, beganAtMs: 0 };
    this.#inFlight += 1;
    if (lane === undefined) {
      this.#ready.push(task);
      return;
    }
    lane.waiting.push(task);
    if (lane.waiting.length === 1) this.#ready.push(task);
  }

  #ownerOf(partition: AssignedPartition<K, V>): RunPartition<K, V> {
    let owner = this.#partitions.get(partition);
    if (owner === undefined) {
      const abort = new AbortController();
      owner = { partition, abort, tracker: new PrefixTracker(partition) };
      this.#partitions.set(partition, owner);
    } else if (!owner.tracker.isCurrent) {
      owner.tracker = new PrefixTracker(partition);
    }
    return owner;
  }

  #laneOf(
    record: ConsumerRecord<K, V>,
    partition: AssignedPartition<K, V>,
  ): Lane<K, V> | undefined {
    const { orderBy = "partition" } = this.#options;
    const keyBytes = orderBy === "key" ? record.keyBytes : null;
    if (orderBy === "none" || (orderBy === "key" && keyBytes === null)) return undefined;
    const key =
      keyBytes === null ? partition.key : `${partition.key}\0${keyBytes.toString("latin1")}`;
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane = { key, waiting: [] };
    this.#lanes.set(key, lane);
    return lane;
  }

  #startReady(): void {
    let started = 0;
    while (started < this.#ready.length && this.#running.size < this.#concurrency) {
      if (this.#failure !== undefined || this.#budget.isOver()) break;
      const task = this.#ready[started];
      started += 1;
      if (task !== undefined) this.#start(task);
    }
    if (started > 0) this.#ready = this.#ready.slice(started);
  }

  /** A handler that does not wait costs no promise. */
  #start(task: Task<K, V>): void {
    this.#running.add(task);
    const handled = this.#call(task);
    if (handled === undefined) {
      this.#end(task, true);
      return;
    }
    handled.then(
      (isDone) => {
        this.#end(task, isDone);
        this.#context.buffer.wake();
      },
      (error: unknown) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
        this.#end(task, false);
        this.#context.buffer.wake();
      },
    );
  }

  /** Calls the handler; undefined when it is done at once, else a promise of whether it is done. */
  #call(task: Task<K, V>): Promise<boolean> | undefined {
    const { signal } = task.owner.abort;
    task.attempt += 1;
    task.beganAtMs = this.#context.clock.monotonicMs();
    try {
      const handling = this.#handler(task.record, { signal, attempt: task.attempt });
      if (!(handling instanceof Promise)) return undefined;
      return handling.then(
        () => true,
        (error: unknown) => this.#failed(task, error),
      );
    } catch (error) {
      return this.#failed(task, error);
    }
  }

  async #failed(task: Task<K, V>, error: unknown): Promise<boolean> {
    const { signal } = task.owner.abort;
    // Its partition is gone or the run ends: whoever gets the record next begins anew.
    if (signal.aborted) return false;
    const { retry = {}, deadLetter } = this.#options;
    const { attempt, record } = task;
    const isWorth = attempt < (retry.attemptsMax ?? 1) && retry.shouldRetry?.(error, attempt);
    if (isWorth !== false) {
      try {
        await waitMs(this.#context.clock, this.#pauseMs(retry, attempt), signal);
      } catch {
        // The signal ended the pause: the record is not done.
        return false;
      }
      return this.#call(task) ?? true;
    }
    if (deadLetter === undefined) throw error;
    await this.#context.deadLetters.send(deadLetter, { record, error, attempts: attempt });
    return true;
  }

  #pauseMs(retry: HandlerRetry, attempt: number): number {
    const initialMs = retry.backoffMs ?? RETRY_BACKOFF_MS;
    const maxMs = retry.backoffMaxMs ?? RETRY_BACKOFF_MAX_MS;
    return backoffMs(attempt - 1, { initialMs, maxMs }, this.#context.random);
  }

  #end(task: Task<K, V>, isDone: boolean): void {
    this.#running.delete(task);
    this.#inFlight -= 1;
    this.#context.activity.polls += 1;
    if (isDone) task.tracker.done(task.tracked);
    else task.tracker.discard(task.tracked);
    this.#endLaneTurn(task);
  }

  #endLaneTurn(task: Task<K, V>): void {
    const { lane } = task;
    if (lane === undefined) return;
    lane.waiting.shift();
    const next = lane.waiting[0];
    if (next !== undefined) this.#ready.push(next);
    else this.#lanes.delete(lane.key);
  }

  /** Drops tasks that have not begun. */
  #discardWaiting(isDropped: (task: Task<K, V>) => boolean): void {
    const dropped: Task<K, V>[] = [];
    for (const lane of this.#lanes.values()) {
      const kept = lane.waiting.filter((task) => this.#running.has(task) || !isDropped(task));
      for (const task of lane.waiting) if (!kept.includes(task)) dropped.push(task);
      lane.waiting.splice(0, lane.waiting.length, ...kept);
      if (kept.length === 0) this.#lanes.delete(lane.key);
    }
    for (const task of this.#ready) {
      if (task.lane === undefined && isDropped(task)) dropped.push(task);
    }
    this.#ready = this.#ready.filter((task) => !isDropped(task));
    for (const task of dropped) {
      this.#inFlight -= 1;
      task.tracker.discard(task.tracked);
    }
  }

  /** Goes back to before what was taken and not finished, for whoever reads on. */
  #goBack(): void {
    for (const { partition, tracker } of this.#partitions.values()) {
      if (!tracker.isCurrent || partition.finished === partition.position) continue;
      this.#context.buffer.drop(partition);
      partition.moveTo(partition.finished, partition.finishedEpoch);
    }
  }

  #busySinceMs(): number | undefined {
    let oldestMs: number | undefined;
    for (const { beganAtMs } of this.#running) {
      if (oldestMs === undefined || beganAtMs < oldestMs) oldestMs = beganAtMs;
    }
    return oldestMs;
  }

  #mustEnd(): boolean {
    const { signal } = this.#options;
    return this.#failure !== undefined || signal?.aborted === true || this.#context.isClosed();
  }
}
