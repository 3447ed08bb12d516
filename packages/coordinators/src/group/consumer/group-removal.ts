import type { ConsumerGroup } from "./consumer-group.ts";
import type { ConsumerRecord } from "./consumer-records.ts";

/** The tombstones of a group with all its members. */
export function groupRemovalRecords(group: ConsumerGroup): readonly ConsumerRecord[] {
  const { groupId } = group;
  const records: ConsumerRecord[] = [];
  const memberIds = [...group.members.keys()];
  for (const memberId of memberIds) {
    records.push({ kind: "consumer-assignment", groupId, memberId, value: null });
  }
  for (const memberId of memberIds) {
    records.push({ kind: "consumer-target", groupId, memberId, value: null });
  }
  records.push({ kind: "consumer-target-epoch", groupId, value: null });
  for (const memberId of memberIds) {
    records.push({ kind: "consumer-member", groupId, memberId, value: null });
  }
  for (const regex of group.regexes.keys()) {
    records.push({ kind: "consumer-regex", groupId, regex, value: null });
  }
  records.push({ kind: "consumer-partition-metadata", groupId, value: false });
  records.push({ kind: "consumer-group", groupId, value: null });
  return records;
}
