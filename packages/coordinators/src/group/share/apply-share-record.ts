import { fromTopicPartitions, NOTHING_ASSIGNED } from "../consumer/assignment.ts";
import type { Group } from "../group-state.ts";
import { ShareGroup } from "./share-group.ts";
import {
  newShareMember,
  SHARE_LEAVING_EPOCH,
  withShareAssignment,
  withShareMetadata,
} from "./share-member.ts";
import type { ShareRecord } from "./share-records.ts";
import { NO_STATE_PARTITIONS, statePartitionsFromRecord } from "./state-partitions.ts";

/** A target assignment's epoch once its record is removed. */
const NO_TARGET_EPOCH = -1;

/**
 * Brings about a record of a share group. The order of a compacted log is not that of the
 * decisions, so that a member's assignment may come before the member, and all before the group.
 */
export function applyShareRecord(
  groups: Map<string, Group>,
  record: ShareRecord,
  writtenMs: number,
): void {
  const { groupId } = record;
  const known = groups.get(groupId);
  const isRemoval = record.value === null;
  // Tombstones of a group that was there before one of another kind are not about that one.
  if (known?.kind !== "share" && isRemoval) return;
  if (record.kind === "share-group" && isRemoval) {
    groups.delete(groupId);
    return;
  }
  const group = known?.kind === "share" ? known : new ShareGroup(groupId);
  groups.set(groupId, group);
  applyToGroup(group, record, writtenMs);
}

function applyToGroup(group: ShareGroup, record: ShareRecord, writtenMs: number): void {
  switch (record.kind) {
    case "share-group":
      if (record.value === null) return;
      group.epoch = record.value.epoch;
      group.metadataHash = record.value.metadataHash;
      return;
    case "share-target-epoch":
      group.targetEpoch = record.value?.assignmentEpoch ?? NO_TARGET_EPOCH;
      group.targetTimestampMs = record.value?.assignmentTimestamp ?? 0;
      return;
    case "share-state-partitions":
      group.statePartitions =
        record.value === null
          ? NO_STATE_PARTITIONS
          : statePartitionsFromRecord(record.value, writtenMs);
      return;
    case "share-target":
      if (record.value === null) group.removeTarget(record.memberId);
      else group.setTarget(record.memberId, fromTopicPartitions(record.value.topicPartitions));
      return;
    case "share-member":
    case "share-assignment":
      applyToMember(group, record);
  }
}

function applyToMember(
  group: ShareGroup,
  record: Extract<ShareRecord, { kind: "share-member" | "share-assignment" }>,
): void {
  const { memberId } = record;
  const known = group.members.get(memberId);
  if (record.kind === "share-member") {
    if (record.value === null) group.removeMember(memberId);
    else group.setMember(withShareMetadata(known ?? newShareMember(memberId), record.value));
    return;
  }
  if (record.value !== null) {
    group.setMember(withShareAssignment(known ?? newShareMember(memberId), record.value));
    return;
  }
  if (known === undefined) return;
  const memberEpoch = SHARE_LEAVING_EPOCH;
  const gone = { memberEpoch, previousMemberEpoch: memberEpoch, assigned: NOTHING_ASSIGNED };
  group.setMember({ ...known, ...gone });
}
