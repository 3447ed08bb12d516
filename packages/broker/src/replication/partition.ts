import { assert } from "@millrace/platform";
import type { Clock, Logger } from "@millrace/platform";
import type {
  AppendOutcome,
  PartitionLog,
  PreparedBatch,
  ReadOptions,
  ReadOutcome,
} from "@millrace/storage";

import type { TopicTraffic } from "../metrics/topic-traffic.ts";
import { Waiters } from "./waiters.ts";

/** Why an acknowledgement that waits for the in-sync replicas did not come. */
export type CommitFailure = "KAFKA_STORAGE_ERROR" | "NOT_LEADER_OR_FOLLOWER";

/** What a batch is appended with. */
export interface AppendRequest {
  readonly bytes: Buffer;
  /** Who writes: a producer or a coordinator of this broker. */
  readonly origin: "client" | "coordinator";
  /** The writer waits until all in-sync replicas have the batch (acks=all). */
  readonly isAcksAll: boolean;
  readonly verificationGuard?: number;
  readonly transactionVersion?: number;
  /** What `prepareForAppend` found of a client's records. */
  readonly validated?: PreparedBatch["validated"];
}

/** Who leads a partition, as the metadata says. */
export interface LeaderState {
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly replicas: readonly number[];
  readonly inSyncReplicas: readonly number[];
}

/** What a partition works with. */
export interface PartitionOptions {
  readonly log: PartitionLog;
  readonly brokerId: number;
  readonly state: LeaderState;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly traffic: TopicTraffic;
  /** Whether acks=all on a one-replica topic is answered after its fsync, as configured now. */
  readonly syncsAcksAll: () => boolean;
}

interface CommitWaiter {
  readonly endOffset: number;
  readonly settle: (failure: CommitFailure | undefined) => void;
}

/**
 * The leader's side of one partition: appends, moves the high watermark, and wakes who waits for
 * it.
 *
 * On a partition with one replica the high watermark follows the log's end, but never passes an
 * acks=all batch before its fsync (DESIGN §6): what was read or acknowledged cannot vanish in a
 * power loss. One fsync is under way at a time; batches that come meanwhile share the next one.
 */
export class Partition {
  readonly topic: string;
  readonly index: number;
  /** Those who wait for records (long polls). */
  readonly readers = new Waiters();
  readonly traffic: TopicTraffic;
  #log: PartitionLog;
  readonly #options: PartitionOptions;
  #state: LeaderState;
  #commitWaiters: CommitWaiter[] = [];
  readonly #highWatermarkListeners = new Set<(highWatermark: number) => void>();
  #isFlushScheduled = false;
  #isStopped = false;
  #isDraining = false;

  constructor(options: PartitionOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#state = options.state;
    this.traffic = options.traffic;
    this.topic = options.log.topic;
    this.index = options.log.partition;
    if (this.isLeader) this.#becomeLeader();
  }

  /** The partition's log; another object after it moved to another log directory. */
  get log(): PartitionLog {
    return this.#log;
  }

  get leaderEpoch(): number {
    return this.#state.leaderEpoch;
  }

  get state(): LeaderState {
    return this.#state;
  }

  /** Whether this broker leads it and may write to it. */
  get isLeader(): boolean {
    return !this.#isStopped && this.#state.leaderId === this.#options.brokerId;
  }

  /** The broker is about to stop: nobody shall wait for records here any more. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Sends away those who wait for records; acknowledgements under way are still given. */
  drain(): void {
    this.#isDraining = true;
    this.readers.wakeAll();
  }

  /** Acknowledgements that wait for the high watermark. */
  get commitWaiterCount(): number {
    return this.#commitWaiters.length;
  }

  /** Applies a change of leadership; who waits under the old leader is told. */
  updateState(state: LeaderState): void {
    const wasLeader = this.isLeader;
    const previousEpoch = this.#state.leaderEpoch;
    this.#state = state;
    if (this.isLeader && (!wasLeader || state.leaderEpoch !== previousEpoch)) this.#becomeLeader();
    if (!this.isLeader && wasLeader) this.#failWaiters("NOT_LEADER_OR_FOLLOWER");
    this.readers.wakeAll();
  }

  /** Takes the log that a finished move between log directories put in place. */
  replaceLog(log: PartitionLog): void {
    this.#log = log;
    this.#advance();
  }

