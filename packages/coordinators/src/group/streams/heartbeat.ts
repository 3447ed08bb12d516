import type { Outcome } from "../../runtime/index.ts";
import { isRefusal, type Refusal } from "../consumer/consumer-requests.ts";
import type { GroupState } from "../group-state.ts";
import type { GroupTypes } from "../group-types.ts";
import { partitionsByEndpoint } from "./endpoints.ts";
import { groupEpochRecord } from "./group-epoch.ts";
import { checkStreamsHeartbeat } from "./heartbeat-check.ts";
import { leaveStreamsGroup } from "./leave.ts";
import { joinedStreamsMember, reportedTasks, withNews } from "./membership.ts";
import { openStreamsGroup } from "./open-group.ts";
import { reconcileStreams } from "./reconcile.ts";
import { settleTopology, type SettledTopology } from "./settle-topology.ts";
import type { StreamsDraft, StreamsEnvironment } from "./streams-draft.ts";
import {
  assignmentToRecord,
  metadataToRecord,
  sameMetadata,
  sameProgress,
  type StreamsMember,
} from "./streams-member.ts";
import type { StreamsHeartbeatInput, StreamsHeartbeatReply } from "./streams-requests.ts";
import type { StreamsStatus } from "./streams-status.ts";
import { STANDBY_REPLICAS, type StreamsTarget, updateStreamsTarget } from "./target.ts";
import { sameOwnedTasks, tasksOf, toTaskLists } from "./tasks.ts";

/**
 * Decides on a StreamsGroupHeartbeat (KIP-1071): what the member says of itself is taken down, its
 * topology brought together with the topics of the cluster, the group's target worked out anew if
 * that changes it, and the member brought a step towards its target.
 */
export function streamsHeartbeat(
  state: GroupState,
  input: StreamsHeartbeatInput,
  environment: StreamsEnvironment,
): Outcome<GroupTypes> {
  const decided = decide(state, input, environment);
  if (!isRefusal(decided)) return decided.outcome();
  const reply = refusedStreamsHeartbeat(decided);
  return { replies: [{ to: environment.context.replyTo, reply }] };
}

/** The answer to a StreamsGroupHeartbeat that is refused. */
export function refusedStreamsHeartbeat(
  refusal: Pick<Refusal, "error"> & { readonly message: string | null },
): StreamsHeartbeatReply {
  const { error, message } = refusal;
  return {
    kind: "streams-heartbeat",
    error,
    message,
    memberId: "",
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
    statuses: null,
    tasks: null,
    endpointInformationEpoch: 0,
    partitionsByUserEndpoint: null,
    topicsToCreate: [],
  };
}

function decide(
  state: GroupState,
  input: StreamsHeartbeatInput,
  environment: StreamsEnvironment,
): StreamsDraft | Refusal {
  const invalid = checkStreamsHeartbeat(input);
  if (invalid !== undefined) return invalid;
  if (input.memberEpoch < 0) return leaveStreamsGroup(state, input, environment);
  const draft = openStreamsGroup(state, input, environment);
  return isRefusal(draft) ? draft : stay(draft, input);
}

function stay(draft: StreamsDraft, input: StreamsHeartbeatInput): StreamsDraft | Refusal {
  const { group } = draft;
  const from = joinedStreamsMember(group, input);
  if (isRefusal(from)) return from;
  const to = withNews(from, input);
  const hasNews = !group.members.has(to.memberId) || !sameMetadata(from, to);
  const { groupId } = group;
  const { memberId } = to;
  if (hasNews) {
    draft.write({ kind: "streams-member", groupId, memberId, value: metadataToRecord(to) });
  }
  const settled = settleTopology(draft, input);
  if (isRefusal(settled)) return settled;
  const epoch = growEpoch(draft, settled, hasNews);
  const target = workOutTarget(draft, { epoch, settled, to });
  const member = reconcileStreams({
    group,
    member: to,
    targetEpoch: target.epoch,
    target: target.target,
    reported: reportedTasks(input),
  });
  if (isRefusal(member)) return member;
  if (!sameProgress(member, to)) writeAssignment(draft, member);
  draft.expectHeartbeat(memberId);
  if (input.shutdownApplication && draft.soft.shutdownRequestedBy === undefined) {
    draft.setSoft({ shutdownRequestedBy: memberId });
  }
  answer(draft, { input, from, member, settled, target });
  return draft;
}

