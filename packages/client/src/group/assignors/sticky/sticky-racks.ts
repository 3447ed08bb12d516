import type { AssignorMember } from "../../membership.ts";
import type { AssignablePartition } from "../assignor.ts";
import { areRacksUseful, rackOf } from "../racks.ts";

/** What the sticky assignors ask about racks (KIP-881). */
export class StickyRacks {
  /** Racks are looked at. */
  readonly areUseful: boolean;
  readonly #memberCountByRack = new Map<string, number>();
  readonly #rackByMember = new Map<string, string>();

  constructor(members: readonly AssignorMember[], partitions: Iterable<AssignablePartition>) {
    for (const member of members) {
      const rack = rackOf(member);
      if (rack === undefined) continue;
      this.#rackByMember.set(member.memberId, rack);
      this.#memberCountByRack.set(rack, (this.#memberCountByRack.get(rack) ?? 0) + 1);
    }
    const racks = new Set(this.#memberCountByRack.keys());
    this.areUseful = racks.size > 0 && areRacksUseful(racks, partitions);
  }

  /** The member has a rack, and no replica is there. */
  isMismatch(memberId: string, partition: AssignablePartition): boolean {
    if (!this.areUseful) return false;
    const rack = this.#rackByMember.get(memberId);
    return rack !== undefined && !partition.racks.includes(rack);
  }

  /** The member has a rack, and a replica is there. */
  isMatch(memberId: string, partition: AssignablePartition): boolean {
    if (!this.areUseful) return false;
    const rack = this.#rackByMember.get(memberId);
    return rack !== undefined && partition.racks.includes(rack);
  }

  /** Those with the fewest members near them come first: they are the hardest to place. */
  hardestFirst(partitions: readonly AssignablePartition[]): AssignablePartition[] {
    const nearBy = (partition: AssignablePartition): number => {
      let count = 0;
      for (const rack of new Set(partition.racks)) count += this.#memberCountByRack.get(rack) ?? 0;
      return count;
    };
    const counts = new Map(partitions.map((partition) => [partition, nearBy(partition)]));
    const countOf = (partition: AssignablePartition): number => counts.get(partition) ?? 0;
    return [...partitions].sort((left, right) => countOf(left) - countOf(right));
  }

  /** The index of the first member near the partition, going round from an index; -1 for none. */
  nextNear(partition: AssignablePartition, memberIds: readonly string[], start: number): number {
    for (let step = 0; step < memberIds.length; step += 1) {
      const index = (start + step) % memberIds.length;
      const memberId = memberIds[index];
      if (memberId !== undefined && this.isMatch(memberId, partition)) return index;
    }
    return -1;
  }
}
