import type { AssignorMember } from "../membership.ts";
import type { AssignablePartition } from "./assignor.ts";

/** The rack of a member that has one. */
export function rackOf(member: AssignorMember): string | undefined {
  return member.rackId === "" ? undefined : member.rackId;
}

/**
 * Tells whether racks are worth looking at (KIP-881): some member is where some replica is, and
 * the partitions are not all in the same racks.
 */
export function areRacksUseful(
  memberRacks: ReadonlySet<string>,
  partitions: Iterable<AssignablePartition>,
): boolean {
  const all = new Set<string>();
  const rackSets: ReadonlySet<string>[] = [];
  for (const { racks } of partitions) {
    rackSets.push(new Set(racks));
    for (const rack of racks) all.add(rack);
  }
  if (![...memberRacks].some((rack) => all.has(rack))) return false;
  return rackSets.some((racks) => racks.size !== all.size);
}
