import { assert } from "@millrace/platform";
import type { Uuid } from "@millrace/protocol";

import type { MetadataRecord, MetadataRecordData } from "../records/metadata-record.ts";
import type { PartitionImage } from "./topics-image.ts";
import { directoryIds } from "./topics-image.ts";

/** The leader of a PartitionChangeRecord that leaves the leader alone. */
export const NO_LEADER_CHANGE = -2;
/** The recovery state of a PartitionChangeRecord that leaves it alone. */
export const NO_RECOVERY_CHANGE = -1;
/** The recovery states' numbers in records. */
export const leaderRecoveryStateIds = { recovered: 0, recovering: 1 } as const;

/** Gives the partition that a PartitionRecord describes. */
export function partitionFromRecord(data: MetadataRecordData["PartitionRecord"]): PartitionImage {
  return {
    replicas: data.replicas,
    directories: completeDirectories(data.directories, data.replicas.length),
    isr: data.isr,
    addingReplicas: data.addingReplicas,
    removingReplicas: data.removingReplicas,
    elr: data.eligibleLeaderReplicas ?? [],
    lastKnownElr: data.lastKnownElr ?? [],
    leader: data.leader,
    leaderRecoveryState: data.leaderRecoveryState === 1 ? "recovering" : "recovered",
    leaderEpoch: data.leaderEpoch,
    partitionEpoch: data.partitionEpoch,
  };
}

/** Gives a partition after a PartitionChangeRecord. */
export function partitionAfterChange(
  before: PartitionImage,
  data: MetadataRecordData["PartitionChangeRecord"],
): PartitionImage {
  const replicas = data.replicas ?? before.replicas;
  const hasLeaderChange = data.leader !== NO_LEADER_CHANGE;
  return {
    replicas,
    directories: completeDirectories(data.directories ?? before.directories, replicas.length),
    isr: data.isr ?? before.isr,
    addingReplicas: data.addingReplicas ?? before.addingReplicas,
    removingReplicas: data.removingReplicas ?? before.removingReplicas,
    elr: data.eligibleLeaderReplicas ?? before.elr,
    lastKnownElr: data.lastKnownElr ?? before.lastKnownElr,
    leader: hasLeaderChange ? data.leader : before.leader,
    leaderRecoveryState: recoveryStateAfter(before, data.leaderRecoveryState),
    leaderEpoch: before.leaderEpoch + (hasLeaderChange ? 1 : 0),
    partitionEpoch: before.partitionEpoch + 1,
  };
}

/** Gives the record that describes a partition in a snapshot or at its creation. */
export function partitionToRecord(
  partition: PartitionImage,
  place: { readonly topicId: Uuid; readonly partitionId: number; readonly version: number },
): MetadataRecord {
  const isElrWritten = place.version >= 2;
  return {
    type: "PartitionRecord",
    version: place.version,
    data: {
      partitionId: place.partitionId,
      topicId: place.topicId,
      replicas: partition.replicas,
      isr: partition.isr,
      removingReplicas: partition.removingReplicas,
      addingReplicas: partition.addingReplicas,
      leader: partition.leader,
      leaderRecoveryState: leaderRecoveryStateIds[partition.leaderRecoveryState],
      leaderEpoch: partition.leaderEpoch,
      partitionEpoch: partition.partitionEpoch,
      directories: place.version >= 1 ? partition.directories : [],
      // Tagged fields: Kafka leaves them out rather than write an empty list.
      eligibleLeaderReplicas: isElrWritten && partition.elr.length > 0 ? partition.elr : null,
      lastKnownElr:
        isElrWritten && partition.lastKnownElr.length > 0 ? partition.lastKnownElr : null,
    },
  };
}

/** A PartitionChangeRecord's fields when nothing changes. */
export function unchangedPartition(place: {
  readonly topicId: Uuid;
  readonly partitionId: number;
}): MetadataRecordData["PartitionChangeRecord"] {
  return {
    partitionId: place.partitionId,
    topicId: place.topicId,
    isr: null,
    leader: NO_LEADER_CHANGE,
    replicas: null,
    removingReplicas: null,
    addingReplicas: null,
    leaderRecoveryState: NO_RECOVERY_CHANGE,
    directories: null,
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  };
}

function recoveryStateAfter(before: PartitionImage, state: number) {
  if (state === NO_RECOVERY_CHANGE) return before.leaderRecoveryState;
  return state === leaderRecoveryStateIds.recovering ? "recovering" : "recovered";
}

// Records of older formats have no directories: each replica counts as migrating (KIP-858).
function completeDirectories(directories: readonly Uuid[], replicaCount: number) {
  if (directories.length === replicaCount) return directories;
  assert(directories.length === 0, "a partition has another number of directories than replicas");
  return Array<Uuid>(replicaCount).fill(directoryIds.migrating);
}
