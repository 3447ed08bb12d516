import { compareByTopic, compareMembers } from "./ordering.ts";
import type { AssignorMember } from "../membership.ts";
import type { AssignablePartition, Assignor, AssignorInput, GroupAssignment } from "./assignor.ts";
import { statelessAssignor } from "./assignor.ts";
import { areRacksUseful, rackOf } from "./racks.ts";

/**
 * Gives the assignor that divides each topic by itself into contiguous ranges, so that members
 * get the same partitions of topics with equally many (KIP-881 where racks are known).
 */
export function range(): Assignor {
  return statelessAssignor("range", assign);
}

function assign({ topics, members }: AssignorInput): GroupAssignment {
  const shares = new Map<string, AssignablePartition[]>();
  for (const memberId of members.keys()) shares.set(memberId, []);
  const byTopic = subscribersByTopic(members);
  const divisions: TopicDivision[] = [];
  for (const [topic, partitions] of topics) {
    if (partitions.length === 0) continue;
    divisions.push(new TopicDivision(partitions, byTopic.get(topic) ?? [], shares));
  }
  const isRackAware = divisions.some((division) => division.areRacksUseful);
  if (isRackAware) matchRacks(divisions);
  for (const division of divisions) division.assignRanges(() => true);
  if (isRackAware) for (const partitions of shares.values()) partitions.sort(compareByTopic);
  return shares;
}

function subscribersByTopic(
  members: ReadonlyMap<string, AssignorMember>,
): ReadonlyMap<string, readonly AssignorMember[]> {
  const byTopic = new Map<string, AssignorMember[]>();
  for (const member of [...members.values()].sort(compareMembers)) {
    for (const topic of new Set(member.topics)) {
      const subscribers = byTopic.get(topic);
      if (subscribers === undefined) byTopic.set(topic, [member]);
      else subscribers.push(member);
    }
  }
  return byTopic;
}

/**
 * Topics of the same members and of equally many partitions are divided together, so that they
 * stay co-partitioned; another one by itself, when that helps.
 */
function matchRacks(divisions: readonly TopicDivision[]): void {
  const together = Map.groupBy(divisions, (division) => division.coPartitioningKey);
  for (const group of together.values()) {
    const [first, second] = group;
    if (first === undefined) continue;
    if (second !== undefined) assignCoPartitioned(group, first);
    else if (first.areRacksUseful) {
      first.assignRanges((member, partition) => first.isRackOf(member, partition));
    }
  }
}

function assignCoPartitioned(group: readonly TopicDivision[], first: TopicDivision): void {
  const remaining = new Set(first.subscribers);
  // Racks of a partition are known only where a member has one; without, there is nothing to match.
  for (let index = 0; index < first.rackedPartitionsCount && remaining.size > 0; index += 1) {
    for (const member of remaining) {
      const fits = group.every((division) => {
        const partition = division.partitions[index];
        if (partition === undefined) return false;
        return division.isRackOf(member, partition) && division.roomOf(member) > 0;
      });
      if (!fits) continue;
      for (const division of group) {
        const partition = division.partitions[index];
        if (partition !== undefined) division.give(member, [partition]);
      }
      if (group.every((division) => division.roomOf(member) === 0)) remaining.delete(member);
      break;
    }
  }
}

/** One topic while it is divided. */
class TopicDivision {
  readonly partitions: readonly AssignablePartition[];
  /** Who subscribes to it, in the order in which ranges are given. */
  readonly subscribers: readonly AssignorMember[];
  readonly areRacksUseful: boolean;
  readonly coPartitioningKey: string;
  readonly rackedPartitionsCount: number;
  readonly #unassigned: Set<AssignablePartition>;
  readonly #countByMember = new Map<AssignorMember, number>();
  readonly #countEach: number;
  #extraCount: number;
  readonly #shares: ReadonlyMap<string, AssignablePartition[]>;

  constructor(
    partitions: readonly AssignablePartition[],
    subscribers: readonly AssignorMember[],
    shares: ReadonlyMap<string, AssignablePartition[]>,
  ) {
    this.partitions = partitions;
    this.subscribers = subscribers;
    this.#shares = shares;
    this.#unassigned = new Set(partitions);
    const count = Math.max(1, subscribers.length);
    this.#countEach = Math.floor(partitions.length / count);
    this.#extraCount = partitions.length % count;
    const racks = new Set<string>();
    for (const member of subscribers) {
      const rack = rackOf(member);
      if (rack !== undefined) racks.add(rack);
    }
    this.areRacksUseful = racks.size > 0 && areRacksUseful(racks, partitions);
    this.rackedPartitionsCount = racks.size > 0 ? partitions.length : 0;
    const ids = subscribers.map(({ memberId }) => memberId).sort();
    this.coPartitioningKey = JSON.stringify([this.rackedPartitionsCount, ids]);
  }

  /** A member without a rack is at home everywhere. */
  isRackOf(member: AssignorMember, partition: AssignablePartition): boolean {
    const rack = rackOf(member);
    return rack === undefined || partition.racks.includes(rack);
  }

  /** How many partitions the member may still get. */
  roomOf(member: AssignorMember): number {
    const most = this.#countEach + (this.#extraCount > 0 ? 1 : 0);
    return Math.max(0, most - (this.#countByMember.get(member) ?? 0));
  }

  assignRanges(mayHave: (member: AssignorMember, partition: AssignablePartition) => boolean): void {
    for (const member of this.subscribers) {
      if (this.#unassigned.size === 0) return;
      const room = this.roomOf(member);
      const fitting = [...this.#unassigned].filter((partition) => mayHave(member, partition));
      this.give(member, fitting.slice(0, room));
    }
  }

  give(member: AssignorMember, partitions: readonly AssignablePartition[]): void {
    if (partitions.length === 0) return;
    this.#shares.get(member.memberId)?.push(...partitions);
    const count = (this.#countByMember.get(member) ?? 0) + partitions.length;
    this.#countByMember.set(member, count);
    if (count > this.#countEach) this.#extraCount -= 1;
    for (const partition of partitions) this.#unassigned.delete(partition);
  }
}
