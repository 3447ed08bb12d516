import type { ErrorName } from "@millrace/protocol";
import type {
  DescribeGroupReply,
  DescribedMember,
  ListedGroup,
  ListGroupsInput,
} from "./admin-requests.ts";
import { type ClassicGroup, protocolMetadata } from "./classic/classic-group.ts";
import { CONSUMER_PROTOCOL_TYPE } from "./consumer/embedded-protocol.ts";
import { groupRemovalRecords } from "./consumer/group-removal.ts";
import type { GroupRecord } from "./group-records.ts";
import type { Group, GroupState } from "./group-state.ts";
import type { OffsetDeleteInput } from "./offsets/offset-requests.ts";
import { subscribedTopics } from "./offsets/subscribed-topics.ts";
import { shareGroupRemovalRecords } from "./share/share-fence.ts";
import { streamsRemovalRecords } from "./streams/group-removal.ts";

/** A classic group's states as Kafka spells them. */
const stateNames = {
  empty: "Empty",
  "preparing-rebalance": "PreparingRebalance",
  "completing-rebalance": "CompletingRebalance",
  stable: "Stable",
} as const satisfies Record<ClassicGroup["state"], string>;

/** Describes a classic group; one that is not there, or of another type, is dead. */
export function describeGroup(group: Group | undefined): DescribeGroupReply {
  if (group?.kind !== "classic") {
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
    const row = listedGroup(group);
    if (filter.states.size > 0 && !filter.states.has(row.state.toLowerCase())) continue;
    if (filter.types.size > 0 && !filter.types.has(row.type.toLowerCase())) continue;
    listed.push(row);
  }
  return listed;
}

function listedGroup(group: Group): ListedGroup {
  const { groupId } = group;
  if (group.kind === "consumer") {
    return { groupId, protocolType: "consumer", state: group.state, type: "consumer" };
  }
  if (group.kind === "share") {
    return { groupId, protocolType: "share", state: group.state, type: "share" };
  }
  if (group.kind === "streams") {
    return { groupId, protocolType: "streams", state: group.state, type: "streams" };
  }
  const state = stateNames[group.state];
  return { groupId, protocolType: group.protocolType ?? "", state, type: "classic" };
}

/** Whether a group may be deleted. */
export function checkDelete(state: GroupState, groupId: string): ErrorName {
  const group = state.groups.get(groupId);
  if (group === undefined) return "GROUP_ID_NOT_FOUND";
  return isEmpty(group) ? "NONE" : "NON_EMPTY_GROUP";
}

/** Whether a group has no members, nor any that got an id and may come. */
export function isEmpty(group: Group): boolean {
  if (group.members.size > 0) return false;
  return group.kind !== "classic" || group.pendingMembers.size === 0;
}

/** The tombstones of a group. */
export function removalRecords(group: Group): readonly GroupRecord[] {
  if (group.kind === "consumer") return groupRemovalRecords(group);
  if (group.kind === "share") return shareGroupRemovalRecords(group);
  if (group.kind === "streams") return streamsRemovalRecords(group);
  return [{ kind: "group-metadata", groupId: group.groupId, value: null }];
}

/** The tombstones of a group and of all its offsets. */
export function deletionRecords(state: GroupState, groupId: string): readonly GroupRecord[] {
  const records: GroupRecord[] = [];
  for (const { topic, partition } of state.offsets.entries(groupId)) {
    records.push({ kind: "offset-commit", groupId, topic, partition, value: null });
  }
  const group = state.groups.get(groupId);
  return group === undefined ? records : [...records, ...removalRecords(group)];
}

/** Whether each of the offsets may be deleted: nobody in the group may read its topic. */
export function checkOffsetDelete(
  group: Group | undefined,
  input: OffsetDeleteInput,
): { readonly error: ErrorName; readonly errors: readonly ErrorName[] } {
  // A share group has no committed offsets: its own requests are about those of its partitions.
  if (group === undefined || group.kind === "share") {
    return { error: "GROUP_ID_NOT_FOUND", errors: [] };
  }
  const hasMembers = group.members.size > 0;
  if (hasMembers && group.kind === "classic" && group.protocolType !== CONSUMER_PROTOCOL_TYPE)
    return { error: "NON_EMPTY_GROUP", errors: [] };
  const read = hasMembers ? subscribedTopics(group) : new Set<string>();
  const errors = input.partitions.map(
    ({ topic }): ErrorName =>
      read === undefined || read.has(topic) ? "GROUP_SUBSCRIBED_TO_TOPIC" : "NONE",
  );
  return { error: "NONE", errors };
}
