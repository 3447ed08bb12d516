import type { StreamsGroup } from "./streams-group.ts";
import type { StreamsRecord } from "./streams-records.ts";

/** The tombstones of a group with all its members. */
export function streamsRemovalRecords(group: StreamsGroup): readonly StreamsRecord[] {
  const { groupId } = group;
  const records: StreamsRecord[] = [];
  const memberIds = [...group.members.keys()];
  for (const memberId of memberIds) {
    records.push({ kind: "streams-assignment", groupId, memberId, value: null });
  }
  for (const memberId of memberIds) {
    records.push({ kind: "streams-target", groupId, memberId, value: null });
  }
  records.push({ kind: "streams-target-epoch", groupId, value: null });
  for (const memberId of memberIds) {
    records.push({ kind: "streams-member", groupId, memberId, value: null });
  }
  records.push({ kind: "streams-group", groupId, value: null });
  records.push({ kind: "streams-topology", groupId, value: null });
  return records;
}
