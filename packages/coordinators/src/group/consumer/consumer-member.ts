import type {
  ConsumerGroupCurrentMemberAssignmentValue,
  ConsumerGroupMemberMetadataValue,
  MessageOf,
} from "@millrace/protocol";
import { NOTHING_OWNED, type OwnedPartitions, sameOwned } from "./assignment.ts";
import { ownedFromRecord, ownedToRecord } from "./owned.ts";
import type { MemberProtocol } from "../classic/classic-group.ts";

/**
 * How far a member is on its way to its target assignment. Legal transitions:
 *
 * stable → unrevoked (it must give partitions up first), → unreleased (others must), → stable
 * unrevoked → stable, unreleased (it has given up what it had to), → unrevoked (of a newer target)
 * unreleased → stable (all is free), → unreleased, → unrevoked (a newer target takes some away)
 *
 * `unknown` was written by a version that knows more states: such a member must join anew.
 */
export type MemberState = "stable" | "unrevoked" | "unreleased" | "unknown";

/** The states by their number in records. */
const memberStates: readonly MemberState[] = ["stable", "unrevoked", "unreleased"];
const UNKNOWN_STATE = 127;

/** The member epoch of a static member that is away and may come back. */
export const STATIC_MEMBER_AWAY_EPOCH = -2;
/** The member epoch with which a member leaves, and of one whose assignment is gone. */
export const LEAVING_EPOCH = -1;

/** A member of a consumer group. Never changed: a decision makes a new one. */
export interface ConsumerMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly rebalanceTimeoutMs: number;
  /** Ascending, each once. */
  readonly subscribedTopicNames: readonly string[];
  /** Empty when it subscribes by names alone. */
  readonly subscribedTopicRegex: string;
  readonly serverAssignor: string | null;
  /**
   * What a member that speaks the classic protocol said in it; null for one that speaks this one.
   */
  readonly classic: ClassicMemberMetadata | null;
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  readonly state: MemberState;
  readonly assigned: OwnedPartitions;
  readonly pendingRevocation: OwnedPartitions;
}

/** What a classic member brought with its JoinGroup. */
export interface ClassicMemberMetadata {
  readonly sessionTimeoutMs: number;
  readonly protocols: readonly MemberProtocol[];
}

/** A member that has said nothing yet. */
export function newConsumerMember(memberId: string): ConsumerMember {
  return {
    memberId,
    instanceId: null,
    rackId: null,
    clientId: "",
    clientHost: "",
    rebalanceTimeoutMs: -1,
    subscribedTopicNames: [],
    subscribedTopicRegex: "",
    serverAssignor: null,
    classic: null,
    memberEpoch: 0,
    previousMemberEpoch: 0,
    state: "stable",
    assigned: NOTHING_OWNED,
    pendingRevocation: NOTHING_OWNED,
  };
}

/** Whether a member has all of the target assignment of an epoch. */
export function isReconciledTo(member: ConsumerMember, targetEpoch: number): boolean {
  return member.state === "stable" && member.memberEpoch === targetEpoch;
}

/** Whether what members tell of themselves is the same: their record need not be written again. */
export function sameMetadata(left: ConsumerMember, right: ConsumerMember): boolean {
  return (
    left.instanceId === right.instanceId &&
    left.rackId === right.rackId &&
    left.clientId === right.clientId &&
    left.clientHost === right.clientHost &&
    left.rebalanceTimeoutMs === right.rebalanceTimeoutMs &&
    left.subscribedTopicRegex === right.subscribedTopicRegex &&
    left.serverAssignor === right.serverAssignor &&
    sameNames(left.subscribedTopicNames, right.subscribedTopicNames) &&
    sameClassic(left.classic, right.classic)
  );
}

/** Whether members have come as far as each other: their assignment need not be written again. */
export function sameProgress(left: ConsumerMember, right: ConsumerMember): boolean {
  return (
    left.memberEpoch === right.memberEpoch &&
    left.previousMemberEpoch === right.previousMemberEpoch &&
    left.state === right.state &&
    sameOwned(left.assigned, right.assigned) &&
    sameOwned(left.pendingRevocation, right.pendingRevocation)
  );
}

/** Whether two sorted lists of names are the same. */
export function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}

/** Sorts names and drops what is there twice. */
export function sortedNames(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

type MetadataValue = MessageOf<typeof ConsumerGroupMemberMetadataValue>;
type AssignmentValue = MessageOf<typeof ConsumerGroupCurrentMemberAssignmentValue>;

/** The value of a member's metadata record. */
export function metadataToRecord(member: ConsumerMember): MetadataValue {
  const { instanceId, rackId, clientId, clientHost, rebalanceTimeoutMs, classic } = member;
  return {
    instanceId,
    rackId,
    clientId,
    clientHost,
    subscribedTopicNames: [...member.subscribedTopicNames],
    subscribedTopicRegex: member.subscribedTopicRegex,
    rebalanceTimeoutMs,
    serverAssignor: member.serverAssignor,
    classicMemberMetadata:
      classic === null
        ? null
        : {
            sessionTimeoutMs: classic.sessionTimeoutMs,
            supportedProtocols: classic.protocols.map(({ name, metadata }) => ({
              name,
              metadata: Buffer.from(metadata),
            })),
          },
  };
}

/** A member after its metadata record. */
export function withMetadata(member: ConsumerMember, value: MetadataValue): ConsumerMember {
  const { instanceId, rackId, clientId, clientHost, rebalanceTimeoutMs } = value;
  const classic = value.classicMemberMetadata;
  return {
    ...member,
    instanceId,
    rackId,
    clientId,
    clientHost,
    rebalanceTimeoutMs,
    subscribedTopicNames: sortedNames(value.subscribedTopicNames),
    subscribedTopicRegex: value.subscribedTopicRegex ?? "",
    serverAssignor: value.serverAssignor,
    classic:
      classic === null
        ? null
        : { sessionTimeoutMs: classic.sessionTimeoutMs, protocols: classic.supportedProtocols },
  };
}

/** The value of the record of a member's current assignment. */
export function assignmentToRecord(member: ConsumerMember): AssignmentValue {
  const state = memberStates.indexOf(member.state);
  return {
    memberEpoch: member.memberEpoch,
    previousMemberEpoch: member.previousMemberEpoch,
    state: state === -1 ? UNKNOWN_STATE : state,
    assignedPartitions: ownedToRecord(member.assigned),
    partitionsPendingRevocation: ownedToRecord(member.pendingRevocation),
  };
}

/** A member after the record of its current assignment. */
export function withAssignment(member: ConsumerMember, value: AssignmentValue): ConsumerMember {
  const { memberEpoch, previousMemberEpoch } = value;
  return {
    ...member,
    memberEpoch,
    previousMemberEpoch,
    state: memberStates[value.state] ?? "unknown",
    assigned: ownedFromRecord(value.assignedPartitions, memberEpoch),
    pendingRevocation: ownedFromRecord(value.partitionsPendingRevocation, memberEpoch),
  };
}

function sameClassic(
  left: ClassicMemberMetadata | null,
  right: ClassicMemberMetadata | null,
): boolean {
  if (left === null || right === null) return left === right;
  return (
    left.sessionTimeoutMs === right.sessionTimeoutMs &&
    left.protocols.length === right.protocols.length &&
    left.protocols.every(({ name, metadata }, index) => {
      const other = right.protocols[index];
      return name === other?.name && Buffer.compare(metadata, other.metadata) === 0;
    })
  );
}
