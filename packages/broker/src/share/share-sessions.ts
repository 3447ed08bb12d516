import type { Uuid } from "@millrace/protocol";

import { nextFetchEpoch } from "../fetch/session.ts";

/** The epochs of KIP-932 that are not counted. */
export const shareEpochs = { initial: 0, final: -1 } as const;

/** A uuid in its long form has as many characters. */
const memberIdLengthMax = 36;

/** Whether a request of a share group's member names one, as Apache Kafka checks it. */
export function isShareMemberId(memberId: string | null): memberId is string {
  return memberId !== null && memberId.length > 0 && memberId.length <= memberIdLengthMax;
}

/** A partition that a session fetches. */
export interface SharedPartition {
  readonly topicId: Uuid;
  readonly partition: number;
}

/** What names a partition within a session and within a group. */
export function sharedPartitionKey({ topicId, partition }: SharedPartition): string {
  return `${topicId}:${partition}`;
}

/** One member's standing with this broker: what it fetches, and over which connection. */
export class ShareSession {
  readonly groupId: string;
  readonly memberId: string;
  /** The connection, as an identity only: the session ends with it. */
  readonly connection: object;
  /** The epoch that its next request must carry. */
  epoch = nextFetchEpoch(shareEpochs.initial);
  isClosed = false;
  readonly #partitions = new Map<string, SharedPartition>();
  /** Partitions that the next incremental answer names even if nothing is to be said of them. */
  readonly #unanswered = new Set<string>();

  constructor(options: {
    readonly groupId: string;
    readonly memberId: string;
    readonly connection: object;
    readonly partitions: readonly SharedPartition[];
  }) {
    this.groupId = options.groupId;
    this.memberId = options.memberId;
    this.connection = options.connection;
    for (const partition of options.partitions) {
      this.#partitions.set(sharedPartitionKey(partition), partition);
    }
  }

  get size(): number {
    return this.#partitions.size;
  }

