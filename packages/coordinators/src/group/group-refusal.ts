import type { ErrorName } from "@millrace/protocol";
import type { ShardError } from "../runtime/index.ts";
import { refusedJoin } from "./classic/classic-draft.ts";
import { refusedLeave } from "./classic/leave.ts";
import { refusedSync } from "./classic/sync.ts";
import { refusedConsumerHeartbeat } from "./consumer/heartbeat.ts";
import type { GroupInput, GroupReply } from "./group-types.ts";
import type { ShareGroupInput } from "./share/share-requests.ts";
import { isShareInput, refuseShareRequest } from "./share/share-step.ts";
import { refusedStreamsHeartbeat } from "./streams/heartbeat.ts";

/**
 * The answer to a request that a shard did not carry out; undefined for a timer, which has none.
 */
export function refuseGroupInput(input: GroupInput, cause: ShardError): GroupReply | undefined {
  const error = clientError(cause);
  if (isShareInput(input)) {
    if (input.kind === "share-member-expired") return undefined;
    return refuseShareRequest(input, error, cause);
  }
  return refuseDescription(input, error) ?? refuseOther(input, cause);
}

/** The same for requests that describe a group or list them. */
function refuseDescription(input: OtherInput, error: ErrorName): GroupReply | undefined {
  const described = { error, message: null, state: "", groupEpoch: 0, assignmentEpoch: 0 } as const;
  switch (input.kind) {
    case "consumer-describe":
      return { kind: input.kind, ...described, assignor: "", members: [] };
    case "streams-describe":
      return { kind: input.kind, ...described, topology: null, members: [] };
    case "describe-group": {
      const unknown = { state: "", protocolType: "", protocolName: "", members: [] };
      return { kind: input.kind, error, ...unknown };
    }
    case "list-groups":
      return { kind: input.kind, error, groups: [] };
    default:
      return undefined;
  }
}

type OtherInput = Exclude<GroupInput, ShareGroupInput>;

function refuseOther(input: OtherInput, cause: ShardError): GroupReply | undefined {
  const error = clientError(cause);
  switch (input.kind) {
    case "join-group":
      return refusedJoin(input.memberId, error);
    case "sync-group":
      return refusedSync(error);
    case "heartbeat":
      return { kind: "heartbeat", error };
    case "leave-group":
      return refusedLeave(error);
    case "consumer-heartbeat":
      return refusedConsumerHeartbeat({ error, message: limitMessage(cause) });
    case "streams-heartbeat":
      return refusedStreamsHeartbeat({ error, message: limitMessage(cause) });
    case "offset-commit":
      return { kind: "offset-commit", error: commitError(cause), errors: [] };
    case "offset-fetch":
      return { kind: "offset-fetch", error, offsets: [] };
    case "offset-delete":
      return { kind: "offset-delete", error, errors: [] };
    case "delete-group":
      return { kind: "delete-group", error };
    case "topics-deleted":
      return { kind: "topics-deleted" };
    default:
      return undefined;
  }
}

/** What a client of the group protocol understands of the log's refusals. */
function clientError(cause: ShardError): ErrorName {
  if (cause === "NOT_ENOUGH_REPLICAS") return "COORDINATOR_NOT_AVAILABLE";
  if (cause === "KAFKA_STORAGE_ERROR") return "NOT_COORDINATOR";
  return cause === "RECORD_TOO_LARGE" ? "UNKNOWN_SERVER_ERROR" : cause;
}

function commitError(cause: ShardError): ErrorName {
  return cause === "RECORD_TOO_LARGE" ? "INVALID_COMMIT_OFFSET_SIZE" : clientError(cause);
}

/** Tells an operator what to raise where a group has outgrown one batch of its topic. */
function limitMessage(cause: ShardError): string | null {
  if (cause !== "RECORD_TOO_LARGE") return null;
  return "The group's records are larger than max.message.bytes of __consumer_offsets allows.";
}
