import type { ErrorName } from "@millrace/protocol";
import type { ShardError } from "../runtime/index.ts";
import { NO_COUNT, NO_OFFSET } from "./share-partition-state.ts";
import type {
  SharePartitionRequest,
  ShareStateInput,
  ShareStateReply,
  ShareStateReplyTo,
} from "./share-state-types.ts";

/** Why a request about a share partition is not carried out. */
export interface ShareStateRefusal {
  readonly error: ErrorName;
  readonly message: string | null;
}

/** The answer to a request about a share partition that is refused. */
export function refusedShareState(
  kind: SharePartitionRequest["kind"],
  { error, message }: ShareStateRefusal,
): ShareStateReplyTo<SharePartitionRequest["kind"]> {
  switch (kind) {
    case "read-share-state":
      return { kind, error, message, stateEpoch: 0, startOffset: 0, stateBatches: [] };
    case "read-share-summary":
      return {
        kind,
        error,
        message,
        stateEpoch: 0,
        leaderEpoch: 0,
        startOffset: NO_OFFSET,
        deliveryCompleteCount: NO_COUNT,
      };
    case "initialize-share-state":
      return { kind, error, message };
    case "write-share-state":
      return { kind, error, message };
    case "delete-share-state":
      return { kind, error, message };
  }
}

/** The answer to a request that a shard did not carry out; undefined for a timer. */
export function refuseShareStateInput(
  input: ShareStateInput,
  cause: ShardError,
): ShareStateReply | undefined {
  switch (input.kind) {
    case "prune":
    case "snapshot-cold":
      return undefined;
    case "share-topics-deleted":
      return { kind: input.kind };
    default:
      return refusedShareState(input.kind, { error: clientError(cause), message: null });
  }
}

/** What a leader of share partitions understands of the log's refusals. */
function clientError(cause: ShardError): ErrorName {
  if (cause === "NOT_ENOUGH_REPLICAS") return "COORDINATOR_NOT_AVAILABLE";
  if (cause === "KAFKA_STORAGE_ERROR") return "NOT_COORDINATOR";
  return cause === "RECORD_TOO_LARGE" ? "UNKNOWN_SERVER_ERROR" : cause;
}
