import type { ConsumerEnvironment } from "../consumer/consumer-draft.ts";
import type { Group } from "../group-state.ts";
import type { GroupRecord } from "../group-records.ts";
import { knownShareGroup, type ShareOutcome, shareTimerKeys } from "./share-draft.ts";
import { type ShareGroup, shareTopicNames } from "./share-group.ts";
import type { ShareMember } from "./share-member.ts";
import type { ShareRecord } from "./share-records.ts";
import type { ShareTimerInput } from "./share-requests.ts";

/** Takes a member out; the group's epoch grows, so that the next heartbeat shares out anew. */
export function fenceShareMember(
  group: ShareGroup,
  member: ShareMember,
  environment: ConsumerEnvironment,
): ShareOutcome {
  const { groupId } = group;
  const { memberId } = member;
  const names = shareTopicNames(group, { removed: member });
  const metadataHash = environment.hashes.of(names.words(), environment.topics);
  const records: ShareRecord[] = [
    { kind: "share-assignment", groupId, memberId, value: null },
    { kind: "share-target", groupId, memberId, value: null },
    { kind: "share-member", groupId, memberId, value: null },
    { kind: "share-group", groupId, value: { epoch: group.epoch + 1, metadataHash } },
  ];
  return { records, timers: [{ kind: "cancel", key: shareTimerKeys.session(groupId, memberId) }] };
}

/** Decides on a member that has not sent a heartbeat in time. */
export function shareMemberExpired(
  group: Group | undefined,
  { groupId, memberId }: ShareTimerInput,
  environment: ConsumerEnvironment,
): ShareOutcome {
  const known = knownShareGroup(groupId, group);
  const member = "error" in known ? undefined : known.members.get(memberId);
  if ("error" in known || member === undefined) return {};
  return fenceShareMember(known, member, environment);
}

/** The tombstones of a group with all its members. */
export function shareGroupRemovalRecords(group: ShareGroup): readonly GroupRecord[] {
  const { groupId } = group;
  const memberIds = [...group.members.keys()];
  const ofMembers = (kind: "share-assignment" | "share-target" | "share-member"): ShareRecord[] =>
    memberIds.map((memberId) => ({ kind, groupId, memberId, value: null }));
  return [
    ...ofMembers("share-assignment"),
    ...ofMembers("share-target"),
    { kind: "share-target-epoch", groupId, value: null },
    ...ofMembers("share-member"),
    { kind: "share-state-partitions", groupId, value: null },
    { kind: "share-group", groupId, value: null },
  ];
}
