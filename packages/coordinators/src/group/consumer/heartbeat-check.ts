import { LEAVING_EPOCH, STATIC_MEMBER_AWAY_EPOCH } from "./consumer-member.ts";
import type { ConsumerHeartbeatInput, Refusal } from "./consumer-requests.ts";

/** Whether a heartbeat makes sense by itself; undefined when it does. */
export function checkHeartbeat(
  input: ConsumerHeartbeatInput,
  assignors: readonly string[],
): Refusal | undefined {
  return checkNames(input) ?? checkEpoch(input) ?? checkAssignor(input, assignors);
}

function checkNames(input: ConsumerHeartbeatInput): Refusal | undefined {
  const { memberEpoch } = input;
  const needsId = input.bringsMemberId || memberEpoch > 0 || memberEpoch === LEAVING_EPOCH;
  if (needsId && isBlank(input.memberId)) return invalid("MemberId can't be empty.");
  if (isBlank(input.groupId)) return invalid("GroupId can't be empty.");
  if (isBlank(input.instanceId)) return invalid("InstanceId can't be empty.");
  return isBlank(input.rackId) ? invalid("RackId can't be empty.") : undefined;
}

function checkEpoch(input: ConsumerHeartbeatInput): Refusal | undefined {
  const { memberEpoch } = input;
  if (memberEpoch < STATIC_MEMBER_AWAY_EPOCH) return invalid("MemberEpoch is invalid.");
  if (memberEpoch === STATIC_MEMBER_AWAY_EPOCH) {
    return input.instanceId === null ? invalid("InstanceId can't be null.") : undefined;
  }
  if (memberEpoch !== 0) return undefined;
  if (input.rebalanceTimeoutMs === -1) {
    return invalid("RebalanceTimeoutMs must be provided in first request.");
  }
  if (input.topicPartitions === null || input.topicPartitions.length > 0) {
    return invalid("TopicPartitions must be empty when (re-)joining.");
  }
  if (input.subscribedTopicNames === null && input.subscribedTopicRegex === null) {
    return invalid(
      "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.",
    );
  }
  return undefined;
}

function checkAssignor(
  { serverAssignor }: ConsumerHeartbeatInput,
  assignors: readonly string[],
): Refusal | undefined {
  if (serverAssignor === null || assignors.includes(serverAssignor)) return undefined;
  const message = `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${assignors.join(", ")}.`;
  return { error: "UNSUPPORTED_ASSIGNOR", message };
}

function isBlank(text: string | null): boolean {
  return text !== null && text.trim() === "";
}

function invalid(message: string): Refusal {
  return { error: "INVALID_REQUEST", message };
}
