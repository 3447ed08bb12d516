import { LEAVING_EPOCH, newStreamsMember, withAssignment, withMetadata } from "./streams-member.ts";
import type { StreamsGroup } from "./streams-group.ts";
import type { StreamsRecord } from "./streams-records.ts";
import { NO_OWNED_TASKS, toTaskMap } from "./tasks.ts";
import { StreamsTopology } from "./topology.ts";

/** A target assignment's epoch once its record is removed. */
const NO_TARGET_EPOCH = -1;

/**
 * Brings about a record of a group. The order of a compacted log is not that of the decisions, so
 * that a member's assignment may come before the member.
 */
export function applyStreamsRecord(group: StreamsGroup, record: StreamsRecord): void {
  switch (record.kind) {
    case "streams-group":
      applyGroup(group, record);
      return;
    case "streams-topology":
      group.topology = record.value === null ? undefined : new StreamsTopology(record.value);
      return;
    case "streams-target-epoch":
      group.targetEpoch = record.value?.assignmentEpoch ?? NO_TARGET_EPOCH;
      group.targetTimestampMs = record.value?.assignmentTimestamp ?? 0;
      return;
    case "streams-target":
      applyTarget(group, record);
      return;
    case "streams-member":
    case "streams-assignment":
      applyToMember(group, record);
  }
}

function applyGroup(
  group: StreamsGroup,
  { value }: Extract<StreamsRecord, { kind: "streams-group" }>,
): void {
  if (value === null) return;
  group.epoch = value.epoch;
  group.metadataHash = value.metadataHash;
  group.validatedTopologyEpoch = value.validatedTopologyEpoch;
  const configs = value.lastAssignmentConfigs ?? [];
  group.lastAssignmentConfigs = new Map(configs.map(({ key, value: text }) => [key, text]));
}

function applyTarget(
  group: StreamsGroup,
  { memberId, value }: Extract<StreamsRecord, { kind: "streams-target" }>,
): void {
  if (value === null) {
    group.removeTarget(memberId);
    return;
  }
  group.setTarget(memberId, {
    active: toTaskMap(value.activeTasks),
    standby: toTaskMap(value.standbyTasks),
    warmup: toTaskMap(value.warmupTasks),
  });
}

function applyToMember(
  group: StreamsGroup,
  record: Extract<StreamsRecord, { kind: "streams-member" | "streams-assignment" }>,
): void {
  const { memberId } = record;
  const known = group.members.get(memberId);
  if (record.kind === "streams-member") {
    if (record.value === null) group.removeMember(memberId);
    else group.setMember(withMetadata(known ?? newStreamsMember(memberId), record.value));
    return;
  }
  if (record.value !== null) {
    group.setMember(withAssignment(known ?? newStreamsMember(memberId), record.value));
    return;
  }
  if (known === undefined) return;
  group.setMember({
    ...known,
    memberEpoch: LEAVING_EPOCH,
    previousMemberEpoch: LEAVING_EPOCH,
    assigned: NO_OWNED_TASKS,
    pendingRevocation: NO_OWNED_TASKS,
  });
}
