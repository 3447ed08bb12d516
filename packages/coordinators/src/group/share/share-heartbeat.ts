import type { ConsumerEnvironment } from "../consumer/consumer-draft.ts";
import { type Refusal } from "../consumer/consumer-requests.ts";
import { sameAssignment, toTopicPartitions } from "../consumer/assignment.ts";
import { sortedNames, sameNames } from "../consumer/consumer-member.ts";
import { notFound } from "../consumer/open-group.ts";
import type { GroupState } from "../group-state.ts";
import { knownShareGroup, shareAnswer, type ShareOutcome, shareTimerKeys } from "./share-draft.ts";
import { fenceShareMember } from "./share-fence.ts";
import { ShareGroup, shareTopicNames } from "./share-group.ts";
import { checkShareHeartbeat } from "./share-heartbeat-check.ts";
import { initializingRecord, partitionsToInitialize } from "./share-initialize.ts";
import {
  newShareMember,
  sameShareMetadata,
  sameShareProgress,
  shareAssignmentToRecord,
  type ShareMember,
  shareMetadataToRecord,
} from "./share-member.ts";
import type { ShareRecord } from "./share-records.ts";
import type { ShareHeartbeatInput, ShareHeartbeatReply } from "./share-requests.ts";
import { hasUnassignedPartitions, subscribedPart, updateShareTarget } from "./share-target.ts";

/**
 * Decides on a ShareGroupHeartbeat: what the member says of itself is taken down, the group's
 * target worked out anew if that changes it, and the member given its part at once: nobody has to
 * give anything up before. Partitions that have no state yet are given one beside it.
 */
export function shareHeartbeat(
  state: GroupState,
  input: ShareHeartbeatInput,
  environment: ConsumerEnvironment,
): ShareOutcome {
  const invalid = checkShareHeartbeat(input);
  if (invalid !== undefined) return refused(environment, invalid);
  if (input.memberEpoch < 0) return leave(state, input, environment);
  const group = openGroup(state, input);
  if ("error" in group) return refused(environment, group);
  const from = openMember(group, input, environment);
  return "error" in from ? refused(environment, from) : stay(group, { input, from }, environment);
}

/** The answer to a ShareGroupHeartbeat that is refused. */
export function refusedShareHeartbeat(
  refusal: Pick<Refusal, "error"> & { readonly message: string | null },
): ShareHeartbeatReply {
  const { error, message } = refusal;
  return {
    kind: "share-heartbeat",
    error,
    message,
    memberId: null,
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
    assignment: null,
  };
}

function refused(environment: ConsumerEnvironment, refusal: Refusal): ShareOutcome {
  return shareAnswer(environment, refusedShareHeartbeat(refusal));
}

function leave(
  state: GroupState,
  { groupId, memberId, memberEpoch }: ShareHeartbeatInput,
  environment: ConsumerEnvironment,
): ShareOutcome {
  const group = knownShareGroup(groupId, state.groups.get(groupId));
  if ("error" in group) return refused(environment, group);
  const member = group.members.get(memberId);
  if (member === undefined) return refused(environment, unknownMember(group, memberId));
  const left = { kind: "share-heartbeat", error: "NONE", message: null } as const;
  const reply = { ...left, memberId, memberEpoch, heartbeatIntervalMs: 0, assignment: null };
  return { ...fenceShareMember(group, member, environment), ...shareAnswer(environment, reply) };
}

/** The group; a new one for its first member. A group of another kind is not changed into one. */
function openGroup(state: GroupState, input: ShareHeartbeatInput): ShareGroup | Refusal {
  const { groupId, memberEpoch } = input;
  const group = state.groups.get(groupId);
  if (group !== undefined) return knownShareGroup(groupId, group);
  if (memberEpoch !== 0) return notFound(`Share group ${groupId} not found.`);
  return new ShareGroup(groupId);
}

