import { type AcquiredRange, type AcquireMode, findAbortedBatches } from "@millrace/coordinators";
import type { ErrorName, Uuid } from "@millrace/protocol";

import type { FetchPartition } from "../fetch/session.ts";
import { type PartitionReadResult, readPartitions } from "../fetch/read-partitions.ts";
import type { Deadlines } from "../replication/deadlines.ts";
import type { Waiter } from "../replication/waiters.ts";
import { batchesOf, bytesOfAcquired } from "./fetched-batches.ts";
import type { LocalSharePartition } from "./local-share-partition.ts";
import type { SharedPartition } from "./share-sessions.ts";

/** A partition of a share fetch: what is fetched for it, or why nothing can be. */
export interface ShareFetchTarget {
  readonly asked: SharedPartition;
  readonly target: LocalSharePartition | ErrorName;
}

/** What a member fetches. */
export interface ShareFetchOptions {
  readonly memberId: string;
  readonly mode: AcquireMode;
  readonly batchSize: number;
  readonly maxRecords: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly maxWaitMs: number;
  readonly isReadCommitted: boolean;
  readonly targets: readonly ShareFetchTarget[];
  readonly deadlines: Deadlines;
  /** Whether nobody is there any more to take the answer. */
  readonly isGone: () => boolean;
  /** The time was up before there was enough. */
  readonly onExpired: () => void;
}

/** What a partition of a share fetch came to. */
export interface ShareFetchResult {
  readonly asked: SharedPartition;
  readonly error: ErrorName;
  readonly message: string | undefined;
  readonly source: LocalSharePartition | undefined;
  readonly chunks: readonly Buffer[];
  readonly sizeBytes: number;
  readonly acquired: readonly AcquiredRange[];
  /** The buffers behind `chunks` are free again. */
  readonly release: () => void;
}

/** What is left of what a member wants. */
interface FetchLimits {
  readonly maxBytes: number;
  readonly maxRecords: number;
}

/** A partition that is read in this attempt. */
interface Candidate {
  readonly asked: SharedPartition;
  readonly local: LocalSharePartition;
  readonly fetchOffset: number;
}

/**
 * Acquires records for a member, and waits until there are enough or the time is up. Woken by new
 * records, by records that became available again, by room for locks, and by a changed leadership;
 * never by polling.
 */
export class ShareFetch implements Waiter {
  readonly #options: ShareFetchOptions;
  readonly #failed = new Map<
    LocalSharePartition,
    { error: ErrorName; message: string | undefined }
  >();
  /** Those whose state this fetch has had read: it asks once. */
  readonly #asked = new Set<LocalSharePartition>();
  #isWoken = false;
  #isExpired = false;
  #resume: (() => void) | undefined;

  constructor(options: ShareFetchOptions) {
    this.#options = options;
  }

  /** Called when a partition moved. */
  wake(): void {
    this.#isWoken = true;
    this.#resume?.();
  }

  /** Gives what was acquired, and errors; partitions without either may be missing. */
  async run(): Promise<readonly ShareFetchResult[]> {
    const { deadlines, maxWaitMs, isGone, onExpired } = this.#options;
    this.#watch();
    const deadline = deadlines.add(maxWaitMs, () => {
      this.#isExpired = true;
      this.#resume?.();
    });
    try {
      for (;;) {
        this.#isWoken = false;
        this.#load();
        const results = await this.#attempt();
        if (results !== undefined) return [...this.#refusals(), ...results];
        if (this.#isExpired) onExpired();
        if (this.#isExpired || isGone()) return this.#refusals();
        await this.#moved();
        if (isGone()) return [];
      }
    } finally {
      deadline.cancel();
      this.#unwatch();
    }
  }

  /** Waits for the next wake or the deadline; one that came during the attempt counts. */
  async #moved(): Promise<void> {
    if (this.#isWoken || this.#isExpired) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#resume = () => resolve(undefined);
    await promise;
    this.#resume = undefined;
  }

  #locals(): LocalSharePartition[] {
    return this.#options.targets.flatMap(({ target }) =>
      typeof target === "string" ? [] : [target],
    );
  }

  #watch(): void {
    for (const local of this.#locals()) {
      local.waiters.add(this);
      local.partition.readers.add(this);
    }
  }

