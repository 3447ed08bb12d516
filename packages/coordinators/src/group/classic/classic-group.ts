import type { ReplyTo } from "../../runtime/index.ts";

/**
 * Where a classic group stands. Legal transitions:
 *
 * empty → preparing-rebalance (a member joins)
 * preparing-rebalance → completing-rebalance (all joined, or time is up), → empty (all left)
 * completing-rebalance → stable (the leader's assignment is there), → preparing-rebalance (a member
 *   joins, leaves or fails)
 * stable → preparing-rebalance (a member joins, leaves, fails or changes its protocols)
 *
 * A group is dead when it is not there any more: it has no object then.
 */
export type ClassicGroupState = "empty" | "preparing-rebalance" | "completing-rebalance" | "stable";

/** A group of the classic protocol. Never changed: a decision makes a new one. */
export interface ClassicGroup {
  readonly kind: "classic";
  readonly groupId: string;
  readonly state: ClassicGroupState;
  /**
   * When it entered its state, or when a group without a state of its own was first committed to.
   */
  readonly stateSinceMs: number;
  readonly generationId: number;
  /** "consumer", "connect" …; null until the first member says so, and for offsets alone. */
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leaderId: string | null;
  /** In the order in which they joined. */
  readonly members: ReadonlyMap<string, ClassicMember>;
  /** Ids that were given out and have not joined yet (KIP-394). */
  readonly pendingMembers: ReadonlySet<string>;
  /** Members that have not asked for their assignment in this generation. */
  readonly pendingSyncs: ReadonlySet<string>;
  /** The first rebalance of an empty group waits a while for more members. */
  readonly initialRebalance: InitialRebalance | undefined;
}

/** The wait of the first rebalance. */
export interface InitialRebalance {
  readonly remainingMs: number;
  /** A member came since the wait was last extended. */
  readonly hasNewMember: boolean;
}

/** A member of a classic group. */
export interface ClassicMember {
  readonly memberId: string;
  /** Its static identity (KIP-345); null for a dynamic member. */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly rebalanceTimeoutMs: number;
  readonly sessionTimeoutMs: number;
  /** What it can speak, in the order of its preference. */
  readonly protocols: readonly MemberProtocol[];
  readonly assignment: Uint8Array;
  /** It has not been in a finished generation yet. */
  readonly isNew: boolean;
  /** The JoinGroup request that waits for the generation to begin. */
  readonly awaitingJoin: ReplyTo | undefined;
  /** The SyncGroup request that waits for the leader's assignment. */
  readonly awaitingSync: ReplyTo | undefined;
}

/** A protocol (an assignor, for consumers) and what the member says in it. */
export interface MemberProtocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

/** The assignment of a member that the leader gave nothing. */
export const NO_ASSIGNMENT = new Uint8Array(0);

/** A group without members. */
export function emptyClassicGroup(groupId: string, nowMs: number): ClassicGroup {
  return {
    kind: "classic",
    groupId,
    state: "empty",
    stateSinceMs: nowMs,
    generationId: 0,
    protocolType: null,
    protocolName: null,
    leaderId: null,
    members: new Map(),
    pendingMembers: new Set(),
    pendingSyncs: new Set(),
    initialRebalance: undefined,
  };
}

/** The member with a static identity. */
export function staticMember(
  group: Pick<ClassicGroup, "members">,
  groupInstanceId: string | null,
): ClassicMember | undefined {
  if (groupInstanceId === null) return undefined;
  for (const member of group.members.values()) {
    if (member.groupInstanceId === groupInstanceId) return member;
  }
  return undefined;
}

/**
 * Whether a member with these protocols may join: the type is the group's and one protocol is
 * everybody's.
 */
export function supportsProtocols(
  group: Pick<ClassicGroup, "members" | "state" | "protocolType">,
  protocolType: string,
  protocols: readonly MemberProtocol[],
): boolean {
  if (group.members.size === 0) return protocolType !== "" && protocols.length > 0;
  if (protocolType !== group.protocolType) return false;
  return protocols.some(({ name }) => isEverybodys(group, name));
}

/**
 * The protocol of the next generation: each member votes for the first of its list that all speak.
 */
export function selectProtocol(group: Pick<ClassicGroup, "members">): string {
  const votes = new Map<string, number>();
  for (const { protocols } of group.members.values()) {
    const choice = protocols.find(({ name }) => isEverybodys(group, name));
    if (choice !== undefined) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1);
  }
  let winner = "";
  for (const [name, count] of votes) if (count > (votes.get(winner) ?? 0)) winner = name;
  return winner;
}

function isEverybodys(group: Pick<ClassicGroup, "members">, name: string): boolean {
  for (const { protocols } of group.members.values()) {
    if (!protocols.some((protocol) => protocol.name === name)) return false;
  }
  return true;
}

/** What a member says in a protocol; empty when it does not speak it. */
export function protocolMetadata(member: ClassicMember, name: string | null): Uint8Array {
  return member.protocols.find((protocol) => protocol.name === name)?.metadata ?? NO_ASSIGNMENT;
}

/** Whether two lists of protocols are the same, byte for byte and in the same order. */
export function sameProtocols(
  left: readonly MemberProtocol[],
  right: readonly MemberProtocol[],
): boolean {
  return (
    left.length === right.length &&
    left.every((protocol, index) => {
      const other = right[index];
      return (
        other !== undefined &&
        protocol.name === other.name &&
        Buffer.compare(protocol.metadata, other.metadata) === 0
      );
    })
  );
}

/**
 * Whether every member has asked to join the next generation, and nobody who got an id is missing.
 */
export function allHaveJoined(group: Pick<ClassicGroup, "members" | "pendingMembers">): boolean {
  if (group.pendingMembers.size > 0) return false;
  for (const member of group.members.values()) {
    if (member.awaitingJoin === undefined) return false;
  }
  return true;
}

/** The longest time that a member may take to join again. */
export function rebalanceTimeoutMs(group: Pick<ClassicGroup, "members">): number {
  let longest = 0;
  for (const member of group.members.values()) {
    longest = Math.max(longest, member.rebalanceTimeoutMs);
  }
  return longest;
}