function openMember(
  group: ShareGroup,
  { memberId, memberEpoch }: ShareHeartbeatInput,
  { config }: ConsumerEnvironment,
): ShareMember | Refusal {
  const member = group.members.get(memberId);
  const sizeMax = config.shareGroupSizeMax;
  if (member === undefined && group.members.size >= sizeMax) {
    return {
      error: "GROUP_MAX_SIZE_REACHED",
      message: `The share group has reached its maximum capacity of ${sizeMax} members.`,
    };
  }
  if (memberEpoch === 0) return member ?? newShareMember(memberId);
  if (member === undefined) return unknownMember(group, memberId);
  // Who still has the epoch before has not got our last answer.
  const isKnown =
    memberEpoch === member.memberEpoch ||
    (memberEpoch < member.memberEpoch && memberEpoch === member.previousMemberEpoch);
  if (isKnown) return member;
  return {
    error: "FENCED_MEMBER_EPOCH",
    message: `The member's epoch ${memberEpoch} is not its current one (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
  };
}

function unknownMember({ groupId }: ShareGroup, memberId: string): Refusal {
  const message = `Member ${memberId} is not a member of group ${groupId}.`;
  return { error: "UNKNOWN_MEMBER_ID", message };
}

interface ShareStep {
  readonly input: ShareHeartbeatInput;
  readonly from: ShareMember;
}

function stay(
  group: ShareGroup,
  { input, from }: ShareStep,
  environment: ConsumerEnvironment,
): ShareOutcome {
  const { groupId } = group;
  const { memberId } = input;
  const { config, context } = environment;
  const to = withNews(from, input);
  const taken = takeDown(group, { from, to }, environment);
  const { epoch, isBumped } = taken;
  const next = updateShareTarget(group, { epoch, to }, environment);
  const member = bringForward(to, { ...next, isBumped }, environment);
  const times = config.shareTimes(groupId);
  const records = [...taken.records, ...next.records];
  if (!sameShareProgress(member, to)) {
    const value = shareAssignmentToRecord(member);
    records.push({ kind: "share-assignment", groupId, memberId, value });
  }
  const topicNames = shareTopicNames(group, { changed: to }).words();
  const topics = partitionsToInitialize(group, topicNames, environment);
  const initialize = {
    kind: "initialize-share-states",
    groupId,
    stateEpoch: epoch,
    topics,
  } as const;
  if (topics.size > 0) {
    records.push(initializingRecord(groupId, group.statePartitions, { topics, environment }));
  }
  return {
    records,
    changes: taken.hasChecked
      ? [{ kind: "share-checked", groupId, topicsVersion: environment.topics.version }]
      : [],
    effects: topics.size > 0 ? [initialize] : [],
    timers: [
      {
        kind: "set",
        key: shareTimerKeys.session(groupId, memberId),
        delayMs: times.sessionTimeoutMs,
        input: { kind: "share-member-expired", groupId, memberId },
      },
    ],
    replies: [
      {
        to: context.replyTo,
        reply: heartbeatReply({ input, from, member }, times.heartbeatIntervalMs),
      },
    ],
  };
}

/** The member with what its heartbeat tells anew. */
function withNews(member: ShareMember, input: ShareHeartbeatInput): ShareMember {
  const { rackId, subscribedTopicNames: names, clientId, clientHost } = input;
  return {
    ...member,
    rackId: rackId ?? member.rackId,
    subscribedTopicNames: names === null ? member.subscribedTopicNames : sortedNames(names),
    clientId,
    clientHost,
  };
}

interface Taken {
  readonly records: readonly ShareRecord[];
  readonly epoch: number;
  readonly isBumped: boolean;
  /** The topics were compared with the group's. */
  readonly hasChecked: boolean;
}

/** Writes what a member tells of itself, and the group's epoch if anything makes it grow. */
function takeDown(
  group: ShareGroup,
  { from, to }: { readonly from: ShareMember; readonly to: ShareMember },
  { topics, hashes }: ConsumerEnvironment,
): Taken {
  const { groupId } = group;
  const { memberId } = to;
  const records: ShareRecord[] = [];
  if (!group.members.has(memberId) || !sameShareMetadata(from, to)) {
    const value = shareMetadataToRecord(to);
    records.push({ kind: "share-member", groupId, memberId, value });
  }
  const mustBump =
    !sameNames(from.subscribedTopicNames, to.subscribedTopicNames) ||
    (group.targetEpoch >= group.epoch && hasUnassignedPartitions(group, topics));
  if (!mustBump && group.checkedTopicsVersion === topics.version) {
    return { records, epoch: group.epoch, isBumped: false, hasChecked: false };
  }
  const names = shareTopicNames(group, { changed: to });
  const metadataHash = hashes.of(names.words(), topics);
  const isBumped = mustBump || metadataHash !== group.metadataHash;
  const epoch = isBumped ? group.epoch + 1 : group.epoch;
  if (isBumped) records.push({ kind: "share-group", groupId, value: { epoch, metadataHash } });
  return { records, epoch, isBumped, hasChecked: true };
}

function bringForward(
  to: ShareMember,
  next: Pick<ReturnType<typeof updateShareTarget>, "epoch" | "target"> & {
    readonly isBumped: boolean;
  },
  { topics }: ConsumerEnvironment,
): ShareMember {
  const isNewEpoch = next.epoch !== to.memberEpoch;
  if (!isNewEpoch && !next.isBumped) return to;
  const assigned = subscribedPart(next.target, to, topics);
  if (!isNewEpoch) return { ...to, assigned };
  return { ...to, assigned, memberEpoch: next.epoch, previousMemberEpoch: to.memberEpoch };
}

function heartbeatReply(
  step: ShareStep & { readonly member: ShareMember },
  heartbeatIntervalMs: number,
): ShareHeartbeatReply {
  const { input, from, member } = step;
  // Who tells everything has forgotten everything, or has just come: it is told everything too. So
  // is who is in an epoch behind: our last answer, with what changed, got lost.
  const mustKnow =
    input.memberEpoch !== from.memberEpoch ||
    input.memberEpoch === 0 ||
    input.subscribedTopicNames !== null ||
    !sameAssignment(from.assigned, member.assigned);
  return {
    kind: "share-heartbeat",
    error: "NONE",
    message: null,
    memberId: member.memberId,
    memberEpoch: member.memberEpoch,
    heartbeatIntervalMs,
    assignment: mustKnow ? toTopicPartitions(member.assigned) : null,
  };
}
