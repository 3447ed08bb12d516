import {
  acknowledgeTypes,
  type AcknowledgementBatch,
  type AcquiredRange,
  type AcquireRequest,
  SharePartition,
  type ShareStateWrite,
} from "@millrace/coordinators";
import { errorName, type ErrorName, type Uuid } from "@millrace/protocol";

import type { Deadline, Deadlines } from "../replication/deadlines.ts";
import type { Partition } from "../replication/partition.ts";
import { type Waiter, Waiters } from "../replication/waiters.ts";
import type { SharePartitionMetrics } from "./share-metrics.ts";
import type { ShareGroupSettings } from "./share-group-settings.ts";
import { clientErrorOf, type KeptState, ShareStateWrites } from "./share-state-writes.ts";
import type { ShareStatePersister } from "./persister.ts";

/** What a share partition at its leader works with. */
export interface LocalSharePartitionOptions {
  readonly groupId: string;
  readonly topicId: Uuid;
  readonly partition: Partition;
  readonly persister: ShareStatePersister;
  readonly deadlines: Deadlines;
  readonly metrics: SharePartitionMetrics;
  readonly settings: () => ShareGroupSettings;
  /** The clock of locks and deadlines. */
  readonly monotonicMs: () => number;
  readonly nowMs: () => number;
  /** Its state became useless: another leader or another state epoch is in force. */
  readonly onFenced: (partition: LocalSharePartition) => void;
  /** Records wait for their copy in a dead-letter topic. */
  readonly onDeadLetters: (partition: LocalSharePartition) => void;
}

/** What a fetch may ask of a share partition, but for what it read. */
export type AcquireOptions = Pick<
  AcquireRequest,
  "memberId" | "mode" | "batchSize" | "maxRecords" | "fetchOffset" | "batches" | "abortedBatches"
>;

interface Active {
  readonly state: SharePartition;
  readonly writes: ShareStateWrites;
}

/**
 * A share group's view of a partition that this broker leads: reads its state from the share
 * coordinator, writes changes back, ends locks when their time has come, and wakes who waits for
 * records. Of one leadership only: a change of the leader epoch makes it useless.
 */
export class LocalSharePartition {
  readonly groupId: string;
  readonly topicId: Uuid;
  readonly partition: Partition;
  /** Those who wait for records to become available. */
  readonly waiters = new Waiters();
  readonly #options: LocalSharePartitionOptions;
  readonly #leaderEpoch: number;
  #active: Active | undefined;
  #loading: Promise<KeptState> | undefined;
  #isFenced = false;
  /** When a fetch began to read for it; another one would find the same records meanwhile. */
  #fetchStartedMs: number | undefined;
  readonly #turnedAway = new Set<Waiter>();
  /** Bytes that a record filled last, with its part of its batch. */
  #recordBytes = 0;
  #lockDeadline: Deadline | undefined;
  #lockDeadlineMs = Number.POSITIVE_INFINITY;

  constructor(options: LocalSharePartitionOptions) {
    this.#options = options;
    this.groupId = options.groupId;
    this.topicId = options.topicId;
    this.partition = options.partition;
    this.#leaderEpoch = options.partition.leaderEpoch;
  }

  /** The state, once it is read. */
  get state(): SharePartition | undefined {
    return this.#active?.state;
  }

  /** Whether it belongs to the leadership that is in force. */
  get isCurrent(): boolean {
    const { partition } = this;
    return !this.#isFenced && partition.isLeader && partition.leaderEpoch === this.#leaderEpoch;
  }

  /** Whether nothing of it is under way: it can be forgotten and read again. */
  get isIdle(): boolean {
    if (this.#active === undefined) return this.#loading === undefined;
    return this.#active.writes.isIdle && !this.#active.state.hasDeadLetters;
  }

  /** Reads the state unless that is done or under way; who waits is woken when it is known. */
  load(): Promise<KeptState> {
    if (this.#active !== undefined) return Promise.resolve(loaded);
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
      this.waiters.wakeAll();
    });
    return this.#loading;
  }

