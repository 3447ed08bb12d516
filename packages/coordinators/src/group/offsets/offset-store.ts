import type { StoredOffset } from "./committed-offset.ts";

/** An offset with what it is for. */
export interface OffsetEntry {
  readonly topic: string;
  readonly partition: number;
  readonly committed: StoredOffset;
}

type ByPartition = Map<number, StoredOffset>;
type ByTopic = Map<string, ByPartition>;

/**
 * The committed offsets of the groups of one shard, and those of transactions that are still open.
 * Invariant: no map in it is empty.
 */
export class OffsetStore {
  readonly #groups = new Map<string, ByTopic>();
  /** Offsets of open transactions: producer id → group → offsets. */
  readonly #open = new Map<bigint, Map<string, ByTopic>>();
  #count = 0;

  /** How many offsets are committed. */
  get count(): number {
    return this.#count;
  }

  /** The committed offset of a partition. */
  get(groupId: string, topic: string, partition: number): StoredOffset | undefined {
    return this.#groups.get(groupId)?.get(topic)?.get(partition);
  }

  /** Whether a group has any. */
  has(groupId: string): boolean {
    return this.#groups.has(groupId);
  }

  /** The groups that have any. */
  groupIds(): IterableIterator<string> {
    return this.#groups.keys();
  }

  /** All that a group has committed. */
  *entries(groupId: string): IterableIterator<OffsetEntry> {
    for (const [topic, partitions] of this.#groups.get(groupId) ?? []) {
      for (const [partition, committed] of partitions) yield { topic, partition, committed };
    }
  }

  /** Sets an offset. */
  set(groupId: string, entry: OffsetEntry): void {
    if (setIn(this.#groups, groupId, entry)) this.#count++;
  }

  /** Forgets an offset, also where open transactions have it. */
  remove(groupId: string, topic: string, partition: number): void {
    if (removeIn(this.#groups, groupId, { topic, partition })) this.#count--;
    for (const [producerId, groups] of this.#open) {
      removeIn(groups, groupId, { topic, partition });
      if (groups.size === 0) this.#open.delete(producerId);
    }
  }

  /** Holds an offset back until its transaction ends. */
  setOpen(producerId: bigint, groupId: string, entry: OffsetEntry): void {
    const groups = this.#open.get(producerId) ?? new Map<string, ByTopic>();
    this.#open.set(producerId, groups);
    setIn(groups, groupId, entry);
  }

  /** Whether an open transaction has an offset for a partition (UNSTABLE_OFFSET_COMMIT). */
  isOpen(groupId: string, topic: string, partition: number): boolean {
    for (const groups of this.#open.values()) {
      if (groups.get(groupId)?.get(topic)?.has(partition) === true) return true;
    }
    return false;
  }

  /** Whether an open transaction has offsets of a group. */
  hasOpen(groupId: string): boolean {
    for (const groups of this.#open.values()) if (groups.has(groupId)) return true;
    return false;
  }

  /** Ends a transaction: its offsets become the groups', unless a later commit is there already. */
  endTransaction(producerId: bigint, isCommit: boolean): void {
    const groups = this.#open.get(producerId);
    this.#open.delete(producerId);
    if (groups === undefined || !isCommit) return;
    for (const [groupId, topics] of groups) {
      for (const [topic, partitions] of topics) {
        for (const [partition, committed] of partitions) {
          const present = this.get(groupId, topic, partition);
          if (present !== undefined && present.recordOffset > committed.recordOffset) continue;
          this.set(groupId, { topic, partition, committed });
        }
      }
    }
  }
}

/** Gives whether there was none before. */
function setIn(groups: Map<string, ByTopic>, groupId: string, entry: OffsetEntry): boolean {
  const topics = groups.get(groupId) ?? new Map<string, ByPartition>();
  groups.set(groupId, topics);
  const partitions = topics.get(entry.topic) ?? new Map<number, StoredOffset>();
  topics.set(entry.topic, partitions);
  const isNew = !partitions.has(entry.partition);
  partitions.set(entry.partition, entry.committed);
  return isNew;
}

/** Gives whether there was one. */
function removeIn(
  groups: Map<string, ByTopic>,
  groupId: string,
  place: { readonly topic: string; readonly partition: number },
): boolean {
  const topics = groups.get(groupId);
  const partitions = topics?.get(place.topic);
  if (topics === undefined || partitions === undefined) return false;
  const wasThere = partitions.delete(place.partition);
  if (partitions.size === 0) topics.delete(place.topic);
  if (topics.size === 0) groups.delete(groupId);
  return wasThere;
}
