import type { Cluster } from "../../cluster.ts";
import type { TopicMetadata } from "../../metadata/metadata-cache.ts";
import type { AssignablePartition, Assignor } from "../assignors/assignor.ts";
import type { AssignorMember, TopicPartition } from "../membership.ts";
import { PartitionSet } from "../partition-set.ts";
import { KafkaError } from "../../errors/kafka-error.ts";
import { readSubscription, writeAssignment } from "./consumer-protocol.ts";

/** A member as JoinGroup tells its leader. */
export interface JoinedMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly metadata: Uint8Array;
}

/** Reads what the members of a group want, in the coordinator's order. @throws KafkaError */
export function readMembers(members: readonly JoinedMember[]): ReadonlyMap<string, AssignorMember> {
  return new Map(
    members.map(({ memberId, groupInstanceId, metadata }) => {
      const instance = groupInstanceId ?? undefined;
      const member = { ...readSubscription(metadata), memberId, groupInstanceId: instance };
      return [memberId, member];
    }),
  );
}

/** The topics that the members want. */
export function topicsOf(members: ReadonlyMap<string, AssignorMember>): ReadonlySet<string> {
  return new Set([...members.values()].flatMap(({ topics }) => topics));
}

/** Topics with the racks of their replicas, as assignors look at them. */
export function assignableTopics(
  topics: ReadonlyMap<string, TopicMetadata>,
  cluster: Pick<Cluster, "metadata">,
): ReadonlyMap<string, readonly AssignablePartition[]> {
  const rackOf = new Map(cluster.metadata.brokers().map(({ id, rack }) => [id, rack]));
  const assignable = new Map<string, readonly AssignablePartition[]>();
  for (const [name, { partitions }] of topics) {
    if (partitions.length === 0) continue;
    const list = partitions.map(({ partition, replicas }): AssignablePartition => {
      const racks = replicas.flatMap((replica) => rackOf.get(replica) ?? []);
      return { topic: name, partition, racks };
    });
    assignable.set(name, list);
  }
  return assignable;
}

/**
 * Divides the group's partitions.
 * @returns for each member the bytes of its assignment
 * @throws KafkaError ILLEGAL_STATE when the application's assignor gives away what is still owned
 */
export function assignmentsFor(
  assignor: Assignor,
  group: {
    readonly members: ReadonlyMap<string, AssignorMember>;
    readonly topics: ReadonlyMap<string, readonly AssignablePartition[]>;
    readonly isCooperative: boolean;
  },
): readonly { readonly memberId: string; readonly assignment: Uint8Array }[] {
  const { members, topics } = group;
  const assignment = assignor.assign({ members, topics });
  if (group.isCooperative) checkNothingIsTaken(assignor, members, assignment);
  return [...members.keys()].map((memberId) => {
    return { memberId, assignment: writeAssignment(assignment.get(memberId) ?? []) };
  });
}

/** A cooperative group hands nothing over before its owner gave it up. */
function checkNothingIsTaken(
  assignor: Assignor,
  members: ReadonlyMap<string, AssignorMember>,
  assignment: ReadonlyMap<string, readonly TopicPartition[]>,
): void {
  const lost = new PartitionSet();
  const gained: TopicPartition[] = [];
  for (const { memberId, ownedPartitions } of members.values()) {
    const owned = new PartitionSet(ownedPartitions);
    const assigned = new PartitionSet(assignment.get(memberId));
    for (const partition of owned.without(assigned)) lost.add(partition);
    gained.push(...assigned.without(owned));
  }
  const taken = gained.find((partition) => lost.has(partition));
  if (taken === undefined) return;
  const message = `the assignor ${assignor.name} gives a partition to one member that another owns`;
  const hint = "A cooperative assignor leaves it out until its owner has given it up.";
  throw new KafkaError("ILLEGAL_STATE", message, { ...taken, hint });
}
