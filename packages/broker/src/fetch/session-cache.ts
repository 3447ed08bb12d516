import type { Random } from "@millrace/platform";

import { type FetchPartition, fetchEpochs, FetchSession, nextFetchEpoch } from "./session.ts";

/** A session younger than this, or used since, keeps its slot (Kafka's constant, KIP-227). */
const evictionAgeMs = 120_000;

/** Session ids are positive int32s. */
const endSessionId = 2 ** 31 - 1;

/** The session part of a Fetch request. */
export interface FetchSessionRequest {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly usesTopicIds: boolean;
  /** A follower's session may take a consumer's slot, never the other way round. */
  readonly isFollower: boolean;
  readonly partitions: readonly FetchPartition[];
  readonly forgottenKeys: readonly string[];
}

/** How a Fetch is served: without a session, with a new one, or as an increment of one. */
export type FetchContext =
  | { readonly kind: "sessionless"; readonly partitions: readonly FetchPartition[] }
  | { readonly kind: "full"; readonly partitions: readonly FetchPartition[] }
  | {
      readonly kind: "incremental";
      readonly session: FetchSession;
      readonly partitions: readonly FetchPartition[];
    }
  | {
      readonly kind: "refused";
      readonly error:
        | "FETCH_SESSION_ID_NOT_FOUND"
        | "INVALID_FETCH_SESSION_EPOCH"
        | "FETCH_SESSION_TOPIC_ID_ERROR";
    };

/**
 * The fetch sessions of a broker, at most `slots` of them
 * (`max.incremental.fetch.session.cache.slots`).
 */
export class FetchSessionCache {
  readonly #slots: number;
  readonly #random: Random;
  readonly #nowMs: () => number;
  /** In the order of last use, the oldest first. */
  readonly #sessions = new Map<number, FetchSession>();
  #evictionCount = 0;

  constructor(options: {
    readonly slots: number;
    readonly random: Random;
    readonly nowMs: () => number;
  }) {
    this.#slots = options.slots;
    this.#random = options.random;
    this.#nowMs = options.nowMs;
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

  get evictionCount(): number {
    return this.#evictionCount;
  }

  /** Finds how a request is served; takes over its changes to its session. */
  begin(request: FetchSessionRequest): FetchContext {
    if (
      request.sessionEpoch === fetchEpochs.initial ||
      request.sessionEpoch === fetchEpochs.final
    ) {
      this.#sessions.delete(request.sessionId);
      const kind = request.sessionEpoch === fetchEpochs.final ? "sessionless" : "full";
      return { kind, partitions: request.partitions };
    }
    const session = this.#sessions.get(request.sessionId);
    if (session === undefined) return { kind: "refused", error: "FETCH_SESSION_ID_NOT_FOUND" };
    if (session.usesTopicIds !== request.usesTopicIds) {
      return { kind: "refused", error: "FETCH_SESSION_TOPIC_ID_ERROR" };
    }
    if (session.epoch !== request.sessionEpoch) {
      return { kind: "refused", error: "INVALID_FETCH_SESSION_EPOCH" };
    }
    session.update(request.partitions, request.forgottenKeys);
    if (session.size === 0) {
      this.#sessions.delete(session.id);
      return { kind: "sessionless", partitions: [] };
    }
    this.#touch(session);
    session.epoch = nextFetchEpoch(session.epoch);
    return { kind: "incremental", session, partitions: session.requests() };
  }

  /** Makes a session for a full fetch; undefined when every slot is in better use. */
  create(request: FetchSessionRequest): FetchSession | undefined {
    if (this.#sessions.size >= this.#slots && !this.#evictFor(request)) return undefined;
    const session = new FetchSession({
      id: this.#freshId(),
      isPrivileged: request.isFollower,
      usesTopicIds: request.usesTopicIds,
      nowMs: this.#nowMs(),
    });
    session.update(request.partitions, []);
    this.#sessions.set(session.id, session);
    return session;
  }

  #touch(session: FetchSession): void {
    session.lastUsedMs = this.#nowMs();
    this.#sessions.delete(session.id);
    this.#sessions.set(session.id, session);
  }

  /** Frees a slot: of a session long unused, else of the least valuable that had its time. */
  #evictFor(request: FetchSessionRequest): boolean {
    const nowMs = this.#nowMs();
    const [oldest] = this.#sessions.values();
    if (oldest === undefined) return false;
    if (nowMs - oldest.lastUsedMs > evictionAgeMs) return this.#evict(oldest);
    let victim: FetchSession | undefined;
    for (const session of this.#sessions.values()) {
      if (nowMs - session.createdMs <= evictionAgeMs) continue;
      if (victim === undefined || isLessValuable(session, victim)) victim = session;
    }
    const candidate = { isPrivileged: request.isFollower, size: request.partitions.length };
    if (victim === undefined || !isLessValuable(victim, candidate)) return false;
    return this.#evict(victim);
  }

  #evict(session: FetchSession): boolean {
    this.#sessions.delete(session.id);
    this.#evictionCount += 1;
    return true;
  }

  #freshId(): number {
    let id = 0;
    do {
      id = 1 + this.#random.nextInt(endSessionId);
    } while (this.#sessions.has(id));
    return id;
  }
}

interface SessionValue {
  readonly isPrivileged: boolean;
  readonly size: number;
}

function isLessValuable(left: SessionValue, right: SessionValue): boolean {
  if (left.isPrivileged !== right.isPrivileged) return !left.isPrivileged;
  return left.size < right.size;
}
