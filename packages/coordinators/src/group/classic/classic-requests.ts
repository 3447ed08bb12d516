import type { ErrorName } from "@millrace/protocol";
import type { MemberProtocol } from "./classic-group.ts";

/** JoinGroup: become a member, or take part in the next generation. */
export interface JoinInput {
  readonly kind: "join-group";
  readonly groupId: string;
  /** Empty for who is not a member yet. */
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly protocolType: string;
  readonly protocols: readonly MemberProtocol[];
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  /** The client joins a second time with the id it was given (version 4 and later; KIP-394). */
  readonly requiresKnownMemberId: boolean;
  /** The client can be leader without making an assignment (version 9 and later; KIP-814). */
  readonly canSkipAssignment: boolean;
  /** Why it joins again (KIP-800). */
  readonly reason: string | null;
  /** As in ConsumerHeartbeatInput: the join may have a group's patterns looked up anew. */
  readonly mayDescribe?: (topic: string) => boolean;
}

/** The answer to JoinGroup. */
export interface JoinReply {
  readonly kind: "join-group";
  readonly error: ErrorName;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leaderId: string;
  readonly skipAssignment: boolean;
  readonly memberId: string;
  /** For the leader: everybody's metadata in the chosen protocol. */
  readonly members: readonly JoinedMember[];
}

/** A member as the leader sees it. */
export interface JoinedMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly metadata: Uint8Array;
}

/** SyncGroup: give (the leader) and get the assignment of a generation. */
export interface SyncInput {
  readonly kind: "sync-group";
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  /** null before version 5, which does not say them. */
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignments: readonly {
    readonly memberId: string;
    readonly assignment: Uint8Array;
  }[];
}

/** The answer to SyncGroup. */
export interface SyncReply {
  readonly kind: "sync-group";
  readonly error: ErrorName;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Uint8Array;
}

/** Heartbeat: I am alive; may I go on? */
export interface HeartbeatInput {
  readonly kind: "heartbeat";
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

/** The answer to Heartbeat. */
export interface HeartbeatReply {
  readonly kind: "heartbeat";
  readonly error: ErrorName;
}

/** LeaveGroup: remove members. */
export interface LeaveInput {
  readonly kind: "leave-group";
  readonly groupId: string;
  readonly members: readonly LeavingMember[];
}

/** Who leaves: by member id, or by static identity with an empty member id. */
export interface LeavingMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly reason: string | null;
}

/** The answer to LeaveGroup: one error a member, in the order asked. */
export interface LeaveReply {
  readonly kind: "leave-group";
  readonly error: ErrorName;
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly error: ErrorName;
  }[];
}

/** A timer of a classic group that ran out. */
export type ClassicTimerInput =
  /** A member did not send a heartbeat in time. */
  | { readonly kind: "session-expired"; readonly groupId: string; readonly memberId: string }
  /** The wait of the first rebalance is over, for now. */
  | { readonly kind: "initial-rebalance-delay"; readonly groupId: string }
  /** Members had all the time there is to join again. */
  | { readonly kind: "join-expired"; readonly groupId: string }
  /** Members had all the time there is to ask for their assignment. */
  | { readonly kind: "sync-expired"; readonly groupId: string; readonly generationId: number };