  /** What it fetches, in the order in which it is served. */
  partitions(): SharedPartition[] {
    return [...this.#partitions.values()];
  }

  /** Takes the partitions that a request adds and forgets. */
  update(added: readonly SharedPartition[], forgotten: readonly SharedPartition[]): void {
    for (const partition of added) {
      const key = sharedPartitionKey(partition);
      if (this.#partitions.has(key)) continue;
      this.#partitions.set(key, partition);
      this.#unanswered.add(key);
    }
    for (const partition of forgotten) {
      const key = sharedPartitionKey(partition);
      this.#partitions.delete(key);
      this.#unanswered.delete(key);
    }
  }

  /**
   * Whether an incremental answer carries a result. A partition that gave records moves to the end,
   * so that no partition starves behind a busy one.
   */
  record(
    partition: SharedPartition,
    result: { readonly hasRecords: boolean; readonly hasError: boolean },
  ): boolean {
    const key = sharedPartitionKey(partition);
    const isNews = this.#unanswered.delete(key) || result.hasRecords || result.hasError;
    if (result.hasError) this.#unanswered.add(key);
    const known = this.#partitions.get(key);
    if (result.hasRecords && known !== undefined) {
      this.#partitions.delete(key);
      this.#partitions.set(key, known);
    }
    return isNews;
  }
}

/** The session part of a ShareFetch. */
export interface ShareSessionRequest {
  readonly groupId: string;
  readonly memberId: string;
  readonly epoch: number;
  readonly hasAcknowledgements: boolean;
  readonly partitions: readonly SharedPartition[];
  readonly forgotten: readonly SharedPartition[];
  readonly connection: object;
}

/** Why a request is not of its session. */
export type ShareSessionError =
  | "INVALID_REQUEST"
  | "SHARE_SESSION_NOT_FOUND"
  | "INVALID_SHARE_SESSION_EPOCH"
  | "SHARE_SESSION_LIMIT_REACHED";

/** How a ShareFetch is served. */
export type ShareSessionContext =
  | { readonly kind: "full" | "incremental" | "final"; readonly session: ShareSession }
  | { readonly kind: "refused"; readonly error: ShareSessionError };

/**
 * The share sessions of a broker, at most `group.share.max.share.sessions` of them. None is evicted
 * for another one: a session ends with its connection, or when its member says so.
 */
export class ShareSessions {
  readonly #sessionsMax: () => number;
  readonly #sessions = new Map<string, ShareSession>();
  readonly #countsByGroup = new Map<string, number>();
  readonly #byConnection = new WeakMap<object, Set<ShareSession>>();

  constructor(sessionsMax: () => number) {
    this.#sessionsMax = sessionsMax;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Partitions of all sessions. */
  get partitionCount(): number {
    let count = 0;
    for (const session of this.#sessions.values()) count += session.size;
    return count;
  }

  /** Sessions of a group. */
  countOf(groupId: string): number {
    return this.#countsByGroup.get(groupId) ?? 0;
  }

  /** Finds how a ShareFetch is served; takes over its changes to its session. */
  begin(request: ShareSessionRequest): ShareSessionContext {
    const { groupId, memberId, epoch } = request;
    const known = this.#sessions.get(keyOf(groupId, memberId));
    if (epoch === shareEpochs.initial) return this.#create(request, known);
    if (known === undefined) return refuse("SHARE_SESSION_NOT_FOUND");
    if (epoch === shareEpochs.final) return { kind: "final", session: known };
    if (known.epoch !== epoch) return refuse("INVALID_SHARE_SESSION_EPOCH");
    known.update(request.partitions, request.forgotten);
    known.epoch = nextFetchEpoch(known.epoch);
    return { kind: "incremental", session: known };
  }

  /** As `begin`, for a ShareAcknowledge: it cannot begin a session. */
  acknowledge(groupId: string, memberId: string, epoch: number): ShareSession | ShareSessionError {
    if (epoch === shareEpochs.initial) return "INVALID_SHARE_SESSION_EPOCH";
    const known = this.#sessions.get(keyOf(groupId, memberId));
    if (known === undefined) return "SHARE_SESSION_NOT_FOUND";
    if (epoch === shareEpochs.final) return known;
    if (known.epoch !== epoch) return "INVALID_SHARE_SESSION_EPOCH";
    known.epoch = nextFetchEpoch(known.epoch);
    return known;
  }

  /** Ends a session; false when it had ended before. */
  remove(session: ShareSession): boolean {
    if (session.isClosed) return false;
    session.isClosed = true;
    const { groupId, memberId, connection } = session;
    this.#sessions.delete(keyOf(groupId, memberId));
    this.#byConnection.get(connection)?.delete(session);
    const count = this.countOf(groupId) - 1;
    if (count > 0) this.#countsByGroup.set(groupId, count);
    else this.#countsByGroup.delete(groupId);
    return true;
  }

  /** The sessions that were begun over a connection. */
  ofConnection(connection: object): readonly ShareSession[] {
    return [...(this.#byConnection.get(connection) ?? [])];
  }

  #create(request: ShareSessionRequest, known: ShareSession | undefined): ShareSessionContext {
    // Nothing can have been acquired in a session that begins only now.
    if (request.hasAcknowledgements) return refuse("INVALID_REQUEST");
    if (known !== undefined) this.remove(known);
    if (this.#sessions.size >= this.#sessionsMax()) return refuse("SHARE_SESSION_LIMIT_REACHED");
    const { groupId, memberId, connection, partitions } = request;
    const session = new ShareSession({ groupId, memberId, connection, partitions });
    this.#sessions.set(keyOf(groupId, memberId), session);
    this.#countsByGroup.set(groupId, this.countOf(groupId) + 1);
    const ofConnection = this.#byConnection.get(connection) ?? new Set();
    this.#byConnection.set(connection, ofConnection.add(session));
    return { kind: "full", session };
  }
}

/** A member's id has no more than 36 characters, so that its length parts it from the group's. */
function keyOf(groupId: string, memberId: string): string {
  return `${memberId.length}:${memberId}:${groupId}`;
}

function refuse(error: ShareSessionError): ShareSessionContext {
  return { kind: "refused", error };
}
