import { compareText } from "../ordering.ts";
import type { AssignablePartition } from "../assignor.ts";
import { PartitionMovements } from "./partition-movements.ts";
import { ShareOrder } from "./share-order.ts";
import type { StickyDivision } from "./sticky-division.ts";
import type { StickyInput, StickyMember } from "./sticky-input.ts";
import { StickyRacks } from "./sticky-racks.ts";

type Share = Set<AssignablePartition>;

/**
 * Divides among members that subscribe to different topics: each keeps what it has, what is left
 * over goes to the smallest share, then partitions move until nobody could get one from somebody
 * who has two more.
 */
export function divideMixed(input: StickyInput): StickyDivision {
  return new MixedDivision(input).divide();
}

class MixedDivision {
  readonly #input: StickyInput;
  readonly #membersById: ReadonlyMap<string, StickyMember>;
  readonly #topicsOf = new Map<string, ReadonlySet<string>>();
  readonly #subscribersOf = new Map<string, string[]>();
  readonly #racks: StickyRacks;
  #shares = new Map<string, Share>();
  #ownerOf = new Map<AssignablePartition, string>();
  readonly #previousOwnerOf = new Map<AssignablePartition, string>();
  readonly #movements = new PartitionMovements();
  readonly #order = new ShareOrder((memberId) => this.#shareOf(memberId).size);

  constructor(input: StickyInput) {
    this.#input = input;
    this.#membersById = new Map(input.members.map((member) => [member.memberId, member]));
    for (const topic of input.topics.keys()) this.#subscribersOf.set(topic, []);
    for (const { memberId, topics } of input.members) {
      const existing = new Set(topics.filter((topic) => input.topics.has(topic)));
      this.#topicsOf.set(memberId, existing);
      for (const topic of existing) this.#subscribersOf.get(topic)?.push(memberId);
    }
    this.#racks = new StickyRacks(input.members, [...input.topics.values()].flat());
  }

  divide(): StickyDivision {
    this.#notePreviousOwners();
    const hasRevoked = this.#keepOwned();
    const all = this.#hardestTopicsFirst();
    const free = all.filter((partition) => !this.#isShared(partition));
    for (const memberId of this.#membersById.keys()) this.#order.add(memberId);
    const isFirstTime = this.#order.members.every((memberId) => this.#shareOf(memberId).size === 0);
    this.#dealFree(free);
    this.#balance({ all, free, hasRevoked, isFirstTime });
    const partitionsOf = new Map<string, readonly AssignablePartition[]>();
    for (const [memberId, share] of this.#shares) partitionsOf.set(memberId, [...share]);
    return { partitionsOf, moving: undefined };
  }

  /** Who had a partition in an older generation gets it back when balance demands that it moves. */
  #notePreviousOwners(): void {
    const generationOf = new Map<AssignablePartition, number>();
    for (const { memberId, claim } of this.#input.members) {
      const { generation } = claim;
      if (generation >= this.#input.generationMax) continue;
      for (const { topic, partition } of claim.partitions) {
        const claimed = this.#input.topics.get(topic)?.[partition];
        if (claimed === undefined) continue;
        if (generation <= (generationOf.get(claimed) ?? Number.NEGATIVE_INFINITY)) continue;
        generationOf.set(claimed, generation);
        this.#previousOwnerOf.set(claimed, memberId);
      }
    }
  }

  /** @returns whether a member must give something up. */
  #keepOwned(): boolean {
    let hasRevoked = false;
    for (const { memberId, owned } of this.#input.members) {
      const share: Share = new Set();
      for (const partition of owned) {
        const isSubscribed = this.#subscribes(memberId, partition.topic);
        if (!isSubscribed || this.#racks.isMismatch(memberId, partition)) {
          hasRevoked = true;
          continue;
        }
        share.add(partition);
        this.#ownerOf.set(partition, memberId);
      }
      this.#shares.set(memberId, share);
    }
    return hasRevoked;
  }

  #hardestTopicsFirst(): readonly AssignablePartition[] {
    const countOf = (topic: string): number => this.#subscribersOf.get(topic)?.length ?? 0;
    const topics = [...this.#input.topics.keys()].sort(
      (left, right) => countOf(left) - countOf(right) || compareText(left, right),
    );
    return topics.flatMap((topic) => this.#input.topics.get(topic) ?? []);
  }

  #dealFree(free: readonly AssignablePartition[]): void {
    let rest = free;
    if (this.#racks.areUseful) {
      rest = free.filter((partition) => {
        return !this.#giveToSmallest(
          partition,
          (memberId) => !this.#racks.isMismatch(memberId, partition),
        );
      });
    }
    for (const partition of rest) this.#giveToSmallest(partition, () => true);
  }

