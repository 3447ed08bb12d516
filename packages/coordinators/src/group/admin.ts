import type { ErrorName } from "@millrace/protocol";
import type {
  DescribeGroupReply,
  DescribedMember,
  ListedGroup,
  ListGroupsInput,
} from "./admin-requests.ts";
import { type ClassicGroup, protocolMetadata } from "./classic/classic-group.ts";
import type { GroupRecord } from "./group-records.ts";
import type { Group, GroupState } from "./group-state.ts";
import type { OffsetDeleteInput } from "./offsets/offset-requests.ts";
import { subscribedTopics } from "./offsets/subscribed-topics.ts";

/** A classic group's states as Kafka spells them. */
const stateNames = {
  empty: "Empty",
  "preparing-rebalance": "PreparingRebalance",
  "completing-rebalance": "CompletingRebalance",
  stable: "Stable",
} as const satisfies Record<ClassicGroup["state"], string>;

/** Describes a group; one that is not there is dead. */
export function describeGroup(group: Group | undefined): DescribeGroupReply {
  if (group === undefined) {
    return {
      kind: "describe-group",
      error: "GROUP_ID_NOT_FOUND",
      state: "Dead",
      protocolType: "",
      protocolName: "",
      members: [],
    };
  }
  const isStable = group.state === "stable";
  return {
    kind: "describe-group",
    error: "NONE",
    state: stateNames[group.state],
    protocolType: group.protocolType ?? "",
    protocolName: isStable ? (group.protocolName ?? "") : "",
    members: [...group.members.values()].map((member): DescribedMember => {
      const metadata = isStable ? protocolMetadata(member, group.protocolName) : new Uint8Array(0);
      const { memberId, groupInstanceId, clientId, clientHost, assignment } = member;
      return { memberId, groupInstanceId, clientId, clientHost, metadata, assignment };
    }),
  };
}

/** Lists the groups that a filter lets pass. */
export function listGroups(state: GroupState, filter: ListGroupsInput): readonly ListedGroup[] {
  const listed: ListedGroup[] = [];
  for (const group of state.groups.values()) {
    const name = stateNames[group.state];
    if (filter.states.size > 0 && !filter.states.has(name.toLowerCase())) continue;
    if (filter.types.size > 0 && !filter.types.has("classic")) continue;
    const { groupId, protocolType } = group;
    listed.push({ groupId, protocolType: protocolType ?? "", state: name, type: "Classic" });
  }
  return listed;
}

/** Whether a group may be deleted. */
export function checkDelete(state: GroupState, groupId: string): ErrorName {
  const group = state.groups.get(groupId);
  if (group === undefined) return "GROUP_ID_NOT_FOUND";
  return group.members.size > 0 || group.pendingMembers.size > 0 ? "NON_EMPTY_GROUP" : "NONE";
}

/** The tombstones of a group and of all its offsets. */
export function deletionRecords(state: GroupState, groupId: string): readonly GroupRecord[] {
  const records: GroupRecord[] = [];
  for (const { topic, partition } of state.offsets.entries(groupId)) {
    records.push({ kind: "offset-commit", groupId, topic, partition, value: null });
  }
  records.push({ kind: "group-metadata", groupId, value: null });
  return records;
}

/** Whether each of the offsets may be deleted: nobody in the group may read its topic. */
export function checkOffsetDelete(
  group: Group | undefined,
  input: OffsetDeleteInput,
): { readonly error: ErrorName; readonly errors: readonly ErrorName[] } {
  if (group === undefined) return { error: "GROUP_ID_NOT_FOUND", errors: [] };
  const hasMembers = group.members.size > 0;
  if (hasMembers && group.protocolType !== "consumer")
    return { error: "NON_EMPTY_GROUP", errors: [] };
  const read = hasMembers ? subscribedTopics(group) : new Set<string>();
  const errors = input.partitions.map(
    ({ topic }): ErrorName =>
      read === undefined || read.has(topic) ? "GROUP_SUBSCRIBED_TO_TOPIC" : "NONE",
  );
  return { error: "NONE", errors };
}
