import type { ClusterImage } from "../image/cluster-image.ts";
import type { PartitionImage } from "../image/topics-image.ts";
import { directoryForNewReplica, isActive } from "./cluster-view.ts";
import type { DecisionContext } from "./decision.ts";
import type { ItemError } from "./outcome.ts";
import { itemError } from "./outcome.ts";
import type { Placement } from "./replica-placer.ts";
import { placeReplicas } from "./replica-placer.ts";

/** New partitions, or why there can be none. */
export type NewPartitions =
  | { readonly kind: "partitions"; readonly partitions: readonly PartitionImage[] }
  | { readonly kind: "fault"; readonly fault: ItemError };

/** Places new partitions where the controller chooses. */
export function placePartitions(context: DecisionContext, placement: Placement): NewPartitions {
  const placed = placeReplicas(context, placement);
  if (placed.kind === "impossible") {
    const times = placement.replicationFactor;
    const message = `Unable to replicate the partition ${times} time(s): ${placed.message}`;
    return fault("INVALID_REPLICATION_FACTOR", message);
  }
  const partitions = placed.replicas.map((replicas) => newPartition(context.image, replicas));
  return { kind: "partitions", partitions };
}

/** Places new partitions where the caller said. `firstPartition` is the number of the first one. */
export function placeAssigned(
  context: DecisionContext,
  assignments: readonly (readonly number[])[],
  options: { readonly firstPartition: number; readonly replicationFactor?: number },
): NewPartitions {
  const partitions: PartitionImage[] = [];
  let expected = options.replicationFactor;
  for (const [index, replicas] of assignments.entries()) {
    const message = assignmentFault(context.image, replicas, expected);
    if (message !== undefined) return fault("INVALID_REPLICA_ASSIGNMENT", message);
    expected = replicas.length;
    const partition = newPartition(context.image, replicas);
    if (partition.isr.length === 0) {
      const number = options.firstPartition + index;
      return fault(
        "INVALID_REPLICA_ASSIGNMENT",
        `All brokers assigned to partition ${number} are fenced or in controlled shutdown.`,
      );
    }
    partitions.push(partition);
  }
  return { kind: "partitions", partitions };
}

function fault(error: ItemError["error"], message: string): NewPartitions {
  return { kind: "fault", fault: itemError(error, message) };
}

function assignmentFault(
  image: ClusterImage,
  replicas: readonly number[],
  replicationFactor: number | undefined,
): string | undefined {
  if (replicas.length === 0)
    return "The manual partition assignment includes an empty replica list.";
  const what = "The manual partition assignment includes";
  const seen = new Set<number>();
  for (const id of replicas) {
    if (!image.brokers.has(id)) {
      return `${what} broker ${id}, but no such broker is registered.`;
    }
    if (seen.has(id)) return `${what} the broker ${id} more than once.`;
    seen.add(id);
  }
  if (replicationFactor === undefined || replicas.length === replicationFactor) return undefined;
  return `A partition is to have ${replicas.length} replica(s), others have ${replicationFactor}.`;
}

function newPartition(image: ClusterImage, replicas: readonly number[]): PartitionImage {
  const isr = replicas.filter((id) => isActive(image, id));
  return {
    replicas,
    directories: replicas.map((id) => directoryForNewReplica(image, id)),
    isr,
    addingReplicas: [],
    removingReplicas: [],
    elr: [],
    lastKnownElr: [],
    leader: isr[0] ?? -1,
    leaderRecoveryState: "recovered",
    leaderEpoch: 0,
    partitionEpoch: 0,
  };
}
