import { compareByPartition } from "../ordering.ts";
import type { AssignablePartition } from "../assignor.ts";
import type { StickyDivision } from "./sticky-division.ts";
import { partitionsByTopicName, type StickyInput, type StickyMember } from "./sticky-input.ts";
import { StickyRacks } from "./sticky-racks.ts";

/**
 * Divides among members that all subscribe to the same topics: each keeps what it has up to its
 * share, what is left over goes to those that have less, near ones first where racks are known.
 */
export function divideEqually(input: StickyInput): StickyDivision {
  return new EqualDivision(input).divide();
}

class EqualDivision {
  readonly #input: StickyInput;
  readonly #all: readonly AssignablePartition[];
  readonly #racks: StickyRacks;
  readonly #countMin: number;
  readonly #countMax: number;
  /** How many members may have more than the least … */
  readonly #largerMax: number;
  /** … and how many have. */
  #largerCount = 0;
  #belowMin: string[] = [];
  #atMin: string[] = [];
  readonly #shares = new Map<string, AssignablePartition[]>();
  readonly #kept = new Set<AssignablePartition>();
  readonly #givenUpBy = new Map<AssignablePartition, string>();
  readonly #moving = new Map<AssignablePartition, string>();

  constructor(input: StickyInput) {
    this.#input = input;
    this.#all = partitionsByTopicName(input.topics);
    this.#racks = new StickyRacks(input.members, this.#all);
    const memberCount = Math.max(1, input.members.length);
    this.#countMin = Math.floor(this.#all.length / memberCount);
    this.#countMax = Math.ceil(this.#all.length / memberCount);
    this.#largerMax = this.#all.length % memberCount;
    for (const { memberId } of input.members) this.#shares.set(memberId, []);
  }

  divide(): StickyDivision {
    for (const member of this.#input.members) this.#keep(member);
    this.#belowMin.sort();
    this.#atMin.sort();
    const free = this.#all.filter((partition) => !this.#kept.has(partition));
    const hardest = this.#racks.hardestFirst(free);
    this.#dealRest(this.#racks.areUseful ? this.#dealNear(hardest) : hardest);
    return { partitionsOf: this.#shares, moving: this.#moving };
  }

  #keep(member: StickyMember): void {
    const { memberId } = member;
    const owned: AssignablePartition[] = [];
    for (const partition of [...member.owned].sort(compareByPartition)) {
      if (this.#racks.isMismatch(memberId, partition)) this.#givenUpBy.set(partition, memberId);
      else if (!this.#input.contested.has(partition)) owned.push(partition);
    }
    let count = owned.length;
    if (owned.length < this.#countMin) {
      this.#belowMin.push(memberId);
    } else if (owned.length >= this.#countMax && this.#largerCount < this.#largerMax) {
      count = this.#countMax;
      this.#noteLarger();
    } else {
      count = this.#countMin;
      if (this.#largerCount < this.#largerMax) this.#atMin.push(memberId);
    }
    for (const partition of owned.slice(0, count)) {
      this.#kept.add(partition);
      this.#shares.get(memberId)?.push(partition);
    }
    for (const partition of owned.slice(count)) this.#givenUpBy.set(partition, memberId);
  }

  /** Once enough members have more than the least, those that have the least are complete. */
  #noteLarger(): void {
    this.#largerCount += 1;
    if (this.#largerCount === this.#largerMax) this.#atMin = [];
  }

  /** Places each partition with a member near it that has room; gives what could not be placed. */
  #dealNear(partitions: readonly AssignablePartition[]): readonly AssignablePartition[] {
    let turn = 0;
    return partitions.filter((partition) => {
      const index = this.#racks.nextNear(partition, this.#belowMin, turn);
      if (index < 0) return !this.#dealNearAtMin(partition);
      turn = this.#dealNearBelowMin(partition, index);
      return false;
    });
  }

  #dealNearBelowMin(partition: AssignablePartition, index: number): number {
    const memberId = this.#belowMin[index];
    if (memberId === undefined) return 0;
    const count = this.#give(partition, memberId);
    let next = index;
    if (count < this.#countMin) {
      next += 1;
    } else {
      this.#belowMin.splice(index, 1);
      if (count < this.#countMax && this.#largerCount < this.#largerMax) this.#atMin.push(memberId);
    }
    return this.#belowMin.length === 0 ? 0 : next % this.#belowMin.length;
  }

  #dealNearAtMin(partition: AssignablePartition): boolean {
    const index = this.#racks.nextNear(partition, this.#atMin, 0);
    const memberId = this.#atMin[index];
    if (index < 0 || memberId === undefined) return false;
    if (this.#give(partition, memberId) === this.#countMax) {
      this.#atMin.splice(index, 1);
      this.#noteLarger();
    }
    return true;
  }

  /** Deals in turn to those below the least, then one each to those that have it. */
  #dealRest(partitions: readonly AssignablePartition[]): void {
    let turn = 0;
    for (const partition of partitions) {
      if (turn >= this.#belowMin.length) turn = 0;
      const below = this.#belowMin[turn];
      const memberId = below ?? this.#atMin.shift();
      // The shares add up to all partitions, so somebody has room while one is left.
      if (memberId === undefined) return;
      const count = this.#give(partition, memberId);
      if (below === undefined) continue;
      if (count === this.#countMin) {
        this.#belowMin.splice(turn, 1);
        this.#atMin.push(memberId);
      } else {
        turn += 1;
      }
    }
  }

  #give(partition: AssignablePartition, memberId: string): number {
    const share = this.#shares.get(memberId) ?? [];
    share.push(partition);
    const before = this.#givenUpBy.get(partition);
    const changesHands = before !== undefined && before !== memberId;
    if (changesHands || this.#input.contested.has(partition)) this.#moving.set(partition, memberId);
    return share.length;
  }
}
