import type { Uuid } from "@millrace/protocol";

import type { ClusterImage } from "../image/cluster-image.ts";
import type { DecisionContext } from "./decision.ts";

/** How many partitions with how many replicas are wanted. */
export interface Placement {
  readonly partitionCount: number;
  readonly replicationFactor: number;
}

/** The replicas of each partition, preferred leader first; or why there are none. */
export type PlacementOutcome =
  | { readonly kind: "placed"; readonly replicas: readonly (readonly number[])[] }
  | { readonly kind: "impossible"; readonly message: string };

/**
 * Chooses brokers for new partitions: leaders spread evenly, the replicas of a partition on as many
 * racks as there are, fenced brokers only where the others do not suffice and never first.
 */
export function placeReplicas(context: DecisionContext, placement: Placement): PlacementOutcome {
  const { image, random } = context;
  const fault = placementFault(image, placement);
  if (fault !== undefined) return { kind: "impossible", message: fault };
  const activeIds = usableBrokers(image, false);
  // Begins at a random broker, so that small topics do not all lie on the first ones.
  const active = rotate(activeIds, random.nextInt(activeIds.length));
  const fenced = usableBrokers(image, true);
  const replicas: number[][] = [];
  for (let partition = 0; partition < placement.partitionCount; partition += 1) {
    replicas.push(
      chooseReplicas({ image, active, fenced }, partition, placement.replicationFactor),
    );
  }
  return { kind: "placed", replicas };
}

interface Candidates {
  readonly image: ClusterImage;
  readonly active: readonly number[];
  readonly fenced: readonly number[];
}

function placementFault(image: ClusterImage, placement: Placement): string | undefined {
  const active = usableBrokers(image, false).length;
  const all = active + usableBrokers(image, true).length;
  if (active === 0) return "All brokers are currently fenced or in controlled shutdown.";
  if (placement.replicationFactor > all) {
    const wanted = placement.replicationFactor;
    return `The replication factor ${wanted} needs more than the ${all} broker(s) that are usable.`;
  }
  return undefined;
}

function usableBrokers(image: ClusterImage, isFenced: boolean): readonly number[] {
  return [...image.brokers.values()]
    .filter((broker) => !broker.isInControlledShutdown && broker.isFenced === isFenced)
    .filter(({ logDirs, cordonedLogDirs }) => {
      const isOpen = (directory: Uuid) => cordonedLogDirs?.includes(directory) !== true;
      return logDirs.length === 0 || logDirs.some(isOpen);
    })
    .map((broker) => broker.id)
    .sort((left, right) => left - right);
}

function chooseReplicas(
  { image, active, fenced }: Candidates,
  partition: number,
  replicationFactor: number,
): number[] {
  // The distance between a leader and its first follower grows with each turn over the brokers, so
  // that one broker's partitions have their copies on different ones.
  const turn = Math.floor(partition / active.length);
  const order = rotate(active, partition);
  const [leader, ...followers] = order;
  const queue = [...rotate(followers, turn), ...rotate(fenced, partition)];
  const chosen: number[] = leader === undefined ? [] : [leader];
  const racks = new Set(chosen.map((id) => rackOf(image, id)));
  while (chosen.length < replicationFactor && queue.length > 0) {
    const other = queue.findIndex((id) => !racks.has(rackOf(image, id)));
    const [next] = queue.splice(Math.max(other, 0), 1);
    if (next === undefined) break;
    // Once every rack has a replica, they are dealt out again.
    if (other === -1) racks.clear();
    racks.add(rackOf(image, next));
    chosen.push(next);
  }
  return chosen;
}

function rackOf(image: ClusterImage, brokerId: number): string {
  return image.brokers.get(brokerId)?.rack ?? "";
}

function rotate<T>(values: readonly T[], by: number): readonly T[] {
  if (values.length === 0) return values;
  const start = by % values.length;
  return [...values.slice(start), ...values.slice(0, start)];
}
