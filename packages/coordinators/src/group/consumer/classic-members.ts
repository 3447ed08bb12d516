import type { ErrorName } from "@millrace/protocol";
import type { Outcome } from "../../runtime/index.ts";
import type {
  HeartbeatInput,
  LeaveInput,
  LeaveReply,
  SyncInput,
} from "../classic/classic-requests.ts";
import { refusedSync } from "../classic/sync.ts";
import type { GroupTypes } from "../group-types.ts";
import { partitionsOf } from "./assignment.ts";
import { ConsumerDraft, consumerTimerKeys, type ConsumerEnvironment } from "./consumer-draft.ts";
import type { ConsumerGroup } from "./consumer-group.ts";
import type { ConsumerMember } from "./consumer-member.ts";
import { consumerOutcome } from "./consumer-outcome.ts";
import { isRefusal, type Refusal } from "./consumer-requests.ts";
import { CONSUMER_PROTOCOL_TYPE, writeAssignment } from "./embedded-protocol.ts";
import { fenceMembers } from "./fence.ts";
import { knownMember } from "./membership.ts";

/** Decides on a SyncGroup to a consumer group: the assignment is there already. */
export function syncConsumerGroup(
  group: ConsumerGroup,
  input: SyncInput,
  environment: ConsumerEnvironment,
): Outcome<GroupTypes> {
  const { context, topics } = environment;
  const to = context.replyTo;
  const member = classicMember(group, input);
  const error = isRefusal(member) ? member.error : checkSync(group, member, input);
  if (isRefusal(member) || error !== "NONE") {
    return { replies: [{ to, reply: refusedSync(error) }] };
  }
  const draft = new ConsumerDraft(group, environment);
  draft.cancel(consumerTimerKeys.sync(group.groupId, member.memberId));
  draft.expectHeartbeat(member.memberId, member.classic?.sessionTimeoutMs ?? 0);
  const metadata = member.classic?.protocols[0]?.metadata ?? new Uint8Array(0);
  const { protocolType, protocolName } = input;
  const assignment = writeAssignment(partitionsOf(member.assigned), metadata, topics);
  const reply = { kind: "sync-group", error, protocolType, protocolName, assignment } as const;
  draft.replies.push({ to, reply });
  return consumerOutcome(draft);
}

/**
 * Decides on a Heartbeat to a consumer group. The member must join again when there is a newer
 * epoch, when it has to give something up, or when what it waited for is free.
 */
export function heartbeatInConsumerGroup(
  group: ConsumerGroup,
  input: HeartbeatInput,
  environment: ConsumerEnvironment,
): Outcome<GroupTypes> {
  const to = environment.context.replyTo;
  const member = classicMember(group, input);
  if (isRefusal(member)) {
    return { replies: [{ to, reply: { kind: "heartbeat", error: member.error } }] };
  }
  const draft = new ConsumerDraft(group, environment);
  draft.expectHeartbeat(member.memberId, member.classic?.sessionTimeoutMs ?? 0);
  const mustJoin =
    member.memberEpoch < group.epoch ||
    member.state === "unrevoked" ||
    (member.state === "unreleased" && !waitsForOthers(group, member));
  if (mustJoin) draft.expectJoin(member.memberId, member.rebalanceTimeoutMs);
  const error = mustJoin ? "REBALANCE_IN_PROGRESS" : "NONE";
  draft.replies.push({ to, reply: { kind: "heartbeat", error } });
  return consumerOutcome(draft);
}

/** Decides on a LeaveGroup to a consumer group, which may also be an administrator's. */
export function leaveByClassicRequest(
  group: ConsumerGroup,
  input: LeaveInput,
  environment: ConsumerEnvironment,
): Outcome<GroupTypes> {
  const leaving = new Set<ConsumerMember>();
  const members = input.members.map((claim): LeaveReply["members"][number] => {
    const { memberId, groupInstanceId } = claim;
    const holder = memberId === "" ? group.staticMember(groupInstanceId) : undefined;
    const member = holder ?? knownMember(group, { memberId, instanceId: groupInstanceId });
    if (!isRefusal(member)) leaving.add(member);
    const error: ErrorName = isRefusal(member) ? member.error : "NONE";
    return { memberId, groupInstanceId, error };
  });
  const draft = new ConsumerDraft(group, environment);
  fenceMembers(draft, [...leaving]);
  const reply = { kind: "leave-group", error: "NONE", members } as const;
  draft.replies.push({ to: environment.context.replyTo, reply });
  return consumerOutcome(draft);
}

/**
 * The member that a classic request comes from, if it speaks that protocol, in its own generation.
 */
function classicMember(
  group: ConsumerGroup,
  input: {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly generationId: number;
  },
): ConsumerMember | Refusal {
  const { memberId, groupInstanceId: instanceId, generationId } = input;
  const member = knownMember(group, { memberId, instanceId });
  if (isRefusal(member)) return member;
  if (member.classic === null) {
    const message = `Member ${memberId} does not use the classic protocol.`;
    return { error: "UNKNOWN_MEMBER_ID", message };
  }
  if (generationId === member.memberEpoch) return member;
  return { error: "ILLEGAL_GENERATION", message: "" };
}

function checkSync(group: ConsumerGroup, member: ConsumerMember, input: SyncInput): ErrorName {
  const protocolName = member.classic?.protocols[0]?.name;
  const isOtherType = input.protocolType !== null && input.protocolType !== CONSUMER_PROTOCOL_TYPE;
  const isOtherName = input.protocolName !== null && input.protocolName !== protocolName;
  if (isOtherType || isOtherName) return "INCONSISTENT_GROUP_PROTOCOL";
  // One that has still to give something up is told so with the assignment it has now.
  const isBehind = group.epoch > member.memberEpoch && member.state !== "unrevoked";
  return isBehind ? "REBALANCE_IN_PROGRESS" : "NONE";
}

function waitsForOthers(group: ConsumerGroup, member: ConsumerMember): boolean {
  for (const [topicId, partitions] of group.target(member.memberId)) {
    const owned = member.assigned.get(topicId);
    for (const partition of partitions) {
      if (owned?.has(partition) === true) continue;
      if (group.ownerOf(topicId, partition) !== undefined) return true;
    }
  }
  return false;
}
