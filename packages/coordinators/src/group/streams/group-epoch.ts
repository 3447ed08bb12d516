import type { StreamsGroup } from "./streams-group.ts";
import type { StreamsRecord } from "./streams-records.ts";

/** What a new epoch of a group rests on; what is not given stays. */
export interface GroupEpoch {
  readonly epoch: number;
  readonly metadataHash?: bigint;
  readonly validatedTopologyEpoch?: number;
  readonly assignmentConfigs?: ReadonlyMap<string, string>;
}

/** The record of a group's new epoch. */
export function groupEpochRecord(group: StreamsGroup, next: GroupEpoch): StreamsRecord {
  const configs = next.assignmentConfigs ?? group.lastAssignmentConfigs;
  return {
    kind: "streams-group",
    groupId: group.groupId,
    value: {
      epoch: next.epoch,
      metadataHash: next.metadataHash ?? group.metadataHash,
      validatedTopologyEpoch: next.validatedTopologyEpoch ?? group.validatedTopologyEpoch,
      lastAssignmentConfigs: [...configs].map(([key, value]) => ({ key, value })),
    },
  };
}
