import type { TopicPartitions } from "./assignment.ts";
import type { ConsumerDraft } from "./consumer-draft.ts";
import type { ConsumerGroup } from "./consumer-group.ts";
import {
  assignmentToRecord,
  type ConsumerMember,
  metadataToRecord,
  newConsumerMember,
  STATIC_MEMBER_AWAY_EPOCH,
} from "./consumer-member.ts";
import type { Refusal } from "./consumer-requests.ts";
import { recordForm } from "./target.ts";

/** How a member says who it is. */
export interface Claim {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly instanceId: string | null;
  readonly reported: readonly TopicPartitions[] | null;
  readonly joins: boolean;
  /** It speaks the classic protocol, which knows no member epochs. */
  readonly isClassic: boolean;
}

/**
 * The member that a request comes from; a new one when it joins. A static member that joins again
 * takes the place of its former self, together with its partitions.
 */
export function joinedMember(draft: ConsumerDraft, claim: Claim): ConsumerMember | Refusal {
  return claim.instanceId === null
    ? dynamicMember(draft.group, claim)
    : staticMember(draft, claim, claim.instanceId);
}

/** The member with an id, or why there is none. */
export function knownMember(
  group: ConsumerGroup,
  claim: Pick<Claim, "memberId" | "instanceId">,
): ConsumerMember | Refusal {
  const { memberId, instanceId } = claim;
  if (instanceId === null) {
    return (
      group.members.get(memberId) ??
      unknown(`Member ${memberId} is not a member of group ${group.groupId}.`)
    );
  }
  const holder = group.staticMember(instanceId);
  if (holder === undefined) return unknown(`Instance id ${instanceId} is unknown.`);
  if (holder.memberId === memberId) return holder;
  return {
    error: "FENCED_INSTANCE_ID",
    message: `Static member ${memberId} with instance id ${instanceId} was fenced by member ${holder.memberId}.`,
  };
}

function dynamicMember(group: ConsumerGroup, claim: Claim): ConsumerMember | Refusal {
  const { memberId, joins } = claim;
  const known = group.members.get(memberId);
  if (known === undefined && joins) return newConsumerMember(memberId);
  const member = known ?? knownMember(group, { memberId, instanceId: null });
  return "error" in member ? member : (epochRefusal(member, claim) ?? member);
}

function staticMember(
  draft: ConsumerDraft,
  claim: Claim,
  instanceId: string,
): ConsumerMember | Refusal {
  const { memberId } = claim;
  if (!claim.joins) {
    const member = knownMember(draft.group, claim);
    return "error" in member ? member : (epochRefusal(member, claim) ?? member);
  }
  const former = draft.group.staticMember(instanceId);
  if (former === undefined) {
    return draft.group.members.get(memberId) ?? newConsumerMember(memberId);
  }
  const bothKnowEpochs = !claim.isClassic && former.classic === null;
  if (bothKnowEpochs && former.memberEpoch !== STATIC_MEMBER_AWAY_EPOCH) {
    return {
      error: "UNRELEASED_INSTANCE_ID",
      message: `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by ${former.memberId} member.`,
    };
  }
  return replace(draft, former, memberId);
}

function replace(draft: ConsumerDraft, former: ConsumerMember, memberId: string): ConsumerMember {
  draft.fork();
  const { group } = draft;
  const { groupId } = group;
  const target = group.target(former.memberId);
  const member = { ...former, memberId, memberEpoch: 0, previousMemberEpoch: 0 };
  writeRemoval(draft, former.memberId);
  draft.forgetMember(former.memberId);
  draft.write(
    { kind: "consumer-member", groupId, memberId, value: metadataToRecord(member) },
    {
      kind: "consumer-target",
      groupId,
      memberId,
      value: { topicPartitions: recordForm(target) },
    },
    { kind: "consumer-assignment", groupId, memberId, value: assignmentToRecord(member) },
  );
  return member;
}

/** Writes that a member is gone. */
export function writeRemoval(draft: ConsumerDraft, memberId: string): void {
  const { groupId } = draft.group;
  draft.write(
    { kind: "consumer-assignment", groupId, memberId, value: null },
    { kind: "consumer-target", groupId, memberId, value: null },
    { kind: "consumer-member", groupId, memberId, value: null },
  );
}

/** Fences a member with an epoch that is not its own, unless only our last answer got lost. */
function epochRefusal(member: ConsumerMember, claim: Claim): Refusal | undefined {
  const { memberEpoch, reported } = claim;
  if (claim.isClassic || claim.joins || memberEpoch === member.memberEpoch) return undefined;
  const isOlder = memberEpoch < member.memberEpoch;
  if (isOlder && memberEpoch === member.previousMemberEpoch && isSubset(member, reported)) {
    return undefined;
  }
  return {
    error: "FENCED_MEMBER_EPOCH",
    message: `The consumer group member has a ${isOlder ? "smaller" : "greater"} member epoch (${memberEpoch}) than the one known by the group coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
  };
}

function isSubset(member: ConsumerMember, reported: readonly TopicPartitions[] | null): boolean {
  if (reported === null) return false;
  return reported.every(({ topicId, partitions }) => {
    const owned = member.assigned.get(topicId);
    return owned !== undefined && partitions.every((partition) => owned.has(partition));
  });
}

function unknown(message: string): Refusal {
  return { error: "UNKNOWN_MEMBER_ID", message };
}
