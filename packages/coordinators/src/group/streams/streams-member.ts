import type {
  MessageOf,
  StreamsGroupCurrentMemberAssignmentValue,
  StreamsGroupMemberMetadataValue,
} from "@millrace/protocol";
import {
  type EpochTaskMap,
  NO_OWNED_TASKS,
  type OwnedTasks,
  sameOwnedTasks,
  sortedEpochTasks,
  type TaskMap,
  toTaskIds,
  toTaskMap,
} from "./tasks.ts";

/**
 * How far a member is on its way to its target assignment. Legal transitions:
 *
 * stable → unrevoked (it must give tasks up first), → unreleased (others must), → stable
 * unrevoked → stable, unreleased (it has given up what it had to), → unrevoked (of a newer target)
 * unreleased → stable (all is free), → unreleased, → unrevoked (a newer target takes some away)
 *
 * `unknown` was written by a version that knows more states: such a member must join anew.
 */
export type StreamsMemberState = "stable" | "unrevoked" | "unreleased" | "unknown";

/** The states by their number in records. */
const memberStates: ReadonlyMap<number, StreamsMemberState> = new Map([
  [1, "stable"],
  [2, "unrevoked"],
  [3, "unreleased"],
]);
const stateNumbers: Record<StreamsMemberState, number> = {
  stable: 1,
  unrevoked: 2,
  unreleased: 3,
  unknown: 127,
};

/** The member epoch with which a member leaves, and of one whose assignment is gone. */
export const LEAVING_EPOCH = -1;

/** Where the interactive queries of a member are answered. */
export interface UserEndpoint {
  readonly host: string;
  readonly port: number;
}

/** A tag of a client. */
export interface ClientTag {
  readonly key: string;
  readonly value: string;
}

/** A member of a streams group. Never changed: a decision makes a new one. */
export interface StreamsMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly rebalanceTimeoutMs: number;
  /** -1 before it has told its topology. */
  readonly topologyEpoch: number;
  /** Members of one process share their state on disk: no two of them have a task. */
  readonly processId: string;
  readonly userEndpoint: UserEndpoint | null;
  /** By key, ascending. */
  readonly clientTags: readonly ClientTag[];
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  readonly state: StreamsMemberState;
  readonly assigned: OwnedTasks;
  readonly pendingRevocation: OwnedTasks;
}

/** A member that has said nothing yet. */
export function newStreamsMember(memberId: string): StreamsMember {
  return {
    memberId,
    instanceId: null,
    rackId: null,
    clientId: "",
    clientHost: "",
    rebalanceTimeoutMs: -1,
    topologyEpoch: -1,
    processId: "",
    userEndpoint: null,
    clientTags: [],
    memberEpoch: 0,
    previousMemberEpoch: 0,
    state: "stable",
    assigned: NO_OWNED_TASKS,
    pendingRevocation: NO_OWNED_TASKS,
  };
}

/** Whether a member has all of the target assignment of an epoch. */
export function isReconciledTo(member: StreamsMember, targetEpoch: number): boolean {
  return member.state === "stable" && member.memberEpoch === targetEpoch;
}

/** Whether what members tell of themselves is the same: their record need not be written again. */
export function sameMetadata(left: StreamsMember, right: StreamsMember): boolean {
  return (
    left.rackId === right.rackId &&
    left.clientId === right.clientId &&
    left.clientHost === right.clientHost &&
    left.rebalanceTimeoutMs === right.rebalanceTimeoutMs &&
    left.topologyEpoch === right.topologyEpoch &&
    left.processId === right.processId &&
    left.userEndpoint?.host === right.userEndpoint?.host &&
    left.userEndpoint?.port === right.userEndpoint?.port &&
    sameTags(left.clientTags, right.clientTags)
  );
}

/** Whether members have come as far as each other: their assignment need not be written again. */
export function sameProgress(left: StreamsMember, right: StreamsMember): boolean {
  return (
    left.memberEpoch === right.memberEpoch &&
    left.previousMemberEpoch === right.previousMemberEpoch &&
    left.state === right.state &&
    sameOwnedTasks(left.assigned, right.assigned) &&
    sameOwnedTasks(left.pendingRevocation, right.pendingRevocation)
  );
}

