import type { Outcome } from "../../runtime/index.ts";
import type { GroupTypes } from "../group-types.ts";
import type { GroupState } from "../group-state.ts";
import { partitionsOf, samePartitions, toTopicPartitions } from "./assignment.ts";
import {
  type ConsumerDraft,
  consumerTimerKeys,
  type ConsumerEnvironment,
} from "./consumer-draft.ts";
import {
  assignmentToRecord,
  type ConsumerMember,
  metadataToRecord,
  sameMetadata,
  sameNames,
  sameProgress,
  sortedNames,
} from "./consumer-member.ts";
import { consumerOutcome } from "./consumer-outcome.ts";
import {
  type ConsumerHeartbeatInput,
  type ConsumerHeartbeatReply,
  isRefusal,
  type Refusal,
  type TopicTest,
} from "./consumer-requests.ts";
import { checkHeartbeat } from "./heartbeat-check.ts";
import { leaveConsumerGroup } from "./leave.ts";
import { joinedMember } from "./membership.ts";
import { openConsumerGroup } from "./open-group.ts";
import { reconcile } from "./reconcile.ts";
import { updateRegexes } from "./regexes.ts";
import { subscriptionsAfter } from "./subscription.ts";
import { updateTarget } from "./target.ts";

/**
 * Decides on a ConsumerGroupHeartbeat: what the member says of itself is taken down, the group's
 * target worked out anew if that changes it, and the member brought a step towards its target.
 */
export function consumerHeartbeat(
  state: GroupState,
  input: ConsumerHeartbeatInput,
  environment: ConsumerEnvironment,
): Outcome<GroupTypes> {
  const invalid = checkHeartbeat(input, environment.config.consumerAssignors);
  if (invalid !== undefined) return answer(environment, refusedConsumerHeartbeat(invalid));
  const decided =
    input.memberEpoch < 0
      ? leaveConsumerGroup(state, input, environment)
      : stay(state, input, environment);
  return isRefusal(decided)
    ? answer(environment, refusedConsumerHeartbeat(decided))
    : consumerOutcome(decided);
}

/** The answer to a ConsumerGroupHeartbeat that is refused. */
export function refusedConsumerHeartbeat(
  refusal: Pick<Refusal, "error"> & { readonly message: string | null },
): ConsumerHeartbeatReply {
  const { error, message } = refusal;
  return {
    kind: "consumer-heartbeat",
    error,
    message,
    memberId: null,
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
    assignment: null,
  };
}

function answer(
  { context }: ConsumerEnvironment,
  reply: ConsumerHeartbeatReply,
): Outcome<GroupTypes> {
  return { replies: [{ to: context.replyTo, reply }] };
}

function stay(
  state: GroupState,
  input: ConsumerHeartbeatInput,
  environment: ConsumerEnvironment,
): ConsumerDraft | Refusal {
  const draft = openConsumerGroup(state, input, environment);
  if (isRefusal(draft)) return draft;
  const from = joinedMember(draft, {
    memberId: input.memberId === "" ? environment.context.freshId() : input.memberId,
    memberEpoch: input.memberEpoch,
    instanceId: input.instanceId,
    reported: input.topicPartitions,
    joins: input.memberEpoch === 0,
    isClassic: false,
  });
  if (isRefusal(from)) return from;
  const to = withNews(from, input);
  const { topicPartitions: reported, mayDescribe } = input;
  const member = updateMember(draft, from, { to, reported, mayDescribe });
  if (isRefusal(member)) return member;
  draft.expectHeartbeat(member.memberId, draft.times.sessionTimeoutMs);
  draft.replies.push({
    to: environment.context.replyTo,
    reply: heartbeatReply({ draft, input, from, member }),
  });
  return draft;
}

/** The member with what its heartbeat tells anew; it speaks the consumer protocol from now on. */
function withNews(member: ConsumerMember, input: ConsumerHeartbeatInput): ConsumerMember {
  const { rebalanceTimeoutMs, subscribedTopicNames: names, clientId, clientHost } = input;
  return {
    ...member,
    instanceId: input.instanceId ?? member.instanceId,
    rackId: input.rackId ?? member.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : rebalanceTimeoutMs,
    serverAssignor: input.serverAssignor ?? member.serverAssignor,
    subscribedTopicNames: names === null ? member.subscribedTopicNames : sortedNames(names),
    subscribedTopicRegex: input.subscribedTopicRegex ?? member.subscribedTopicRegex,
    clientId,
    clientHost,
    classic: null,
  };
}

/** Takes down a member's change, works out the target if it is to be, and reconciles the member. */
function updateMember(
  draft: ConsumerDraft,
  from: ConsumerMember,
  next: Pick<MemberStep, "to" | "reported"> & Pick<ConsumerHeartbeatInput, "mayDescribe">,
): ConsumerMember | Refusal {
  const { to, reported, mayDescribe } = next;
  const subscription = takeDown(draft, from, to, mayDescribe);
  if (isRefusal(subscription)) return subscription;
  return bringForward(draft, { to, reported, ...subscription });
}

