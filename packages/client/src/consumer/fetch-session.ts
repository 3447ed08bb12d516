import type { ErrorName, RequestInput, Uuid } from "@millrace/protocol";
import { type Fetch, ZERO_UUID } from "@millrace/protocol";
import type { AssignedPartition } from "./assigned-partition.ts";

/** What a Fetch request asks of one partition. */
export interface SentPartition<K = unknown, V = unknown> {
  readonly partition: AssignedPartition<K, V>;
  readonly topicId: Uuid;
  /** The partition's version when it was asked for. */
  readonly version: number;
  readonly fetchOffset: number;
  readonly leaderEpoch: number;
  readonly lastFetchedEpoch: number;
}

/** The part of a Fetch request that a session decides. */
export type SessionFields = Pick<
  RequestInput<typeof Fetch>,
  "sessionId" | "sessionEpoch" | "topics" | "forgottenTopicsData"
>;

/** The epoch of a request that begins a session, and of one that ends it. Source: KIP-227. */
const INITIAL_EPOCH = 0;
const FINAL_EPOCH = -1;
const NO_SESSION = 0;

type Topics<K = unknown, V = unknown> = Map<string, Map<number, SentPartition<K, V>>>;

/**
 * A fetch session with one broker (KIP-227): the broker remembers the partitions, a request names
 * only those that changed, and an answer only those that have news.
 */
export class FetchSession<K = unknown, V = unknown> {
  #id = NO_SESSION;
  #epoch = INITIAL_EPOCH;
  #usesIds = false;
  /** What the broker knows, by topic (its id, or its name without ids) and partition. */
  #topics: Topics<K, V> = new Map();

  /** Whether the broker remembers one. */
  get isOpen(): boolean {
    return this.#id !== NO_SESSION;
  }

  /** Makes the next request, which asks for exactly these partitions. */
  request(
    wanted: readonly SentPartition<K, V>[],
    options: { readonly usesIds: boolean; readonly maxBytes: number },
  ): SessionFields {
    if (options.usesIds !== this.#usesIds) this.restart();
    this.#usesIds = options.usesIds;
    const isFull = this.#epoch === INITIAL_EPOCH;
    const next: Topics<K, V> = new Map();
    const changed: SentPartition[] = [];
    for (const sent of wanted) {
      const key = this.#topicKey(sent);
      const before = this.#topics.get(key)?.get(sent.partition.partition);
      if (isFull || before === undefined || isOther(before, sent)) changed.push(sent);
      put(next, key, sent);
    }
    const forgotten = isFull ? [] : missingIn(this.#topics, next);
    this.#topics = next;
    return {
      sessionId: this.#id,
      sessionEpoch: this.#epoch,
      topics: this.#topicsOf(changed, options.maxBytes),
      forgottenTopicsData: this.#forgottenOf(forgotten),
    };
  }

  /** The request that ends the session; it asks for nothing. */
  closeRequest(): SessionFields {
    return {
      sessionId: this.#id,
      sessionEpoch: FINAL_EPOCH,
      topics: [],
      forgottenTopicsData: [],
    };
  }

  /** The partition that an answer speaks of; undefined when it was not asked for. */
  find(topicKey: string, partition: number): SentPartition<K, V> | undefined {
    return this.#topics.get(topicKey)?.get(partition);
  }

  /** Takes note of an answer without an error; 0: the broker keeps no session. */
  succeed(sessionId: number): void {
    if (sessionId === NO_SESSION) {
      this.#id = NO_SESSION;
      this.#epoch = INITIAL_EPOCH;
    } else if (this.#id !== sessionId) {
      this.#id = sessionId;
      this.#epoch = 1;
    } else {
      this.#epoch = this.#epoch === 0x7fffffff ? 1 : this.#epoch + 1;
    }
  }

  /** Takes note of an answer that is an error. */
  fail(error: ErrorName): void {
    if (error === "FETCH_SESSION_ID_NOT_FOUND") this.#id = NO_SESSION;
    this.restart();
  }

  /** Begins anew with the next request, which ends the old session. */
  restart(): void {
    this.#epoch = INITIAL_EPOCH;
    this.#topics = new Map();
  }

  #topicKey(sent: SentPartition): string {
    return this.#usesIds ? sent.topicId : sent.partition.topic;
  }

  #topicsOf(partitions: readonly SentPartition[], maxBytes: number): SessionFields["topics"] {
    return this.#byTopic(partitions).map((group) => ({
      ...namingOf(group[0]),
      partitions: group.map((sent) => ({
        partition: sent.partition.partition,
        currentLeaderEpoch: sent.leaderEpoch,
        fetchOffset: sent.fetchOffset,
        lastFetchedEpoch: sent.lastFetchedEpoch,
        partitionMaxBytes: maxBytes,
      })),
    }));
  }

  #forgottenOf(partitions: readonly SentPartition[]): SessionFields["forgottenTopicsData"] {
    return this.#byTopic(partitions).map((group) => ({
      ...namingOf(group[0]),
      partitions: group.map((sent) => sent.partition.partition),
    }));
  }

  #byTopic(partitions: readonly SentPartition[]): readonly (readonly SentPartition[])[] {
    return [...Map.groupBy(partitions, (sent) => this.#topicKey(sent)).values()];
  }
}

/** Both names of a topic; each version of Fetch writes the one that it has. */
function namingOf(sent: SentPartition | undefined): { topic: string; topicId: Uuid } {
  return { topic: sent?.partition.topic ?? "", topicId: sent?.topicId ?? ZERO_UUID };
}

function isOther(before: SentPartition, now: SentPartition): boolean {
  return (
    before.partition !== now.partition ||
    before.version !== now.version ||
    before.fetchOffset !== now.fetchOffset ||
    before.leaderEpoch !== now.leaderEpoch ||
    before.lastFetchedEpoch !== now.lastFetchedEpoch
  );
}

function put<K, V>(topics: Topics<K, V>, key: string, sent: SentPartition<K, V>): void {
  const partitions = topics.get(key);
  if (partitions === undefined) topics.set(key, new Map([[sent.partition.partition, sent]]));
  else partitions.set(sent.partition.partition, sent);
}

function missingIn(before: Topics, now: Topics): readonly SentPartition[] {
  const missing: SentPartition[] = [];
  for (const [key, partitions] of before) {
    const kept = now.get(key);
    for (const [index, sent] of partitions) if (kept?.has(index) !== true) missing.push(sent);
  }
  return missing;
}