/** Lets the epoch grow if member, topology, topics or configuration have changed. */
function growEpoch(draft: StreamsDraft, settled: SettledTopology, hasNews: boolean): number {
  const { group, settings } = draft;
  const { metadataHash, validatedTopologyEpoch } = settled;
  const assignmentConfigs = new Map([[STANDBY_REPLICAS, String(settings.standbyReplicas)]]);
  const hasNewConfigs =
    group.lastAssignmentConfigs.size !== assignmentConfigs.size ||
    [...assignmentConfigs].some(([key, value]) => group.lastAssignmentConfigs.get(key) !== value);
  const isBumped =
    hasNews ||
    hasNewConfigs ||
    metadataHash !== group.metadataHash ||
    validatedTopologyEpoch !== group.validatedTopologyEpoch;
  if (!isBumped) return group.epoch;
  const epoch = group.epoch + 1;
  draft.write(
    groupEpochRecord(group, { epoch, metadataHash, validatedTopologyEpoch, assignmentConfigs }),
  );
  return epoch;
}

function workOutTarget(
  draft: StreamsDraft,
  next: {
    readonly epoch: number;
    readonly settled: SettledTopology;
    readonly to: StreamsMember;
  },
): StreamsTarget {
  const { group, settings } = draft;
  const { initialRebalanceDelayMs, standbyReplicas } = settings;
  if (group.members.size === 0 && initialRebalanceDelayMs > 0) {
    draft.expectMembers(initialRebalanceDelayMs);
    draft.setSoft({ isDelayed: true });
  }
  const { epoch, to, settled } = next;
  return updateStreamsTarget(draft, { epoch, to, configured: settled.configured, standbyReplicas });
}

/** Writes how far a member has come, and gives it its time to give up what it has to. */
function writeAssignment(draft: StreamsDraft, member: StreamsMember): void {
  const { groupId } = draft.group;
  const { memberId, memberEpoch, rebalanceTimeoutMs: timeoutMs } = member;
  const value = assignmentToRecord(member);
  draft.write({ kind: "streams-assignment", groupId, memberId, value });
  if (member.state === "unrevoked") draft.expectRevocation(memberId, { memberEpoch, timeoutMs });
  else draft.cancelRevocation(memberId);
}

interface Heartbeat {
  readonly input: StreamsHeartbeatInput;
  readonly from: StreamsMember;
  readonly member: StreamsMember;
  readonly settled: SettledTopology;
  readonly target: StreamsTarget;
}

function answer(draft: StreamsDraft, heartbeat: Heartbeat): void {
  const { input, from, member, settled } = heartbeat;
  const { group, environment, settings } = draft;
  const mustKnow = input.memberEpoch === 0 || !sameOwnedTasks(from.assigned, member.assigned);
  if (mustKnow && member.userEndpoint !== null) {
    draft.setSoft({ endpointInformationEpoch: draft.soft.endpointInformationEpoch + 1 });
  }
  const { endpointInformationEpoch } = draft.soft;
  draft.reply({
    kind: "streams-heartbeat",
    error: "NONE",
    message: null,
    memberId: member.memberId,
    memberEpoch: member.memberEpoch,
    heartbeatIntervalMs: settings.heartbeatIntervalMs,
    statuses: statusesOf(draft, heartbeat),
    tasks: mustKnow ? toTaskLists(tasksOf(member.assigned)) : null,
    endpointInformationEpoch,
    partitionsByUserEndpoint:
      endpointInformationEpoch === input.endpointInformationEpoch
        ? null
        : partitionsByEndpoint(
            new Map(group.members).set(member.memberId, member).values(),
            settled.configured,
            environment.topics,
          ),
    topicsToCreate: settled.configured.topicsToCreate,
  });
}

function statusesOf(
  draft: StreamsDraft,
  { member, settled, target }: Heartbeat,
): readonly StreamsStatus[] {
  const { topologyEpoch: epoch } = member;
  const { topologyEpoch: of } = settled;
  const stale: StreamsStatus | undefined =
    epoch >= of
      ? undefined
      : {
          code: "STALE_TOPOLOGY",
          detail: `The member's topology epoch ${epoch} is behind the group's topology epoch ${of}.`,
        };
  const { shutdownRequestedBy } = draft.soft;
  const shutdown: StreamsStatus | undefined =
    shutdownRequestedBy === undefined
      ? undefined
      : {
          code: "SHUTDOWN_APPLICATION",
          detail: `Streams group member ${shutdownRequestedBy} encountered a fatal error and requested a shutdown for the entire application.`,
        };
  const statuses = [stale, target.status, settled.configured.status, shutdown];
  return statuses.filter((status) => status !== undefined);
}
