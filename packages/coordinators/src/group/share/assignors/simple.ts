import type { Uuid } from "@millrace/protocol";
import { type Assignment, NOTHING_ASSIGNED } from "../../consumer/assignment.ts";

/** What the assignor of share groups works with. */
export interface ShareGroupToAssign {
  /** Sorted by id, so that the same group is always shared out in the same way. */
  readonly members: readonly ShareMemberToAssign[];
  /** The partitions that may be assigned, by topic. */
  readonly assignable: ReadonlyMap<Uuid, readonly number[]>;
}

/** A member as the assignor sees it. */
export interface ShareMemberToAssign {
  readonly memberId: string;
  /** Topics that exist, each once. */
  readonly topicIds: readonly Uuid[];
  /** Its target so far. */
  readonly target: Assignment;
}

/**
 * Shares partitions out among members as Apache Kafka's simple assignor does (KIP-932): every
 * partition has a member, all members have about as many, and a partition has several members when
 * there are more members than partitions. What a member has it keeps, as far as balance allows.
 *
 * Members that subscribe to the same topics share all partitions; else each topic is shared out by
 * itself, among those who subscribe to it.
 */
export function assignSimply(group: ShareGroupToAssign): ReadonlyMap<string, Assignment> {
  const { members, assignable } = group;
  const assigned = members.map(() => new Map<Uuid, number[]>());
  for (const { topicIds, sharers } of pools(members)) {
    const partitions = topicIds.flatMap((topicId) =>
      (assignable.get(topicId) ?? []).map((partition) => ({ topicId, partition })),
    );
    shareOut(partitions, sharers).forEach((own, index) => {
      const topics = assigned[sharers[index]?.index ?? -1] ?? new Map<Uuid, number[]>();
      for (const { topicId, partition } of own) append(topics, topicId, partition);
    });
  }
  return new Map(
    members.map(({ memberId }, index) => [memberId, assigned[index] ?? NOTHING_ASSIGNED]),
  );
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}

interface Sharer {
  readonly index: number;
  readonly target: Assignment;
}

interface Pool {
  readonly topicIds: readonly Uuid[];
  readonly sharers: readonly Sharer[];
}

/** What is shared out together: all topics when all members have the same, else each by itself. */
function pools(members: readonly ShareMemberToAssign[]): readonly Pool[] {
  const sharersOf = new Map<Uuid, Sharer[]>();
  members.forEach(({ topicIds, target }, index) => {
    for (const topicId of topicIds) append(sharersOf, topicId, { index, target });
  });
  const topicIds = [...sharersOf.keys()].sort();
  const isUniform = [...sharersOf.values()].every((sharers) => sharers.length === members.length);
  if (!isUniform) {
    return topicIds.map((topicId) => ({
      topicIds: [topicId],
      sharers: sharersOf.get(topicId) ?? [],
    }));
  }
  return [{ topicIds, sharers: members.map(({ target }, index) => ({ index, target })) }];
}

interface Place {
  readonly topicId: Uuid;
  readonly partition: number;
}

/** Gives the partitions of each sharer. */
function shareOut(places: readonly Place[], sharers: readonly Sharer[]): readonly Place[][] {
  const table = new SharingTable(places, sharers);
  table.keepWhatFits();
  table.fill();
  return table.rows();
}

/** Who has which partition, by index, and how many each is to have. */
class SharingTable {
  readonly #places: readonly Place[];
  readonly #sharers: readonly Sharer[];
  /** Members a partition is to have. */
  readonly #sharing: number;
  readonly #owners: Set<number>[];
  readonly #owned: Set<number>[];

  constructor(places: readonly Place[], sharers: readonly Sharer[]) {
    this.#places = places;
    this.#sharers = sharers;
    this.#sharing = places.length === 0 ? 0 : Math.ceil(sharers.length / places.length);
    this.#owners = places.map(() => new Set());
    this.#owned = sharers.map(() => new Set());
  }

  /** Leaves members what they have, up to their share and to each partition's. */
  keepWhatFits(): void {
    const indexes = new Map<Uuid, Map<number, number>>();
    this.#places.forEach(({ topicId, partition }, place) => {
      const ofTopic = indexes.get(topicId) ?? new Map<number, number>();
      indexes.set(topicId, ofTopic.set(partition, place));
    });
    this.#sharers.forEach(({ target }, sharer) => {
      for (const [topicId, partitions] of target) {
        for (const partition of partitions) {
          const place = indexes.get(topicId)?.get(partition);
          if (place !== undefined && !this.#isFull(sharer)) this.#give(place, sharer);
        }
      }
    });
  }

  /**
   * Gives partitions with too few members to members with too few partitions, in turn. A partition
   * that all of those have already stays with fewer members than it might have.
   */
  fill(): void {
    const unfilled = this.#sharers.map((_, sharer) => sharer).filter((one) => !this.#isFull(one));
    let next = 0;
    this.#places.forEach((_, place) => {
      let tries = 0;
      while (this.#needs(place) && tries < unfilled.length) {
        next %= unfilled.length;
        const sharer = unfilled[next] ?? 0;
        if (this.#owned[sharer]?.has(place) === true) {
          tries++;
          next++;
          continue;
        }
        tries = 0;
        this.#give(place, sharer);
        if (this.#isFull(sharer)) unfilled.splice(next, 1);
        else next++;
      }
    });
  }

  rows(): readonly Place[][] {
    return this.#owned.map((owned) =>
      [...owned].sort((left, right) => left - right).flatMap((place) => this.#places[place] ?? []),
    );
  }

  #needs(place: number): boolean {
    return (this.#owners[place]?.size ?? 0) < this.#sharing;
  }

  #isFull(sharer: number): boolean {
    return (this.#owned[sharer]?.size ?? 0) >= this.#share(sharer);
  }

  /** How many partitions a member is to have: fractions of them fall evenly over the members. */
  #share(sharer: number): number {
    const all = this.#sharing * this.#places.length;
    const upTo = (count: number): number => Math.ceil((all * count) / this.#sharers.length);
    return upTo(sharer + 1) - upTo(sharer);
  }

  #give(place: number, sharer: number): void {
    if (!this.#needs(place)) return;
    this.#owners[place]?.add(sharer);
    this.#owned[sharer]?.add(place);
  }
}
