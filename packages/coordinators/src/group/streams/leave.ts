import { isRefusal, type Refusal } from "../consumer/consumer-requests.ts";
import { notFound } from "../consumer/open-group.ts";
import type { GroupState } from "../group-state.ts";
import { fenceStreamsMember } from "./fence.ts";
import { knownStreamsMember } from "./membership.ts";
import { StreamsDraft, type StreamsEnvironment } from "./streams-draft.ts";
import type { StreamsHeartbeatInput } from "./streams-requests.ts";

/** Decides on a member that leaves; it may ask for the whole application to stop. */
export function leaveStreamsGroup(
  state: GroupState,
  input: StreamsHeartbeatInput,
  environment: StreamsEnvironment,
): StreamsDraft | Refusal {
  const { groupId, memberId, memberEpoch } = input;
  const group = state.groups.get(groupId);
  if (group === undefined) return notFound(`Group ${groupId} not found.`);
  if (group.kind !== "streams") return notFound(`Group ${groupId} is not a streams group.`);
  const member = knownStreamsMember(group, memberId);
  if (isRefusal(member)) return member;
  const draft = new StreamsDraft(group, environment);
  if (input.shutdownApplication) draft.setSoft({ shutdownRequestedBy: memberId });
  fenceStreamsMember(draft, memberId);
  draft.reply({
    kind: "streams-heartbeat",
    error: "NONE",
    message: null,
    memberId,
    memberEpoch,
    heartbeatIntervalMs: 0,
    statuses: [],
    tasks: null,
    endpointInformationEpoch: 0,
    partitionsByUserEndpoint: null,
    topicsToCreate: [],
  });
  return draft;
}
