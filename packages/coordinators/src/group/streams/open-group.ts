import { isRefusal, type Refusal } from "../consumer/consumer-requests.ts";
import { notFound } from "../consumer/open-group.ts";
import type { GroupState } from "../group-state.ts";
import { StreamsDraft, type StreamsEnvironment } from "./streams-draft.ts";
import { StreamsGroup } from "./streams-group.ts";
import type { StreamsHeartbeatInput } from "./streams-requests.ts";

/**
 * Begins a decision about a streams group for a member that is in it or joins it. A member that
 * joins makes the group; an empty classic group becomes one.
 */
export function openStreamsGroup(
  state: GroupState,
  input: StreamsHeartbeatInput,
  environment: StreamsEnvironment,
): StreamsDraft | Refusal {
  const draft = open(state, input, environment);
  if (isRefusal(draft)) return draft;
  const { members } = draft.group;
  const limit = environment.config.streamsGroupSizeMax;
  if (members.size < limit || members.has(input.memberId)) return draft;
  return {
    error: "GROUP_MAX_SIZE_REACHED",
    message: `The streams group has reached its maximum capacity of ${limit} members.`,
  };
}

function open(
  state: GroupState,
  { groupId, memberEpoch }: StreamsHeartbeatInput,
  environment: StreamsEnvironment,
): StreamsDraft | Refusal {
  const joins = memberEpoch === 0;
  const group = state.groups.get(groupId);
  if (group?.kind === "streams") return new StreamsDraft(group, environment);
  if (group === undefined && !joins) return notFound(`Streams group ${groupId} not found.`);
  const draft = new StreamsDraft(new StreamsGroup(groupId), environment);
  if (group === undefined) return draft;
  const canBecome = joins && group.kind === "classic" && group.state === "empty";
  if (!canBecome) return notFound(`Group ${groupId} is not a streams group.`);
  draft.write({ kind: "group-metadata", groupId, value: null });
  return draft;
}