  #unwatch(): void {
    for (const local of this.#locals()) {
      local.waiters.remove(this);
      local.partition.readers.remove(this);
    }
  }

  /** Has the states read that are not known yet; their arrival wakes this fetch. */
  #load(): void {
    for (const local of this.#locals()) {
      if (local.state !== undefined || this.#asked.has(local) || !local.isCurrent) continue;
      this.#asked.add(local);
      void local.load().then(({ error, message }) => {
        // A coordinator that is not ready is asked again by the next fetch.
        if (error === "NONE" || error === "COORDINATOR_NOT_AVAILABLE") return;
        this.#failed.set(local, { error, message });
        this.wake();
      });
    }
  }

  /** @returns undefined when there is not enough to answer yet. */
  async #attempt(): Promise<readonly ShareFetchResult[] | undefined> {
    if (this.#isRefused()) return [];
    const results =
      this.#options.minBytes > 1 ? await this.#attemptAll() : await this.#attemptInTurn();
    return results.length === 0 ? undefined : results;
  }

  /** Whether there are enough bytes is known only when all partitions are read. */
  #attemptAll(): Promise<readonly ShareFetchResult[]> {
    const { maxBytes, maxRecords } = this.#options;
    return this.#attemptOn(this.#candidates(this.#options.targets), { maxBytes, maxRecords });
  }

  /** One partition after the other, until there are as many records as are wanted. */
  async #attemptInTurn(): Promise<readonly ShareFetchResult[]> {
    const results: ShareFetchResult[] = [];
    let { maxBytes, maxRecords } = this.#options;
    for (const target of this.#options.targets) {
      const found = await this.#attemptOn(this.#candidates([target]), { maxBytes, maxRecords });
      results.push(...found);
      for (const { acquired, sizeBytes } of found) {
        maxBytes -= sizeBytes;
        for (const range of acquired) maxRecords -= range.lastOffset - range.firstOffset + 1;
      }
      if (maxBytes <= 0 || maxRecords <= 0) break;
    }
    return results;
  }

  /** @returns nothing when there is not enough. */
  async #attemptOn(
    candidates: readonly Candidate[],
    limits: FetchLimits,
  ): Promise<readonly ShareFetchResult[]> {
    if (candidates.length === 0) return [];
    for (const { local } of candidates) local.beginFetch();
    try {
      const reading = readPartitions(this.#reads(candidates, limits), {
        maxBytes: limits.maxBytes,
        isolation: this.#options.isReadCommitted ? "lastStable" : "highWatermark",
      });
      // What is in memory is acquired in this turn: nothing can come in between.
      const results = reading instanceof Promise ? await reading : reading;
      if (!this.#isEnough(results)) {
        for (const result of results) result.release();
        return [];
      }
      return this.#acquireAll(candidates, results, limits.maxRecords);
    } finally {
      for (const { local } of candidates) local.endFetch();
    }
  }

  #candidates(targets: readonly ShareFetchTarget[]): Candidate[] {
    const candidates: Candidate[] = [];
    for (const { asked, target } of targets) {
      if (typeof target === "string" || this.#failed.has(target)) continue;
      const fetchOffset = target.fetchOffset(this);
      if (fetchOffset !== undefined) candidates.push({ asked, local: target, fetchOffset });
    }
    return candidates;
  }

  /** Each partition gets the same part of the bytes, and no more than its records may fill. */
  #reads(
    candidates: readonly Candidate[],
    limits: FetchLimits,
  ): Parameters<typeof readPartitions>[0] {
    const partBytes = Math.floor(limits.maxBytes / candidates.length);
    return candidates.map(({ local, fetchOffset }) => {
      const wantedBytes = local.expectedBytes(limits.maxRecords);
      const partitionMaxBytes = Math.min(partBytes, wantedBytes);
      return {
        request: fetchRequest(local, fetchOffset, partitionMaxBytes),
        target: local.partition,
      };
    });
  }

  #isEnough(results: readonly PartitionReadResult[]): boolean {
    if (results.some(({ error }) => error !== "NONE")) return true;
    const sizeBytes = results.reduce((sum, result) => sum + result.sizeBytes, 0);
    if (this.#isExpired || this.#options.maxWaitMs <= 0) return sizeBytes > 0;
    return sizeBytes > 0 && sizeBytes >= this.#options.minBytes;
  }

  #acquireAll(
    candidates: readonly Candidate[],
    reads: readonly PartitionReadResult[],
    maxRecords: number,
  ): readonly ShareFetchResult[] {
    let left = maxRecords;
    return candidates.flatMap((candidate, index) => {
      const read = reads[index];
      if (read === undefined) return [];
      const result = this.#acquire(candidate, read, left);
      for (const range of result.acquired) left -= range.lastOffset - range.firstOffset + 1;
      return [result];
    });
  }

  #acquire(candidate: Candidate, read: PartitionReadResult, maxRecords: number): ShareFetchResult {
    const { asked, local, fetchOffset } = candidate;
    if (read.error === "OFFSET_OUT_OF_RANGE") {
      // The log begins later now; the member fetches again.
      local.state?.logStartMoved(local.partition.log.logStartOffset);
      return { ...nothingOf(asked), source: local };
    }
    if (read.error !== "NONE") return { ...nothingOf(asked), error: read.error, source: local };
    // A member that is gone must not hold records until their locks run out.
    if (this.#options.isGone() || maxRecords <= 0) {
      read.release();
      return { ...nothingOf(asked), source: local };
    }
    const { memberId, mode, batchSize } = this.#options;
    const batches = batchesOf(read.chunks);
    const abortedBatches = findAbortedBatches(batches, read.abortedTransactions ?? []);
    const acquired = local.acquire({
      memberId,
      mode,
      batchSize,
      maxRecords,
      fetchOffset,
      batches,
      abortedBatches,
    });
    if (acquired.length === 0) read.release();
    const { chunks, sizeBytes } = bytesOfAcquired(batches, acquired);
    local.noteSize(sizeBytes, acquired);
    const release = acquired.length === 0 ? nothingHeld : read.release;
    return { ...nothingOf(asked), source: local, chunks, sizeBytes, acquired, release };
  }

  /** An error of one partition does not shorten the wait for the others. */
  #isRefused(): boolean {
    return this.#refusals().length === this.#options.targets.length;
  }

  #refusals(): ShareFetchResult[] {
    return this.#options.targets.flatMap(({ asked, target }) => {
      if (typeof target === "string") return [{ ...nothingOf(asked), error: target }];
      const failure = this.#failed.get(target);
      if (failure !== undefined) return [{ ...nothingOf(asked), ...failure, source: target }];
      if (target.isCurrent) return [];
      return [{ ...nothingOf(asked), error: "NOT_LEADER_OR_FOLLOWER" as const, source: target }];
    });
  }
}

const nothingHeld = (): void => {};

function nothingOf(asked: SharedPartition): ShareFetchResult {
  return {
    asked,
    error: "NONE",
    message: undefined,
    source: undefined,
    chunks: [],
    sizeBytes: 0,
    acquired: [],
    release: nothingHeld,
  };
}

function fetchRequest(
  local: LocalSharePartition,
  fetchOffset: number,
  partitionMaxBytes: number,
): FetchPartition {
  const topicId: Uuid = local.topicId;
  return {
    topic: local.partition.topic,
    topicId,
    partition: local.partition.index,
    currentLeaderEpoch: -1,
    fetchOffset,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
    partitionMaxBytes,
  };
}