  #giveToSmallest(partition: AssignablePartition, mayHave: (memberId: string) => boolean): boolean {
    const memberId = this.#order.members.find(
      (candidate) => this.#subscribes(candidate, partition.topic) && mayHave(candidate),
    );
    if (memberId === undefined) return false;
    this.#order.remove(memberId);
    this.#shareOf(memberId).add(partition);
    this.#ownerOf.set(partition, memberId);
    this.#order.add(memberId);
    return true;
  }

  #balance(round: {
    readonly all: readonly AssignablePartition[];
    readonly free: readonly AssignablePartition[];
    readonly hasRevoked: boolean;
    readonly isFirstTime: boolean;
  }): void {
    const canMove = ({ topic }: AssignablePartition): boolean => {
      return (this.#subscribersOf.get(topic)?.length ?? 0) >= 2;
    };
    const settled = this.#setAsideSettled(canMove);
    const sharesBefore = copyOf(this.#shares);
    const ownersBefore = new Map(this.#ownerOf);
    // When nothing had to be given up, moving only what is new may be enough.
    if (!round.hasRevoked) this.#move(round.free.filter(canMove));
    const hasMoved = this.#move(round.all.filter(canMove));
    if (!round.isFirstTime && hasMoved && imbalance(this.#shares) >= imbalance(sharesBefore)) {
      this.#shares = sharesBefore;
      this.#ownerOf = ownersBefore;
    }
    for (const [memberId, share] of settled) this.#shares.set(memberId, share);
  }

  /** Takes out the members with whom nothing can be exchanged. */
  #setAsideSettled(
    canMove: (partition: AssignablePartition) => boolean,
  ): ReadonlyMap<string, Share> {
    const settled = new Map<string, Share>();
    for (const memberId of this.#membersById.keys()) {
      const share = this.#shareOf(memberId);
      if (share.size < this.#countPossible(memberId) || [...share].some(canMove)) continue;
      this.#order.remove(memberId);
      settled.set(memberId, share);
    }
    for (const memberId of settled.keys()) this.#shares.delete(memberId);
    return settled;
  }

  #move(partitions: readonly AssignablePartition[]): boolean {
    let hasMoved = false;
    let hasMovedNow: boolean;
    do {
      hasMovedNow = false;
      for (const partition of partitions) {
        if (this.#isBalanced()) break;
        const receiver = this.#receiverOf(partition);
        if (receiver === undefined) continue;
        this.#hand(partition, receiver);
        hasMovedNow = true;
        hasMoved = true;
      }
    } while (hasMovedNow);
    return hasMoved;
  }

  /** Who should have the partition instead of its owner; undefined when it is well placed. */
  #receiverOf(partition: AssignablePartition): string | undefined {
    const owner = this.#ownerOf.get(partition);
    if (owner === undefined) return undefined;
    const size = this.#shareOf(owner).size;
    const isSmaller = (memberId: string): boolean => size > this.#shareOf(memberId).size + 1;
    const previous = this.#previousOwnerOf.get(partition);
    if (previous !== undefined && this.#shares.has(previous)) {
      if (isSmaller(previous) && this.#subscribes(previous, partition.topic)) return previous;
    }
    const subscribers = this.#subscribersOf.get(partition.topic) ?? [];
    if (!subscribers.some(isSmaller)) return undefined;
    return this.#order.members.find((memberId) => this.#subscribes(memberId, partition.topic));
  }

  #hand(partition: AssignablePartition, to: string): void {
    const owner = this.#ownerOf.get(partition) ?? to;
    const moved = this.#movements.betterToMove(partition, { from: owner, to });
    const from = this.#ownerOf.get(moved) ?? to;
    this.#order.remove(from);
    this.#order.remove(to);
    this.#movements.note(moved, { from, to });
    this.#shareOf(from).delete(moved);
    this.#shareOf(to).add(moved);
    this.#ownerOf.set(moved, to);
    this.#order.add(to);
    this.#order.add(from);
  }

  #isBalanced(): boolean {
    const { members } = this.#order;
    const least = this.#shareOf(members[0] ?? "").size;
    const most = this.#shareOf(members.at(-1) ?? "").size;
    if (least >= most - 1) return true;
    return members.every((memberId) => !this.#couldGetMore(memberId));
  }

  #couldGetMore(memberId: string): boolean {
    const share = this.#shareOf(memberId);
    if (share.size === this.#countPossible(memberId)) return false;
    for (const topic of this.#topicsOf.get(memberId) ?? []) {
      for (const partition of this.#input.topics.get(topic) ?? []) {
        if (share.has(partition)) continue;
        const owner = this.#ownerOf.get(partition);
        if (owner !== undefined && share.size + 1 < this.#shareOf(owner).size) return true;
      }
    }
    return false;
  }

  #countPossible(memberId: string): number {
    let count = 0;
    for (const topic of this.#topicsOf.get(memberId) ?? []) {
      count += this.#input.topics.get(topic)?.length ?? 0;
    }
    return count;
  }

  #subscribes(memberId: string, topic: string): boolean {
    return this.#topicsOf.get(memberId)?.has(topic) === true;
  }

  #isShared(partition: AssignablePartition): boolean {
    return this.#ownerOf.has(partition);
  }

  #shareOf(memberId: string): Share {
    return this.#shares.get(memberId) ?? new Set();
  }
}

function copyOf(shares: ReadonlyMap<string, Share>): Map<string, Share> {
  return new Map([...shares].map(([memberId, share]) => [memberId, new Set(share)]));
}

/** The sum over all pairs of members of how much their shares differ. */
function imbalance(shares: ReadonlyMap<string, Share>): number {
  const sizes = [...shares.values()].map(({ size }) => size);
  let sum = 0;
  for (const [index, size] of sizes.entries()) {
    for (const other of sizes.slice(index + 1)) sum += Math.abs(size - other);
  }
  return sum;
}