  /** Where to read next; undefined when nothing can be acquired now: `waiter` is woken then. */
  fetchOffset(waiter: Waiter): number | undefined {
    const { state } = this;
    if (state === undefined || !this.isCurrent) return undefined;
    if (this.#fetchStartedMs !== undefined) {
      this.#turnedAway.add(waiter);
      return undefined;
    }
    const { logStartOffset } = this.partition.log;
    if (logStartOffset > state.startOffset) state.logStartMoved(logStartOffset);
    return state.canAcquire(this.#options.settings().limits) ? state.nextFetchOffset() : undefined;
  }

  /** A fetch begins to read: no other one reads until `endFetch`. */
  beginFetch(): void {
    this.#fetchStartedMs = this.#options.monotonicMs();
  }

  /** The fetch has acquired what it could; who was turned away meanwhile is woken. */
  endFetch(): void {
    if (this.#fetchStartedMs === undefined) return;
    this.#options.metrics.fetched(this.#fetchStartedMs, this.#options.monotonicMs());
    this.#fetchStartedMs = undefined;
    const turnedAway = [...this.#turnedAway];
    this.#turnedAway.clear();
    for (const waiter of turnedAway) waiter.wake();
  }

  /**
   * Bytes that so many records may fill: reading more than can be acquired is lost work. At least
   * the largest batch that the topic takes, so that there is always one to acquire from.
   */
  expectedBytes(recordCount: number): number {
    const { maxMessageBytes } = this.partition.log.config;
    return Math.max(maxMessageBytes, Math.ceil(recordCount * this.#recordBytes * 2));
  }

  /** Learns from an answer how large the records are. */
  noteSize(sizeBytes: number, acquired: readonly AcquiredRange[]): void {
    let count = 0;
    for (const { firstOffset, lastOffset } of acquired) count += lastOffset - firstOffset + 1;
    if (count > 0) this.#recordBytes = sizeBytes / count;
  }

  /** Acquires what was read for a member. */
  acquire(options: AcquireOptions): readonly AcquiredRange[] {
    const { state } = this;
    if (state === undefined || !this.isCurrent) return [];
    const { limits, recordLockDurationMs } = this.#options.settings();
    const lockedUntilMs = this.#options.monotonicMs() + recordLockDurationMs;
    const acquired = state.acquire({ ...options, limits, lockedUntilMs });
    if (acquired.length > 0) this.#arm(lockedUntilMs);
    for (const { firstOffset, lastOffset } of acquired) {
      this.#options.metrics.acquired(lastOffset - firstOffset + 1);
    }
    return acquired;
  }

  /** Takes acknowledgements; resolves when they are kept. */
  async acknowledge(
    memberId: string,
    batches: readonly AcknowledgementBatch[],
  ): Promise<KeptState> {
    const active = this.#active;
    if (active === undefined || !this.isCurrent) return fenced;
    const settings = this.#options.settings();
    if (!settings.isRenewEnabled && batches.some(isRenewal)) return renewalOff;
    const lockedUntilMs = this.#options.monotonicMs() + settings.recordLockDurationMs;
    const outcome = active.state.acknowledge({
      memberId,
      batches,
      lockedUntilMs,
      limits: settings.limits,
      hasDeadLetters: settings.deadLetterTopic !== "",
    });
    if (outcome.kind === "refused") return outcome;
    this.#arm(lockedUntilMs);
    return outcome.write === undefined ? loaded : this.#write(active, outcome.write);
  }

  /** Gives back what a member holds; resolves when that is kept. */
  async release(memberId: string): Promise<KeptState> {
    const active = this.#active;
    const { limits, deadLetterTopic } = this.#options.settings();
    const end = { limits, hasDeadLetters: deadLetterTopic !== "" };
    const write = active?.state.release(memberId, end);
    if (active === undefined || write === undefined) return loaded;
    return this.#write(active, write);
  }

  /** Records are done with for the dead-letter topic; resolves when that is kept. */
  async settleDeadLetters(range: AcquiredRange): Promise<KeptState> {
    const active = this.#active;
    const write = active?.state.settleDeadLetters(range);
    if (active === undefined || write === undefined) return loaded;
    return this.#write(active, write);
  }

  /** Forgets everything: who waits is told, and nothing is written any more. */
  fence(): void {
    if (this.#isFenced) return;
    this.#isFenced = true;
    this.#lockDeadline?.cancel();
    this.#lockDeadline = undefined;
    this.#options.metrics.close();
    this.waiters.wakeAll();
  }

  async #load(): Promise<KeptState> {
    const { groupId, topicId, persister, metrics } = this.#options;
    const startedMs = this.#options.monotonicMs();
    const partition = this.partition.index;
    const leaderEpoch = this.#leaderEpoch;
    const answer = await persister.readState({
      groupId,
      topics: [{ topicId, partitions: [{ partition, leaderEpoch }] }],
    });
    const result = answer.results
      .find((topic) => topic.topicId === topicId)
      ?.partitions.find((each) => each.partition === partition);
    const error = errorName(result?.errorCode ?? -1);
    if (result === undefined || error !== "NONE") {
      return { error: clientErrorOf(error), message: result?.errorMessage ?? undefined };
    }
    const startOffset = result.startOffset >= 0 ? result.startOffset : await this.#initialOffset();
    if (!this.isCurrent) return fenced;
    const { stateBatches, stateEpoch } = result;
    const state = new SharePartition({ startOffset, stateBatches });
    const identity = { groupId, topicId, partition, leaderEpoch, stateEpoch };
    this.#active = { state, writes: new ShareStateWrites(persister, identity, state) };
    metrics.loaded(state, this.#options.monotonicMs() - startedMs);
    if (state.hasDeadLetters) this.#options.onDeadLetters(this);
    return loaded;
  }

  /** Where a group begins that was here never before: `share.auto.offset.reset`. */
  async #initialOffset(): Promise<number> {
    const { offsetReset } = this.#options.settings();
    const { log } = this.partition;
    if (offsetReset === "earliest") return log.logStartOffset;
    if (offsetReset === "latest") return log.highWatermark;
    const timestampMs = Math.max(0, this.#options.nowMs() - offsetReset.durationMs);
    const found = await log.offsetForTimestamp(timestampMs, "highWatermark");
    // Nothing is as young as that: the group begins with what comes.
    return found.offset >= 0 ? found.offset : log.highWatermark;
  }

  async #write(active: Active, write: ShareStateWrite): Promise<KeptState> {
    const kept = await active.writes.write(write);
    if (endsLeadership(kept.error)) this.#options.onFenced(this);
    if (this.#isFenced) return kept;
    // What could not be kept is acquired again, perhaps beyond its time.
    if (kept.error !== "NONE") this.#rearm();
    if (active.state.hasDeadLetters) this.#options.onDeadLetters(this);
    this.waiters.wakeAll();
    return kept;
  }

  #arm(deadlineMs: number): void {
    if (deadlineMs >= this.#lockDeadlineMs || this.#isFenced) return;
    this.#lockDeadline?.cancel();
    this.#lockDeadlineMs = deadlineMs;
    const delayMs = Math.max(0, deadlineMs - this.#options.monotonicMs());
    this.#lockDeadline = this.#options.deadlines.add(delayMs, () => this.#expire());
  }

  #rearm(): void {
    const deadlineMs = this.#active?.state.nextLockDeadlineMs();
    if (deadlineMs !== undefined) this.#arm(deadlineMs);
  }

  #expire(): void {
    this.#lockDeadline = undefined;
    this.#lockDeadlineMs = Number.POSITIVE_INFINITY;
    const active = this.#active;
    if (active === undefined || this.#isFenced) return;
    const { limits, deadLetterTopic } = this.#options.settings();
    const hasDeadLetters = deadLetterTopic !== "";
    const { count, write } = active.state.expire(this.#options.monotonicMs(), {
      limits,
      hasDeadLetters,
    });
    this.#rearm();
    if (count === 0) return;
    this.#options.metrics.locksExpired(count);
    // A lock ends whether that can be kept or not: the next write or a restart says the same.
    if (write !== undefined) void this.#write(active, write);
    this.waiters.wakeAll();
  }
}

const loaded: KeptState = { error: "NONE", message: undefined };
const fenced: KeptState = { error: "NOT_LEADER_OR_FOLLOWER", message: undefined };

const renewalOff: KeptState = {
  error: "INVALID_RECORD_STATE",
  message: "the group does not let its members renew locks",
};

function isRenewal({ acknowledgeTypes: types }: AcknowledgementBatch): boolean {
  return types.includes(acknowledgeTypes.renew);
}

/** Errors after which this leader's state is not the one in force. */
function endsLeadership(error: ErrorName): boolean {
  return (
    error === "NOT_LEADER_OR_FOLLOWER" ||
    error === "GROUP_ID_NOT_FOUND" ||
    error === "UNKNOWN_TOPIC_OR_PARTITION"
  );
}
