import { refusedJoin, timerKeys } from "../classic/classic-draft.ts";
import {
  type ClassicGroup,
  type ClassicMember,
  protocolMetadata,
} from "../classic/classic-group.ts";
import { refusedSync } from "../classic/sync.ts";
import {
  type Assignment,
  fromTopicPartitions,
  NOTHING_ASSIGNED,
  ownedSince,
} from "./assignment.ts";
import type { ConsumerDraft } from "./consumer-draft.ts";
import {
  assignmentToRecord,
  type ConsumerMember,
  metadataToRecord,
  newConsumerMember,
  sortedNames,
} from "./consumer-member.ts";
import { isRefusal, type Refusal } from "./consumer-requests.ts";
import {
  CONSUMER_PROTOCOL_TYPE,
  readAssignment,
  readSubscription,
  withTopicIds,
} from "./embedded-protocol.ts";
import { recordForm } from "./target.ts";
import type { TopicMetadata } from "./topic-metadata.ts";

interface Upgraded {
  readonly member: ConsumerMember;
  readonly target: Assignment;
}

/**
 * Turns a classic group into a consumer group while it runs (KIP-848): its members stay, with what
 * they read, and go on in the classic protocol until they change over themselves.
 */
export function upgradeToConsumer(
  draft: ConsumerDraft,
  classic: ClassicGroup,
): Refusal | undefined {
  const refusal = checkUpgrade(draft, classic);
  if (refusal !== undefined) return refusal;
  const { topics } = draft.environment;
  const upgraded: Upgraded[] = [];
  for (const member of classic.members.values()) {
    const result = upgrade(classic, member, topics);
    if (isRefusal(result)) return result;
    upgraded.push(result);
  }
  answerWaiting(draft, classic);
  writeGroup(draft, classic, upgraded);
  for (const { member } of upgraded) {
    draft.expectHeartbeat(member.memberId, member.classic?.sessionTimeoutMs ?? 0);
  }
  return undefined;
}

function checkUpgrade(draft: ConsumerDraft, classic: ClassicGroup): Refusal | undefined {
  const { config } = draft.environment;
  const refuse = (reason: string): Refusal => cannot(classic, reason);
  if (config.migrationPolicy !== "upgrade" && config.migrationPolicy !== "bidirectional") {
    return refuse("online upgrade is disabled");
  }
  if (classic.protocolType !== CONSUMER_PROTOCOL_TYPE) {
    return refuse("the group does not use the consumer embedded protocol");
  }
  return classic.members.size > config.consumerGroupSizeMax
    ? refuse("the group size exceeds the consumer group maximum size")
    : undefined;
}

function cannot({ groupId }: ClassicGroup, reason: string): Refusal {
  const message = `Cannot upgrade classic group ${groupId} to consumer group because ${reason}.`;
  return { error: "GROUP_ID_NOT_FOUND", message };
}

function upgrade(
  classic: ClassicGroup,
  member: ClassicMember,
  topics: TopicMetadata,
): Upgraded | Refusal {
  const protocolName = classic.protocolName ?? member.protocols[0]?.name ?? null;
  const subscription = readSubscription(protocolMetadata(member, protocolName));
  const hasAssignment = member.assignment.length > 0;
  const assignment = hasAssignment ? readAssignment(member.assignment) : undefined;
  if (subscription === undefined || (hasAssignment && assignment === undefined)) {
    return cannot(classic, "the embedded consumer protocol is malformed");
  }
  if ((assignment?.userData?.length ?? 0) > 0) {
    return cannot(classic, "an unsupported custom assignor is in use");
  }
  const target =
    assignment === undefined
      ? NOTHING_ASSIGNED
      : fromTopicPartitions(withTopicIds(assignment.assignedPartitions, topics));
  const { sessionTimeoutMs, protocols } = member;
  return {
    target,
    member: {
      ...newConsumerMember(member.memberId),
      memberEpoch: classic.generationId,
      previousMemberEpoch: classic.generationId,
      instanceId: member.groupInstanceId,
      rackId: subscription.rackId,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopicNames: sortedNames(subscription.topics),
      assigned: ownedSince(target, classic.generationId),
      classic: { sessionTimeoutMs, protocols },
    },
  };
}

function answerWaiting(draft: ConsumerDraft, classic: ClassicGroup): void {
  const { groupId } = classic;
  for (const { memberId, awaitingJoin, awaitingSync } of classic.members.values()) {
    if (awaitingJoin !== undefined) {
      const reply = refusedJoin(memberId, "REBALANCE_IN_PROGRESS");
      draft.replies.push({ to: awaitingJoin, reply });
    }
    if (awaitingSync !== undefined) {
      draft.replies.push({ to: awaitingSync, reply: refusedSync("REBALANCE_IN_PROGRESS") });
    }
  }
  draft.cancel(timerKeys.join(groupId));
  draft.cancel(timerKeys.sync(groupId));
  for (const memberId of classic.pendingMembers) {
    draft.cancel(timerKeys.session(groupId, memberId));
  }
}

function writeGroup(
  draft: ConsumerDraft,
  { groupId, generationId: epoch }: ClassicGroup,
  upgraded: readonly Upgraded[],
): void {
  const { hashes, topics } = draft.environment;
  const names = new Set(upgraded.flatMap(({ member }) => member.subscribedTopicNames));
  draft.records.push({ kind: "group-metadata", groupId, value: null });
  for (const { member } of upgraded) {
    const { memberId } = member;
    draft.write({ kind: "consumer-member", groupId, memberId, value: metadataToRecord(member) });
  }
  const metadataHash = hashes.of(names, topics);
  draft.write({ kind: "consumer-group", groupId, value: { epoch, metadataHash } });
  for (const { member, target } of upgraded) {
    const value = { topicPartitions: recordForm(target) };
    draft.write({ kind: "consumer-target", groupId, memberId: member.memberId, value });
  }
  const value = { assignmentEpoch: epoch, assignmentTimestamp: 0 };
  draft.write({ kind: "consumer-target-epoch", groupId, value });
  for (const { member } of upgraded) {
    const { memberId } = member;
    const assigned = assignmentToRecord(member);
    draft.write({ kind: "consumer-assignment", groupId, memberId, value: assigned });
  }
}