/** A member after its change, the group's epoch then, and what the member still reads. */
export interface MemberStep {
  readonly to: ConsumerMember;
  readonly reported: ConsumerHeartbeatInput["topicPartitions"];
  readonly epoch: number;
  readonly hasSubscriptionChanged: boolean;
}

/** Works out the target if it is to be, and brings a member a step towards it. */
export function bringForward(draft: ConsumerDraft, step: MemberStep): ConsumerMember | Refusal {
  const { to, reported, epoch, hasSubscriptionChanged } = step;
  const { group, environment } = draft;
  const { epoch: targetEpoch, target } = updateTarget(draft, epoch, to);
  const member = reconcile({
    group,
    member: to,
    targetEpoch,
    target,
    topics: environment.topics,
    hasSubscriptionChanged,
    reported,
  });
  if (!isRefusal(member) && !sameProgress(member, to)) writeAssignment(draft, member);
  return member;
}

/** Writes what a member tells of itself, and the group's epoch if that makes it grow. */
export function takeDown(
  draft: ConsumerDraft,
  from: ConsumerMember,
  to: ConsumerMember,
  mayDescribe: TopicTest = always,
): { readonly epoch: number; readonly hasSubscriptionChanged: boolean } | Refusal {
  const regexes = updateRegexes(draft, from, to, mayDescribe);
  if (isRefusal(regexes)) return regexes;
  const { group } = draft;
  const { groupId } = group;
  const { memberId } = to;
  const isKnown = group.members.has(memberId);
  if (!isKnown || !sameMetadata(from, to)) {
    draft.write({ kind: "consumer-member", groupId, memberId, value: metadataToRecord(to) });
  }
  const hasNewNames = !sameNames(from.subscribedTopicNames, to.subscribedTopicNames);
  const isBumped = hasNewNames || regexes.needsNewTarget;
  const epoch = refreshEpoch(draft, to, isBumped);
  return { epoch, hasSubscriptionChanged: hasNewNames || regexes.hasChanged };
}

const always = (): boolean => true;

/** Lets the epoch grow if a member asks for it or if the topics have changed. */
function refreshEpoch(draft: ConsumerDraft, to: ConsumerMember, isBumped: boolean): number {
  const { group, environment } = draft;
  const { topics, hashes } = environment;
  if (!isBumped && group.checkedTopicsVersion === topics.version) return group.epoch;
  const { groupId } = group;
  const { topicNames } = subscriptionsAfter(group, { changed: to });
  const metadataHash = hashes.of(topicNames, topics);
  draft.changes.push({ kind: "consumer-checked", groupId, topicsVersion: topics.version });
  if (!isBumped && metadataHash === group.metadataHash) return group.epoch;
  const epoch = group.epoch + 1;
  draft.write({ kind: "consumer-group", groupId, value: { epoch, metadataHash } });
  if (group.hasPartitionMetadata) {
    draft.write({ kind: "consumer-partition-metadata", groupId, value: false });
  }
  return epoch;
}

/** Writes how far a member has come, and gives it its time to give up what it has to. */
function writeAssignment(draft: ConsumerDraft, member: ConsumerMember): void {
  const { groupId } = draft.group;
  const { memberId, memberEpoch, rebalanceTimeoutMs: timeoutMs } = member;
  const value = assignmentToRecord(member);
  draft.write({ kind: "consumer-assignment", groupId, memberId, value });
  if (member.classic !== null) return;
  if (member.state === "unrevoked") draft.expectRevocation(memberId, { memberEpoch, timeoutMs });
  else draft.cancel(consumerTimerKeys.revocation(groupId, memberId));
}

function heartbeatReply(options: {
  readonly draft: ConsumerDraft;
  readonly input: ConsumerHeartbeatInput;
  readonly from: ConsumerMember;
  readonly member: ConsumerMember;
}): ConsumerHeartbeatReply {
  const { draft, input, from, member } = options;
  // Who tells everything has forgotten everything, or has just come: it is told everything too.
  const tellsAll =
    input.rebalanceTimeoutMs !== -1 &&
    (input.subscribedTopicNames !== null || input.subscribedTopicRegex !== null) &&
    input.topicPartitions !== null;
  const mustKnow =
    input.memberEpoch === 0 || tellsAll || !samePartitions(from.assigned, member.assigned);
  return {
    kind: "consumer-heartbeat",
    error: "NONE",
    message: null,
    memberId: member.memberId,
    memberEpoch: member.memberEpoch,
    heartbeatIntervalMs: draft.times.heartbeatIntervalMs,
    assignment: mustKnow ? toTopicPartitions(partitionsOf(member.assigned)) : null,
  };
}
