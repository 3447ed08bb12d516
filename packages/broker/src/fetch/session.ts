import type { Uuid } from "@millrace/protocol";

/** What a fetcher asks of one partition, with what the broker resolved of its names. */
export interface FetchPartition {
  /** The name, when it is known (always before version 13). */
  readonly topic: string | undefined;
  /** The id, when it is known (always from version 13 on). */
  readonly topicId: Uuid | undefined;
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly logStartOffset: number;
  readonly partitionMaxBytes: number;
}

/** What of a partition's result decides whether an incremental answer must carry it. */
export interface SessionResult {
  readonly recordsBytes: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly errorCode: number;
  readonly diverges: boolean;
  readonly hasPreferredReadReplica: boolean;
}

/** A partition as a session remembers it. */
interface SessionPartition {
  request: FetchPartition;
  highWatermark: number;
  logStartOffset: number;
}

/** The epochs of KIP-227 that are not counted. */
export const fetchEpochs = { initial: 0, final: -1, invalidSessionId: 0 } as const;

/** The epoch after one; it wraps around to 1, as 0 and below have meanings of their own. */
export function nextFetchEpoch(epoch: number): number {
  if (epoch < 0) return fetchEpochs.final;
  return epoch >= 2 ** 31 - 1 ? 1 : epoch + 1;
}

/** What names a partition within a session: the topic's id where the session uses ids. */
export function fetchKey(
  topic: { readonly topic: string | undefined; readonly topicId: string | undefined },
  partition: number,
): string {
  return `${topic.topicId ?? topic.topic}:${partition}`;
}

/** The state of one incremental fetcher (KIP-227): its partitions in the order they are served. */
export class FetchSession {
  readonly id: number;
  readonly isPrivileged: boolean;
  readonly usesTopicIds: boolean;
  readonly createdMs: number;
  lastUsedMs: number;
  /** The epoch that its next request must carry. */
  epoch: number;
  readonly #partitions = new Map<string, SessionPartition>();

  constructor(options: {
    readonly id: number;
    readonly isPrivileged: boolean;
    readonly usesTopicIds: boolean;
    readonly nowMs: number;
  }) {
    this.id = options.id;
    this.isPrivileged = options.isPrivileged;
    this.usesTopicIds = options.usesTopicIds;
    this.createdMs = options.nowMs;
    this.lastUsedMs = options.nowMs;
    this.epoch = nextFetchEpoch(fetchEpochs.initial);
  }

  /** How many partitions it has. */
  get size(): number {
    return this.#partitions.size;
  }

  /** Takes the partitions that a request adds, changes and forgets. */
  update(changed: readonly FetchPartition[], forgottenKeys: readonly string[]): void {
    for (const request of changed) {
      const key = fetchKey(request, request.partition);
      const known = this.#partitions.get(key);
      if (known === undefined) {
        this.#partitions.set(key, { request, highWatermark: -1, logStartOffset: -1 });
      } else {
        known.request = request;
      }
    }
    for (const key of forgottenKeys) this.#partitions.delete(key);
  }

  /** What is fetched now, in order. */
  requests(): FetchPartition[] {
    return Array.from(this.#partitions.values(), (partition) => partition.request);
  }

  /**
   * Whether an incremental answer carries this result, and remembers what it told. A partition that
   * gave records moves to the end, so that no partition starves behind a busy one.
   */
  record(request: FetchPartition, result: SessionResult): boolean {
    const key = fetchKey(request, request.partition);
    const known = this.#partitions.get(key);
    if (known === undefined) return true;
    const isNews = isNewsTo(known, result);
    known.highWatermark = result.errorCode === 0 ? result.highWatermark : -1;
    known.logStartOffset = result.logStartOffset;
    if (result.recordsBytes > 0) {
      this.#partitions.delete(key);
      this.#partitions.set(key, known);
    }
    return isNews;
  }
}

function isNewsTo(known: SessionPartition, result: SessionResult): boolean {
  return (
    result.recordsBytes > 0 ||
    result.errorCode !== 0 ||
    result.diverges ||
    result.hasPreferredReadReplica ||
    known.highWatermark !== result.highWatermark ||
    known.logStartOffset !== result.logStartOffset
  );
}
