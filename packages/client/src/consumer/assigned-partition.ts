import type { BrokerId, Uuid } from "@millrace/protocol";
import type { TopicPartition } from "../group/membership.ts";
import type { ConsumerRecord } from "./consumer-record.ts";

/**
 * How far a partition is from being read, in Java's words (SubscriptionState):
 * initializing → fetching | await_reset, when the group's offset is known or there is none;
 * fetching → await_reset, when the offset is out of range; fetching ⇄ await_validation, when there
 * is a new leader epoch; await_reset, await_validation → fetching; any → any by `seek`.
 */
export type FetchState = "initializing" | "await_reset" | "await_validation" | "fetching";

/** Where a position is moved to by asking the leader. Timestamps of ListOffsets. */
export type ResetTarget = "earliest" | "latest" | { readonly timestamp: number };

/** Records, or an error in their place, that wait for the application. */
export interface FetchedChunk<K = unknown, V = unknown> {
  readonly sizeBytes: number;
  /** The offset after the chunk; known before its records are read. */
  readonly endOffset: number;
  readonly endEpoch: number;
  /** The epoch of the batch of the last record given. */
  readonly leaderEpoch: number;
  /** Whether it is an error. */
  readonly isFailure: boolean;
  /** The next record; undefined when all were given. @throws KafkaError */
  next(): ConsumerRecord<K, V> | undefined;
  /** Puts a record back that was given last. */
  unread(record: ConsumerRecord<K, V>): void;
}

/** The name of a partition in maps and messages. */
export function partitionKey(partition: TopicPartition): string {
  return `${partition.topic}-${partition.partition}`;
}

/** A partition that this consumer reads, from its assignment until it is given up. */
export class AssignedPartition<K = unknown, V = unknown> implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  /** `topic-partition`. */
  readonly key: string;

  state: FetchState = "initializing";
  resetTarget: ResetTarget = "latest";
  /** False for good when it was given up: nothing that comes later may touch it. */
  isAssigned = true;
  /** It is being given up: nothing more of it is handed out. */
  isLeaving = false;
  isPaused = false;
  /** Counts moves of the position: what was asked before one does not count after it. */
  version = 0;
  /** Counts those that `seek`, a reset or a truncation made: work of before one does not count. */
  moves = 0;
  /** Somebody asks for its committed offset, its reset or its validation. */
  isBusy = false;
  /** Nothing is asked for it before this monotonic time. */
  notBeforeMs = 0;
  failures = 0;

  /** The next offset to fetch, and the epoch of the record before it; -1 when not known. */
  fetchOffset = -1;
  fetchEpoch = -1;
  /** The leader epoch for which `fetchOffset` is known to be right. */
  validatedEpoch = -1;
  /** The topic that `fetchOffset` counts in; undefined until it is fetched from. */
  topicId: Uuid | undefined;
  /** The next offset to hand to the application. */
  position = -1;
  positionEpoch = -1;
  /** The application is done with everything before this offset. */
  finished = -1;
  finishedEpoch = -1;
  /** What was committed last; -1 when nothing was, as far as is known. */
  committed = -1;
  /** Counts what takes the application back: what was committed before is no bound after it. */
  rewinds = 0;
  /** The rewinds when `committed` was asked for. */
  committedRewinds = 0;
  /** Records that the application has and is not done with. */
  outstanding = 0;
  /** Called when the last of them is done with. */
  onQuiet: (() => void) | undefined;

  highWatermark = -1;
  lastStableOffset = -1;
  logStartOffset = -1;

  /** The replica that the leader told to read from (KIP-392), until a monotonic time. */
  preferredReplica: BrokerId = -1;
  preferredReplicaEndMs = 0;
  /** When it was first asked for since that succeeded last; monotonic, -1: all is well. */
  fetchFailingSinceMs = -1;
  /** A request that covers it is on its way. */
  isInFlight = false;
  /** Nothing can be asked before Metadata was asked for. */
  awaitsMetadata = false;

  readonly chunks: FetchedChunk<K, V>[] = [];
  bufferedBytes = 0;

  constructor(partition: TopicPartition) {
    this.topic = partition.topic;
    this.partition = partition.partition;
    this.key = partitionKey(partition);
  }

  /** Whether it has a position. */
  get hasPosition(): boolean {
    return this.position >= 0;
  }

  /** Whether an error waits to be told: nothing is asked for until it was. */
  get hasFailure(): boolean {
    return this.chunks.at(-1)?.isFailure === true;
  }

  /** Takes note that records are asked for, or would be if there were anybody to ask. */
  noteFetch(nowMs: number): void {
    if (this.fetchFailingSinceMs < 0) this.fetchFailingSinceMs = nowMs;
  }

  /** Moves the position. What is buffered has to be dropped by the caller. */
  moveTo(offset: number, epoch: number): void {
    this.version += 1;
    this.moves += 1;
    this.fetchOffset = this.position = this.finished = offset;
    this.fetchEpoch = this.positionEpoch = this.finishedEpoch = epoch;
    this.validatedEpoch = -1;
    this.topicId = undefined;
    this.state = "fetching";
    this.isBusy = false;
    this.failures = 0;
    this.notBeforeMs = 0;
    this.fetchFailingSinceMs = -1;
  }

  /** Has the position asked for; the old one is no more. */
  awaitReset(target: ResetTarget): void {
    this.version += 1;
    this.moves += 1;
    this.state = "await_reset";
    this.resetTarget = target;
    this.fetchOffset = this.position = this.finished = -1;
    this.isBusy = false;
    this.notBeforeMs = 0;
  }

  /** Lets automatic commits go back: the application sought, or the log is not what it was. */
  rewind(): void {
    this.rewinds += 1;
  }

  /** Takes note of a commit. @param rewinds those when it was asked for */
  noteCommit(offset: number, rewinds = this.rewinds): void {
    this.committed = offset;
    this.committedRewinds = rewinds;
  }

  /**
   * Whether an automatic commit has something to say. It only goes forward: what the application
   * committed behind a record counts more than that a loop was left in it.
   */
  get needsCommit(): boolean {
    if (this.finished < 0) return false;
    if (this.committedRewinds === this.rewinds) return this.finished > this.committed;
    return this.finished !== this.committed;
  }

  /** The application is done with all it has. */
  finish(): void {
    this.finished = this.position;
    this.finishedEpoch = this.positionEpoch;
    this.outstanding = 0;
    this.onQuiet?.();
  }
}
