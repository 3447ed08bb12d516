import type { TopicOffsets, TopicPartition, TopicPartitionOffset } from "./types.ts";

/** When what is resolved is committed. */
export interface CommitPolicy {
  readonly autoCommit: boolean;
  /** After so many milliseconds; null: not by time. */
  readonly intervalMs: number | null;
  /** After so many records; null: not by their number. */
  readonly threshold: number | null;
}

interface Place extends TopicPartition {
  /** The next offset to read. */
  resolved: bigint;
  committed: bigint | undefined;
}

/** How far a consumer is in each partition: what was resolved, and what of it is committed. */
export class Progress {
  readonly #policy: CommitPolicy;
  readonly #places = new Map<string, Place>();
  #resolvedCount = 0;
  #lastCommitAtMs: number;

  constructor(policy: CommitPolicy, nowMs: number) {
    this.#policy = policy;
    this.#lastCommitAtMs = nowMs;
  }

  /** Whether it commits by itself. */
  get isAutomatic(): boolean {
    return this.#policy.autoCommit;
  }

  /** Notes that a record is done. */
  resolve(partition: TopicPartition, offset: bigint): void {
    this.#resolvedCount += 1;
    this.moveTo(partition, offset + 1n);
  }

  /** Notes the next offset to read. */
  moveTo({ topic, partition }: TopicPartition, next: bigint): void {
    const key = `${topic}-${partition}`;
    const place = this.#places.get(key);
    if (place === undefined) {
      this.#places.set(key, { topic, partition, resolved: next, committed: undefined });
    } else place.resolved = next;
  }

  /** The next offset after what is resolved; undefined when nothing is. */
  next({ topic, partition }: TopicPartition): bigint | undefined {
    return this.#places.get(`${topic}-${partition}`)?.resolved;
  }

  /** Forgets a partition that is another's. */
  forget({ topic, partition }: TopicPartition): void {
    this.#places.delete(`${topic}-${partition}`);
  }

  /** Whether time or number of records say that it is time to commit. */
  isDue(nowMs: number): boolean {
    const { autoCommit, intervalMs, threshold } = this.#policy;
    if (!autoCommit) return false;
    if (intervalMs !== null && nowMs - this.#lastCommitAtMs >= intervalMs) return true;
    return threshold !== null && this.#resolvedCount >= threshold;
  }

  /** What is resolved and not committed. */
  uncommitted(): TopicPartitionOffset[] {
    return [...this.#places.values()]
      .filter(({ resolved, committed }) => resolved !== committed)
      .map(({ topic, partition, resolved }) => ({ topic, partition, offset: String(resolved) }));
  }

  /** Notes a commit. */
  committed(offsets: readonly TopicPartitionOffset[], nowMs: number): void {
    this.#lastCommitAtMs = nowMs;
    this.#resolvedCount = 0;
    for (const { topic, partition, offset } of offsets) {
      const place = this.#places.get(`${topic}-${partition}`);
      if (place !== undefined) place.committed = BigInt(offset);
    }
  }
}

/** Gives offsets topic by topic. */
export function topicOffsetsOf(offsets: readonly TopicPartitionOffset[]): TopicOffsets[] {
  return [...Map.groupBy(offsets, ({ topic }) => topic)].map(([topic, some]) => ({
    topic,
    partitions: some.map(({ partition, offset }) => ({ partition, offset })),
  }));
}
