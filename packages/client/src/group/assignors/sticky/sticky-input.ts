import { inJavaHashOrder, javaStringHash } from "../java-hash-order.ts";
import type { AssignorMember, TopicPartition } from "../../membership.ts";
import type { AssignablePartition, AssignorInput } from "../assignor.ts";
import { compareText } from "../ordering.ts";

/** What a member says that it owns, and since which generation. */
export interface Claim {
  readonly partitions: readonly TopicPartition[];
  /** -1 when it is not known. */
  readonly generation: number;
}

/** The generation of a member that does not name one. */
export const NO_GENERATION = -1;

/** What both ways of dividing start from. A partition is one object throughout, its own key. */
export interface StickyInput {
  readonly topics: ReadonlyMap<string, readonly AssignablePartition[]>;
  /** In the order in which Apache Kafka looks at them. */
  readonly members: readonly StickyMember[];
  /** Partitions that two members of one generation claim: neither may keep them. */
  readonly contested: ReadonlySet<AssignablePartition>;
  readonly generationMax: number;
  readonly haveEqualSubscriptions: boolean;
}

/** A member with the partitions that it may keep. */
export interface StickyMember extends AssignorMember {
  readonly claim: Claim;
  readonly owned: Set<AssignablePartition>;
}

/** Reads who owns what: the newer generation is believed; partitions that are gone are left out. */
export function stickyInput(
  input: AssignorInput,
  claimOf: (member: AssignorMember) => Claim,
): StickyInput {
  const ordered = inJavaHashOrder(input.members.values(), ({ memberId }) =>
    javaStringHash(memberId),
  );
  const members = ordered.map((member): StickyMember => {
    return { ...member, claim: claimOf(member), owned: new Set() };
  });
  const contested = new Set<AssignablePartition>();
  const ownerOf = new Map<AssignablePartition, StickyMember>();
  for (const member of members) {
    for (const { topic, partition } of member.claim.partitions) {
      const claimed = input.topics.get(topic)?.[partition];
      if (claimed !== undefined) settle({ member, claimed, ownerOf, contested });
    }
  }
  const generations = members.map(({ claim }) => claim.generation);
  return {
    topics: input.topics,
    members,
    contested,
    generationMax: generations.reduce((most, one) => Math.max(most, one), NO_GENERATION),
    haveEqualSubscriptions: haveEqualSubscriptions(members),
  };
}

function settle(round: {
  readonly member: StickyMember;
  readonly claimed: AssignablePartition;
  readonly ownerOf: Map<AssignablePartition, StickyMember>;
  readonly contested: Set<AssignablePartition>;
}): void {
  const { member, claimed, ownerOf, contested } = round;
  const other = ownerOf.get(claimed);
  if (other === undefined) {
    member.owned.add(claimed);
    ownerOf.set(claimed, member);
    return;
  }
  const generation = member.claim.generation;
  // The other's generation is that of its subscription, not that of its user data (as Kafka has
  // it: a member whose generation is only there counts as one that has none).
  const otherGeneration = other.generationId;
  if (generation < otherGeneration) return;
  other.owned.delete(claimed);
  ownerOf.set(claimed, member);
  if (generation === otherGeneration) contested.add(claimed);
  else member.owned.add(claimed);
}

function haveEqualSubscriptions(members: readonly StickyMember[]): boolean {
  let expected: ReadonlySet<string> | undefined;
  for (const { topics } of members) {
    if (expected === undefined || expected.size === 0) {
      expected = new Set(topics);
      continue;
    }
    const found = expected;
    if (topics.length !== found.size || !topics.every((topic) => found.has(topic))) return false;
  }
  return true;
}

/** The partitions of the topics, topic after topic by name. */
export function partitionsByTopicName(
  topics: ReadonlyMap<string, readonly AssignablePartition[]>,
): readonly AssignablePartition[] {
  const names = [...topics.keys()].sort(compareText);
  return names.flatMap((name) => topics.get(name) ?? []);
}
