import { assignSticky, type StreamsMemberToAssign } from "./assignors/sticky.ts";
import type { ConfiguredTopology } from "./configured-topology.ts";
import type { StreamsDraft } from "./streams-draft.ts";
import type { StreamsMember } from "./streams-member.ts";
import type { StreamsStatus } from "./streams-status.ts";
import { NO_TASKS, sameTasks, type Tasks, toTaskLists } from "./tasks.ts";

/** The configuration that an assignment is worked out with, by its name in records. */
export const STANDBY_REPLICAS = "num.standby.replicas";

/** The target that a member is to be brought to. */
export interface StreamsTarget {
  readonly epoch: number;
  readonly target: Tasks;
  /** Why it is not the newest; undefined when it is. */
  readonly status: StreamsStatus | undefined;
}

/** What a target is worked out for. */
export interface StreamsTargetRequest {
  readonly epoch: number;
  readonly configured: ConfiguredTopology;
  /** The member that asks, as it is now; undefined when a timer does. */
  readonly to: StreamsMember | undefined;
  readonly standbyReplicas: number;
}

/**
 * Works out the target assignment of a group whose epoch has grown, unless the group is new and
 * waits for members, or the last time is less than the group's assignment interval ago: a heartbeat
 * after it will, for all that came meanwhile.
 */
export function updateStreamsTarget(
  draft: StreamsDraft,
  request: StreamsTargetRequest,
): StreamsTarget {
  const { group } = draft;
  const { epoch, to } = request;
  if (draft.soft.isDelayed) {
    return delayed("initial rebalance delay", { epoch: group.targetEpoch, target: NO_TASKS });
  }
  const last = {
    epoch: group.targetEpoch,
    target: to === undefined ? NO_TASKS : group.target(to.memberId),
  };
  if (group.targetEpoch >= epoch) return { ...last, status: undefined };
  return isDue(draft) ? assign(draft, request) : delayed("assignment interval", last);
}

function isDue({ group, settings, environment }: StreamsDraft): boolean {
  const { assignmentIntervalMs } = settings;
  return (
    group.targetTimestampMs === 0 ||
    assignmentIntervalMs === 0 ||
    environment.context.nowMs >= group.targetTimestampMs + assignmentIntervalMs
  );
}

function delayed(reason: string, last: Pick<StreamsTarget, "epoch" | "target">): StreamsTarget {
  const detail = `Assignment delayed due to the configured ${reason}.`;
  return { ...last, status: { code: "ASSIGNMENT_DELAYED", detail } };
}

function assign(draft: StreamsDraft, request: StreamsTargetRequest): StreamsTarget {
  const { group, environment } = draft;
  const { groupId } = group;
  const { epoch, to } = request;
  const targets = newTargets(draft, request);
  for (const [memberId, target] of targets) {
    const before = group.targets.get(memberId);
    if (before !== undefined && sameTasks(before, target)) continue;
    draft.write({ kind: "streams-target", groupId, memberId, value: toTaskLists(target) });
  }
  draft.write({
    kind: "streams-target-epoch",
    groupId,
    value: { assignmentEpoch: epoch, assignmentTimestamp: environment.context.nowMs },
  });
  const target = to === undefined ? undefined : targets.get(to.memberId);
  return { epoch, target: target ?? NO_TASKS, status: undefined };
}

/** While topics are missing nobody has anything to do. */
function newTargets(
  { group }: StreamsDraft,
  { configured, to, standbyReplicas }: StreamsTargetRequest,
): ReadonlyMap<string, Tasks> {
  const members = new Map<string, StreamsMemberToAssign>();
  const add = ({ memberId, processId }: StreamsMember): void => {
    members.set(memberId, { memberId, processId, target: group.target(memberId) });
  };
  for (const member of group.members.values()) add(member);
  if (to !== undefined) add(to);
  if (configured.status !== undefined) {
    return new Map([...members.keys()].map((memberId) => [memberId, NO_TASKS]));
  }
  const { subtopologies } = configured;
  return assignSticky({ members: [...members.values()], subtopologies, standbyReplicas });
}
