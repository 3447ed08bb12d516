import type { ErrorName } from "@millrace/protocol";
import type { Reply, TimerChange } from "../../runtime/index.ts";
import type { GroupTypes } from "../group-types.ts";
import {
  type ClassicGroup,
  type ClassicMember,
  emptyClassicGroup,
  NO_ASSIGNMENT,
  protocolMetadata,
} from "./classic-group.ts";
import type { JoinReply } from "./classic-requests.ts";

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** Timers of a classic group, by what they wait for. */
export const timerKeys = {
  session: (groupId: string, memberId: string) => `session/${groupId}/${memberId}`,
  join: (groupId: string) => `join/${groupId}`,
  sync: (groupId: string) => `sync/${groupId}`,
};

/**
 * A classic group while one decision is made about it: a copy that the decision may change, and all
 * that is to come of it. The group it was made from stays as it is.
 */
export class ClassicDraft {
  readonly group: Mutable<ClassicGroup>;
  readonly members: Map<string, ClassicMember>;
  readonly pendingMembers: Set<string>;
  readonly pendingSyncs: Set<string>;
  readonly nowMs: number;
  readonly replies: Reply<GroupTypes>[] = [];
  readonly timers: TimerChange<GroupTypes>[] = [];
  /** The group's record is to be written: its generation or its assignment is new. */
  needsRecord = false;

  constructor(from: ClassicGroup | undefined, options: { groupId: string; nowMs: number }) {
    const group = from ?? emptyClassicGroup(options.groupId, options.nowMs);
    this.members = new Map(group.members);
    this.pendingMembers = new Set(group.pendingMembers);
    this.pendingSyncs = new Set(group.pendingSyncs);
    this.nowMs = options.nowMs;
    this.group = {
      ...group,
      members: this.members,
      pendingMembers: this.pendingMembers,
      pendingSyncs: this.pendingSyncs,
    };
  }

  /** Goes to a state. */
  enter(state: ClassicGroup["state"]): void {
    this.group.state = state;
    this.group.stateSinceMs = this.nowMs;
  }

  /** Replaces a member by one with other values. */
  update(memberId: string, values: Partial<ClassicMember>): void {
    const member = this.members.get(memberId);
    if (member !== undefined) this.members.set(memberId, { ...member, ...values });
  }

  /** Answers the JoinGroup request of a member, if one waits. */
  answerJoin(memberId: string, reply: JoinReply): void {
    const to = this.members.get(memberId)?.awaitingJoin;
    if (to === undefined) return;
    this.replies.push({ to, reply });
    this.update(memberId, { awaitingJoin: undefined });
  }

  /** Answers the SyncGroup request of a member, if one waits. */
  answerSync(memberId: string, error: ErrorName): void {
    const member = this.members.get(memberId);
    if (member?.awaitingSync === undefined) return;
    const isGood = error === "NONE";
    this.replies.push({
      to: member.awaitingSync,
      reply: {
        kind: "sync-group",
        error,
        protocolType: isGood ? this.group.protocolType : null,
        protocolName: isGood ? this.group.protocolName : null,
        assignment: isGood ? member.assignment : NO_ASSIGNMENT,
      },
    });
    this.update(memberId, { awaitingSync: undefined });
    if (isGood) this.expectHeartbeat(memberId);
  }

  /** Expects a sign of life within the member's session time-out. */
  expectHeartbeat(memberId: string, delayMs?: number): void {
    const { groupId } = this.group;
    const sessionMs = delayMs ?? this.members.get(memberId)?.sessionTimeoutMs;
    if (sessionMs === undefined) return;
    this.timers.push({
      kind: "set",
      key: timerKeys.session(groupId, memberId),
      delayMs: sessionMs,
      input: { kind: "session-expired", groupId, memberId },
    });
  }

  /** Expects nothing of a member any more. */
  forgetSession(memberId: string): void {
    this.cancel(timerKeys.session(this.group.groupId, memberId));
  }

  cancel(key: string): void {
    this.timers.push({ kind: "cancel", key });
  }

  /** What everybody's metadata is, for the leader. */
  joinedMembers(): JoinReply["members"] {
    return [...this.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      metadata: protocolMetadata(member, this.group.protocolName),
    }));
  }

  /** The answer to a member of the generation as it is now. */
  joinReply(memberId: string, values: Partial<JoinReply> = {}): JoinReply {
    const { group } = this;
    return {
      kind: "join-group",
      error: "NONE",
      generationId: group.generationId,
      protocolType: group.protocolType,
      protocolName: group.protocolName,
      leaderId: group.leaderId ?? "",
      skipAssignment: false,
      memberId,
      members: group.leaderId === memberId ? this.joinedMembers() : [],
      ...values,
    };
  }
}

/** The answer to a JoinGroup that is refused. */
export function refusedJoin(memberId: string, error: ErrorName): JoinReply {
  return {
    kind: "join-group",
    error,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leaderId: "",
    skipAssignment: false,
    memberId,
    members: [],
  };
}