/** Sorts tags by key; of a key named twice the last counts. */
export function sortedTags(tags: readonly ClientTag[]): readonly ClientTag[] {
  const byKey = new Map(tags.map(({ key, value }) => [key, value]));
  return [...byKey]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => ({ key, value }));
}

type MetadataValue = MessageOf<typeof StreamsGroupMemberMetadataValue>;
type AssignmentValue = MessageOf<typeof StreamsGroupCurrentMemberAssignmentValue>;

/** The value of a member's metadata record. */
export function metadataToRecord(member: StreamsMember): MetadataValue {
  const { instanceId, rackId, clientId, clientHost, rebalanceTimeoutMs } = member;
  const { topologyEpoch, processId, userEndpoint, clientTags } = member;
  return {
    instanceId,
    rackId,
    clientId,
    clientHost,
    rebalanceTimeoutMs,
    topologyEpoch,
    processId,
    userEndpoint: userEndpoint && { host: userEndpoint.host, port: userEndpoint.port },
    clientTags: clientTags.map(({ key, value }) => ({ key, value })),
  };
}

/** A member after its metadata record. */
export function withMetadata(member: StreamsMember, value: MetadataValue): StreamsMember {
  return { ...member, ...value, clientTags: sortedTags(value.clientTags) };
}

/** The value of the record of a member's current assignment. */
export function assignmentToRecord(member: StreamsMember): AssignmentValue {
  const { memberEpoch, previousMemberEpoch, assigned, pendingRevocation } = member;
  return {
    memberEpoch,
    previousMemberEpoch,
    state: stateNumbers[member.state],
    activeTasks: activeToRecord(assigned.active),
    standbyTasks: passiveToRecord(assigned.standby),
    warmupTasks: passiveToRecord(assigned.warmup),
    activeTasksPendingRevocation: activeToRecord(pendingRevocation.active),
    standbyTasksPendingRevocation: passiveToRecord(pendingRevocation.standby),
    warmupTasksPendingRevocation: passiveToRecord(pendingRevocation.warmup),
  };
}

/** A member after the record of its current assignment. */
export function withAssignment(member: StreamsMember, value: AssignmentValue): StreamsMember {
  const { memberEpoch, previousMemberEpoch } = value;
  return {
    ...member,
    memberEpoch,
    previousMemberEpoch,
    state: memberStates.get(value.state) ?? "unknown",
    assigned: {
      active: activeFromRecord(value.activeTasks, memberEpoch),
      standby: toTaskMap(value.standbyTasks),
      warmup: toTaskMap(value.warmupTasks),
    },
    pendingRevocation: {
      active: activeFromRecord(value.activeTasksPendingRevocation, memberEpoch),
      standby: toTaskMap(value.standbyTasksPendingRevocation),
      warmup: toTaskMap(value.warmupTasksPendingRevocation),
    },
  };
}

type RecordTasks = AssignmentValue["activeTasks"];

function activeToRecord(tasks: EpochTaskMap): RecordTasks {
  return [...tasks].map(([subtopologyId, partitions]) => ({
    subtopologyId,
    partitions: [...partitions.keys()],
    assignmentEpochs: [...partitions.values()],
  }));
}

function passiveToRecord(tasks: TaskMap): RecordTasks {
  return toTaskIds(tasks).map((ids) => ({ ...ids, assignmentEpochs: null }));
}

/** Before Apache Kafka 4.3 records tell no epochs: the member's counts. */
function activeFromRecord(tasks: RecordTasks, memberEpoch: number): EpochTaskMap {
  const owned = new Map<string, ReadonlyMap<number, number>>();
  for (const { subtopologyId, partitions, assignmentEpochs } of tasks) {
    const entries = partitions.map((partition, index): [number, number] => {
      return [partition, assignmentEpochs?.[index] ?? memberEpoch];
    });
    if (entries.length > 0) owned.set(subtopologyId, new Map(entries));
  }
  return sortedEpochTasks(owned);
}

function sameTags(left: readonly ClientTag[], right: readonly ClientTag[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ key, value }, index) => {
      const other = right[index];
      return key === other?.key && value === other.value;
    })
  );
}
