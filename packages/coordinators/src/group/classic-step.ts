import type { Outcome } from "../runtime/index.ts";
import { removalRecords } from "./admin.ts";
import { refusedJoin } from "./classic/classic-draft.ts";
import { timerRanOut } from "./classic/expiry.ts";
import { heartbeat } from "./classic/heartbeat.ts";
import { join } from "./classic/join.ts";
import { leave } from "./classic/leave.ts";
import { sync } from "./classic/sync.ts";
import { joinConsumerGroup } from "./consumer/classic-join.ts";
import {
  heartbeatInConsumerGroup,
  leaveByClassicRequest,
  syncConsumerGroup,
} from "./consumer/classic-members.ts";
import type { ConsumerEnvironment } from "./consumer/consumer-draft.ts";
import type { ConsumerGroup } from "./consumer/consumer-group.ts";
import type { Group, GroupState } from "./group-state.ts";
import type { GroupInput, GroupTypes } from "./group-types.ts";
import { commitOffsets } from "./offsets/commit.ts";

/** The inputs of the classic protocol, whatever the group's own. */
export type ClassicInput = Extract<
  GroupInput,
  {
    readonly kind:
      | "join-group"
      | "sync-group"
      | "heartbeat"
      | "leave-group"
      | "offset-commit"
      | "session-expired"
      | "initial-rebalance-delay"
      | "join-expired"
      | "sync-expired";
  }
>;

/** Decides on an input of the classic protocol. */
export function stepClassic(
  state: GroupState,
  input: ClassicInput,
  environment: ConsumerEnvironment,
): Outcome<GroupTypes> {
  const group = state.groups.get(input.groupId);
  if (input.kind === "offset-commit") return commitOffsets(group, input, environment);
  if (group?.kind === "consumer") return stepInConsumerGroup(group, input, environment);
  if (group?.kind === "streams" || group?.kind === "share") {
    return stepInOtherGroup(group, input, environment);
  }
  switch (input.kind) {
    case "join-group":
      return join(group, input, environment);
    case "sync-group":
      return sync(group, input, environment.context);
    case "heartbeat":
      return heartbeat(group, input, environment.context);
    case "leave-group":
      return leave(group, input, environment);
    default:
      return timerRanOut(group, input, environment);
  }
}

function stepInConsumerGroup(
  group: ConsumerGroup,
  input: Exclude<ClassicInput, { readonly kind: "offset-commit" }>,
  environment: ConsumerEnvironment,
): Outcome<GroupTypes> {
  switch (input.kind) {
    case "join-group":
      if (group.members.size > 0) return joinConsumerGroup(group, input, environment);
      return replaceEmptyGroup(group, join(undefined, input, environment));
    case "sync-group":
      return syncConsumerGroup(group, input, environment);
    case "heartbeat":
      return heartbeatInConsumerGroup(group, input, environment);
    case "leave-group":
      return leaveByClassicRequest(group, input, environment);
    default:
      // A timer of the classic group that this one was before.
      return {};
  }
}

/**
 * A group whose members never speak the classic protocol: only when empty it makes room, and a
 * share group never does: its states would be left behind.
 */
function stepInOtherGroup(
  group: Group,
  input: Exclude<ClassicInput, { readonly kind: "offset-commit" }>,
  environment: ConsumerEnvironment,
): Outcome<GroupTypes> {
  const { context } = environment;
  switch (input.kind) {
    case "join-group": {
      if (group.members.size === 0 && group.kind !== "share") {
        return replaceEmptyGroup(group, join(undefined, input, environment));
      }
      const reply = refusedJoin("", "INCONSISTENT_GROUP_PROTOCOL");
      return { replies: [{ to: context.replyTo, reply }] };
    }
    case "sync-group":
      return sync(undefined, input, context);
    case "heartbeat":
      return heartbeat(undefined, input, context);
    case "leave-group":
      return leave(undefined, input, environment);
    default:
      // A timer of the classic group that this one was before.
      return {};
  }
}

/** An empty group of another kind makes room for a classic one, unless the member was refused. */
function replaceEmptyGroup(group: Group, joined: Outcome<GroupTypes>): Outcome<GroupTypes> {
  if ((joined.changes ?? []).length === 0) return joined;
  return { ...joined, records: [...removalRecords(group), ...(joined.records ?? [])] };
}
