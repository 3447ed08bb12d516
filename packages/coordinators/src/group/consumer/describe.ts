import type { Group } from "../group-state.ts";
import { partitionsOf, toTopicPartitions } from "./assignment.ts";
import type { ConsumerEnvironment } from "./consumer-draft.ts";
import type { ConsumerDescribeReply } from "./consumer-requests.ts";
import { preferredAssignor } from "./target.ts";

/** Describes a consumer group. */
export function describeConsumerGroup(
  groupId: string,
  group: Group | undefined,
  environment: ConsumerEnvironment,
): ConsumerDescribeReply {
  if (group === undefined) return notDescribed(`Group ${groupId} not found.`);
  if (group.kind !== "consumer") return notDescribed(`Group ${groupId} is not a consumer group.`);
  return {
    kind: "consumer-describe",
    error: "NONE",
    message: null,
    state: group.state,
    groupEpoch: group.epoch,
    assignmentEpoch: group.targetEpoch,
    assignor: preferredAssignor({ group, environment }),
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      rackId: member.rackId,
      memberEpoch: member.memberEpoch,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopicNames: member.subscribedTopicNames,
      subscribedTopicRegex: member.subscribedTopicRegex,
      isClassic: member.classic !== null,
      assignment: toTopicPartitions(partitionsOf(member.assigned)),
      targetAssignment: toTopicPartitions(group.target(member.memberId)),
    })),
  };
}

function notDescribed(message: string): ConsumerDescribeReply {
  return {
    kind: "consumer-describe",
    error: "GROUP_ID_NOT_FOUND",
    message,
    state: "",
    groupEpoch: 0,
    assignmentEpoch: 0,
    assignor: "",
    members: [],
  };
}