  /** Appends batches and moves the high watermark as far as the rules allow. */
  append(request: AppendRequest): AppendOutcome {
    assert(this.isLeader, "only a leader appends");
    const awaitsSync = request.isAcksAll && this.#mustSync();
    const { verificationGuard, transactionVersion, validated } = request;
    const outcome = this.#log.append(request.bytes, {
      origin: request.origin,
      leaderEpoch: this.#state.leaderEpoch,
      awaitsSync,
      validated,
      ...(verificationGuard === undefined ? {} : { verificationGuard }),
      ...(transactionVersion === undefined ? {} : { transactionVersion }),
    });
    if (outcome.kind === "appended") {
      this.traffic.produced(outcome.lastOffset - outcome.baseOffset + 1, outcome.sizeBytes);
      if (awaitsSync) this.#scheduleFlush();
      this.#advance();
    } else if (outcome.kind === "refused" && outcome.error === "KAFKA_STORAGE_ERROR") {
      this.traffic.produceFailed();
    }
    return outcome;
  }

  /** Calls `listener` each time the high watermark has moved; gives a function that ends it. */
  onHighWatermark(listener: (highWatermark: number) => void): () => void {
    this.#highWatermarkListeners.add(listener);
    return () => this.#highWatermarkListeners.delete(listener);
  }

  /** Whether everything before an offset is committed: what an acks=all answer may rest on. */
  isCommitted(endOffset: number): boolean {
    return this.#log.highWatermark >= endOffset;
  }

  /**
   * Calls `settle` once everything before `endOffset` is committed, or with why it will not be.
   * @returns a function that forgets the waiter (its time ran out).
   */
  whenCommitted(endOffset: number, settle: CommitWaiter["settle"]): () => void {
    if (this.isCommitted(endOffset)) {
      let isWanted = true;
      queueMicrotask(() => {
        if (isWanted) settle(undefined);
      });
      return () => {
        isWanted = false;
      };
    }
    const waiter: CommitWaiter = { endOffset, settle };
    this.#commitWaiters.push(waiter);
    // A repeated batch may wait for a flush that an earlier connection's append has asked for.
    if (this.#mustSync()) this.#scheduleFlush();
    return () => {
      this.#commitWaiters = this.#commitWaiters.filter((other) => other !== waiter);
    };
  }

  /** Reads batches; the isolation in `options` says how far. */
  read(options: ReadOptions): ReadOutcome | Promise<ReadOutcome> {
    return this.#log.read(options);
  }

  /** Nobody leads it here any more: it was deleted, or the broker stops. */
  stop(): void {
    this.#isStopped = true;
    this.#failWaiters("NOT_LEADER_OR_FOLLOWER");
    this.readers.wakeAll();
  }

  #becomeLeader(): void {
    this.#log.beginLeaderEpoch(this.#state.leaderEpoch);
    this.#advance();
  }

  /** The only copy is this one: acks=all can mean nothing but the disk. */
  #mustSync(): boolean {
    return this.#state.replicas.length === 1 && this.#options.syncsAcksAll();
  }

  #advance(): void {
    // With one replica the log alone decides; followers will bring their offsets here.
    if (this.#state.inSyncReplicas.length > 1) return;
    const before = this.#log.highWatermark;
    const highWatermark = this.#log.advanceHighWatermark(this.#log.visibleEndOffset);
    if (highWatermark > before) this.#committed(highWatermark);
  }

  #committed(highWatermark: number): void {
    const waiters = this.#commitWaiters;
    if (waiters.length > 0) {
      this.#commitWaiters = waiters.filter((waiter) => waiter.endOffset > highWatermark);
      for (const waiter of waiters) {
        if (waiter.endOffset <= highWatermark) waiter.settle(undefined);
      }
    }
    for (const listener of this.#highWatermarkListeners) listener(highWatermark);
    this.readers.wakeAll();
  }

  /** One flush at a time. The log begins it after this turn's input: later batches share it. */
  #scheduleFlush(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    void this.#flush();
  }

  async #flush(): Promise<void> {
    try {
      await this.#log.flush();
    } catch (error) {
      this.#isFlushScheduled = false;
      if (this.#isStopped) return;
      // The log directory is offline from now on: everybody who waits must hear of it.
      this.#options.logger.error("flushing a partition failed", {
        topic: this.topic,
        partition: this.index,
        error,
      });
      this.#failWaiters("KAFKA_STORAGE_ERROR");
      return;
    }
    this.#isFlushScheduled = false;
    if (this.#isStopped) return;
    this.#advance();
    if (this.#log.visibleEndOffset < this.#log.logEndOffset) this.#scheduleFlush();
  }

  #failWaiters(failure: CommitFailure): void {
    const waiters = this.#commitWaiters;
    this.#commitWaiters = [];
    for (const waiter of waiters) waiter.settle(failure);
    this.readers.wakeAll();
  }
}
