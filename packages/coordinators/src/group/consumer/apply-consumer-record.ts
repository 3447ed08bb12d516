import { fromTopicPartitions, NOTHING_OWNED } from "./assignment.ts";
import type { ConsumerGroup } from "./consumer-group.ts";
import {
  LEAVING_EPOCH,
  newConsumerMember,
  withAssignment,
  withMetadata,
} from "./consumer-member.ts";
import type { ConsumerRecord } from "./consumer-records.ts";

/** A target assignment's epoch once its record is removed. */
const NO_TARGET_EPOCH = -1;

/**
 * Brings about a record of a group. The order of a compacted log is not that of the decisions, so
 * that a member's assignment may come before the member.
 */
export function applyConsumerRecord(group: ConsumerGroup, record: ConsumerRecord): void {
  switch (record.kind) {
    case "consumer-group":
      if (record.value === null) return;
      group.epoch = record.value.epoch;
      group.metadataHash = record.value.metadataHash;
      return;
    case "consumer-partition-metadata":
      group.hasPartitionMetadata = record.value;
      return;
    case "consumer-target-epoch":
      group.targetEpoch = record.value?.assignmentEpoch ?? NO_TARGET_EPOCH;
      group.targetTimestampMs = record.value?.assignmentTimestamp ?? 0;
      return;
    case "consumer-target":
      if (record.value === null) group.removeTarget(record.memberId);
      else group.setTarget(record.memberId, fromTopicPartitions(record.value.topicPartitions));
      return;
    case "consumer-regex":
      applyRegex(group, record);
      return;
    case "consumer-member":
    case "consumer-assignment":
      applyToMember(group, record);
  }
}

function applyRegex(
  group: ConsumerGroup,
  { regex, value }: Extract<ConsumerRecord, { kind: "consumer-regex" }>,
): void {
  if (value === null) {
    group.removeRegex(regex);
    return;
  }
  const { topics, version, timestamp } = value;
  group.setRegex(regex, { topics, version, timestampMs: timestamp });
}

function applyToMember(
  group: ConsumerGroup,
  record: Extract<ConsumerRecord, { kind: "consumer-member" | "consumer-assignment" }>,
): void {
  const { memberId } = record;
  const known = group.members.get(memberId);
  if (record.kind === "consumer-member") {
    if (record.value === null) group.removeMember(memberId);
    else group.setMember(withMetadata(known ?? newConsumerMember(memberId), record.value));
    return;
  }
  if (record.value !== null) {
    group.setMember(withAssignment(known ?? newConsumerMember(memberId), record.value));
    return;
  }
  if (known === undefined) return;
  group.setMember({
    ...known,
    memberEpoch: LEAVING_EPOCH,
    previousMemberEpoch: LEAVING_EPOCH,
    assigned: NOTHING_OWNED,
    pendingRevocation: NOTHING_OWNED,
  });
}
