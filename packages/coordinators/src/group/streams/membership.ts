import { isRefusal, type Refusal } from "../consumer/consumer-requests.ts";
import type { StreamsGroup } from "./streams-group.ts";
import { newStreamsMember, sortedTags, type StreamsMember } from "./streams-member.ts";
import type { StreamsHeartbeatInput } from "./streams-requests.ts";
import { containsTasks, type Tasks, toTaskMap } from "./tasks.ts";

/** The member with an id, or why there is none. */
export function knownStreamsMember(group: StreamsGroup, memberId: string): StreamsMember | Refusal {
  const message = `Member ${memberId} is not a member of group ${group.groupId}.`;
  return group.members.get(memberId) ?? { error: "UNKNOWN_MEMBER_ID", message };
}

/** The member that a heartbeat comes from; a new one when it joins. */
export function joinedStreamsMember(
  group: StreamsGroup,
  input: StreamsHeartbeatInput,
): StreamsMember | Refusal {
  const { memberId, memberEpoch } = input;
  const joins = memberEpoch === 0;
  if (joins) return group.members.get(memberId) ?? newStreamsMember(memberId);
  const member = knownStreamsMember(group, memberId);
  return isRefusal(member) ? member : (epochRefusal(member, input) ?? member);
}

/** The member with what its heartbeat tells anew. */
export function withNews(member: StreamsMember, input: StreamsHeartbeatInput): StreamsMember {
  const { rebalanceTimeoutMs, clientId, clientHost, clientTags, userEndpoint } = input;
  return {
    ...member,
    rackId: input.rackId ?? member.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : rebalanceTimeoutMs,
    topologyEpoch: input.topology?.epoch ?? member.topologyEpoch,
    clientId,
    clientHost,
    processId: input.processId ?? member.processId,
    clientTags: clientTags === null ? member.clientTags : sortedTags(clientTags),
    userEndpoint: userEndpoint ?? member.userEndpoint,
  };
}

/** What a member says that it runs; null when it does not say. */
export function reportedTasks(input: StreamsHeartbeatInput): Tasks | null {
  const { activeTasks, standbyTasks, warmupTasks } = input;
  if (activeTasks === null || standbyTasks === null || warmupTasks === null) return null;
  return {
    active: toTaskMap(activeTasks),
    standby: toTaskMap(standbyTasks),
    warmup: toTaskMap(warmupTasks),
  };
}

/** Fences a member with an epoch that is not its own, unless only our last answer got lost. */
function epochRefusal(member: StreamsMember, input: StreamsHeartbeatInput): Refusal | undefined {
  const { memberEpoch } = input;
  if (memberEpoch === member.memberEpoch) return undefined;
  const isOlder = memberEpoch < member.memberEpoch;
  const reported = reportedTasks(input);
  const isSubset = reported !== null && containsTasks(member.assigned, reported);
  if (isOlder && memberEpoch === member.previousMemberEpoch && isSubset) return undefined;
  return {
    error: "FENCED_MEMBER_EPOCH",
    message: `The streams group member has a ${isOlder ? "smaller" : "greater"} member epoch (${memberEpoch}) than the one known by the group coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
  };
}
