import type { ShardError } from "../../runtime/index.ts";
import type { ConsumerEnvironment } from "../consumer/consumer-draft.ts";
import type { ErrorName } from "@millrace/protocol";
import type { GroupState } from "../group-state.ts";
import { describeShareGroup, notDescribedShareGroup } from "./share-describe.ts";
import { shareAnswer, type ShareOutcome } from "./share-draft.ts";
import { shareMemberExpired } from "./share-fence.ts";
import { refusedShareHeartbeat, shareHeartbeat } from "./share-heartbeat.ts";
import {
  shareGroupTopicsDeleted,
  shareInitialized,
  shareNotInitialized,
} from "./share-initialize.ts";
import {
  alterShareOffsets,
  deleteShareOffsets,
  deleteShareStates,
  refusedShareAlter,
  refusedShareDelete,
  shareOffsetsDeleted,
  sharePartitions,
} from "./share-offsets.ts";
import type { ShareGroupInput, ShareGroupReply, ShareGroupRequest } from "./share-requests.ts";

/** Decides on what is about share groups. */
export function stepShare(
  state: GroupState,
  input: ShareGroupInput,
  environment: ConsumerEnvironment,
): ShareOutcome {
  if (input.kind === "share-heartbeat") return shareHeartbeat(state, input, environment);
  if (input.kind === "share-group-topics-deleted") {
    return shareGroupTopicsDeleted(state.groups.values(), input, environment);
  }
  const group = state.groups.get(input.groupId);
  switch (input.kind) {
    case "share-member-expired":
      return shareMemberExpired(group, input, environment);
    case "share-describe":
      return shareAnswer(environment, describeShareGroup(input.groupId, group));
    case "share-partitions":
      return shareAnswer(environment, sharePartitions(group));
    case "share-initialized":
      return shareInitialized(group, input, environment);
    case "share-not-initialized":
      return shareNotInitialized(group, input, environment);
    case "share-alter-offsets":
      return alterShareOffsets(group, input, environment);
    case "share-delete-offsets":
      return deleteShareOffsets(group, input, environment);
    case "share-delete-states":
      return deleteShareStates(group, input, environment);
    case "share-offsets-deleted":
      return shareOffsetsDeleted(group, input, environment);
  }
}

/** Whether an input is about share groups. */
export function isShareInput(input: { readonly kind: string }): input is ShareGroupInput {
  return input.kind.startsWith("share-");
}

/** The answer to a request about share groups that a shard did not carry out. */
export function refuseShareRequest(
  { kind }: ShareGroupRequest,
  error: ErrorName,
  cause: ShardError,
): ShareGroupReply {
  switch (kind) {
    case "share-heartbeat":
      return refusedShareHeartbeat({ error, message: limitMessage(cause) });
    case "share-describe":
      return notDescribedShareGroup({ error, message: null });
    case "share-partitions":
      return { kind, error, topics: [] };
    case "share-alter-offsets":
      return refusedShareAlter({ error, message: null });
    case "share-delete-offsets":
      return refusedShareDelete(kind, { error, message: null });
    case "share-delete-states":
      return refusedShareDelete(kind, { error, message: null });
    case "share-initialized":
      return { kind, error };
    case "share-not-initialized":
      return { kind, error };
    case "share-offsets-deleted":
      return { kind, error };
    case "share-group-topics-deleted":
      return { kind, error };
  }
}

/** Tells an operator what to raise where a group has outgrown one batch of its topic. */
function limitMessage(cause: ShardError): string | null {
  if (cause !== "RECORD_TOO_LARGE") return null;
  return "The group's records are larger than max.message.bytes of __consumer_offsets allows.";
}
