import type { Refusal } from "../consumer/consumer-requests.ts";
import { SHARE_LEAVING_EPOCH } from "./share-member.ts";
import type { ShareHeartbeatInput } from "./share-requests.ts";

/** Whether a heartbeat makes sense by itself; undefined when it does. */
export function checkShareHeartbeat(input: ShareHeartbeatInput): Refusal | undefined {
  const { memberEpoch, subscribedTopicNames: names } = input;
  if (isBlank(input.memberId)) return invalid("MemberId can't be empty.");
  if (isBlank(input.groupId)) return invalid("GroupId can't be empty.");
  if (isBlank(input.rackId)) return invalid("RackId can't be empty.");
  if (memberEpoch === 0 && (names === null || names.length === 0)) {
    return invalid("SubscribedTopicNames must be set in first request.");
  }
  return memberEpoch < SHARE_LEAVING_EPOCH ? invalid("MemberEpoch is invalid.") : undefined;
}

function isBlank(text: string | null): boolean {
  return text !== null && text.trim() === "";
}

function invalid(message: string): Refusal {
  return { error: "INVALID_REQUEST", message };
}
