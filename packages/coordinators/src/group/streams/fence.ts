import type { Outcome } from "../../runtime/index.ts";
import type { Group } from "../group-state.ts";
import type { GroupTypes } from "../group-types.ts";
import { StreamsDraft, type StreamsEnvironment } from "./streams-draft.ts";
import type { StreamsMemberTimerInput } from "./streams-requests.ts";
import { STANDBY_REPLICAS, updateStreamsTarget } from "./target.ts";
import { groupEpochRecord } from "./group-epoch.ts";

/**
 * Takes a member out: its tasks are free at once, and the group's epoch grows, so that the next
 * heartbeat shares them out.
 */
export function fenceStreamsMember(draft: StreamsDraft, memberId: string): void {
  const { group } = draft;
  const { groupId } = group;
  draft.write(
    { kind: "streams-assignment", groupId, memberId, value: null },
    { kind: "streams-target", groupId, memberId, value: null },
    { kind: "streams-member", groupId, memberId, value: null },
    groupEpochRecord(group, { epoch: group.epoch + 1 }),
  );
  draft.forgetMember(memberId);
}

/** Decides on a member that did not do in time what it had to. */
export function streamsMemberExpired(
  group: Group | undefined,
  input: StreamsMemberTimerInput,
  environment: StreamsEnvironment,
): Outcome<GroupTypes> {
  if (group?.kind !== "streams") return {};
  const member = group.members.get(input.memberId);
  if (member === undefined) return {};
  if (input.memberEpoch !== undefined && input.memberEpoch !== member.memberEpoch) return {};
  const draft = new StreamsDraft(group, environment);
  fenceStreamsMember(draft, input.memberId);
  return draft.outcome();
}

/** Gives out the tasks of a new group that has waited for its members. */
export function initialDelayOver(
  group: Group | undefined,
  environment: StreamsEnvironment,
): Outcome<GroupTypes> {
  if (group?.kind !== "streams") return {};
  const draft = new StreamsDraft(group, environment);
  draft.setSoft({ isDelayed: false });
  const { configured } = group.soft;
  if (group.members.size > 0 && configured !== undefined) {
    updateStreamsTarget(draft, {
      epoch: group.epoch,
      configured,
      to: undefined,
      standbyReplicas: Number(group.lastAssignmentConfigs.get(STANDBY_REPLICAS) ?? 0),
    });
  }
  return draft.outcome();
}
