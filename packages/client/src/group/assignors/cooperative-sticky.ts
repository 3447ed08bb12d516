import type { AssignorMember } from "../membership.ts";
import type { AssignablePartition, Assignor, GroupAssignment } from "./assignor.ts";
import { divide } from "./sticky.ts";
import type { StickyDivision } from "./sticky/sticky-division.ts";
import { type Claim, NO_GENERATION, stickyInput, type StickyInput } from "./sticky/sticky-input.ts";
import { readGeneration, writeGeneration } from "./sticky/user-data.ts";

/**
 * Gives the assignor that divides as `sticky` does, and hands a partition over only after its
 * owner gave it up: what changes hands is left out, and the rebalance that follows gives it.
 */
export function cooperativeSticky(): Assignor {
  let generation = NO_GENERATION;
  return {
    name: "cooperative-sticky",
    protocols: ["eager", "cooperative"],
    userData: () => writeGeneration(generation),
    onAssignment: (_, latest) => {
      generation = latest;
    },
    assign: (input) => {
      const claimed = stickyInput(input, claimOf);
      const division = divide(claimed);
      return withoutMoving(division, division.moving ?? movingIn(claimed, division));
    },
  };
}

/** Members before KIP-881 say their generation only in the assignor's own data. */
function claimOf({ ownedPartitions, generationId, userData }: AssignorMember): Claim {
  const generation = generationId >= 0 ? generationId : readGeneration(userData);
  return { partitions: ownedPartitions, generation };
}

/** What one member gains and another loses. */
function movingIn(
  { members, topics }: StickyInput,
  { partitionsOf }: StickyDivision,
): ReadonlyMap<AssignablePartition, string> {
  const gained = new Map<AssignablePartition, string>();
  const lost = new Set<AssignablePartition>();
  for (const { memberId, ownedPartitions } of members) {
    const owned = new Set(
      ownedPartitions.map(({ topic, partition }) => topics.get(topic)?.[partition]),
    );
    const assigned = new Set(partitionsOf.get(memberId));
    for (const partition of assigned) if (!owned.has(partition)) gained.set(partition, memberId);
    for (const partition of owned) {
      if (partition !== undefined && !assigned.has(partition)) lost.add(partition);
    }
  }
  return new Map([...gained].filter(([partition]) => lost.has(partition)));
}

function withoutMoving(
  { partitionsOf }: StickyDivision,
  moving: ReadonlyMap<AssignablePartition, string>,
): GroupAssignment {
  const result = new Map<string, readonly AssignablePartition[]>();
  for (const [memberId, partitions] of partitionsOf) {
    const staying = partitions.filter((partition) => moving.get(partition) !== memberId);
    result.set(memberId, staying);
  }
  return result;
}
