import type { Partition } from "../replication/partition.ts";
import type { AbortedTransaction, ReadIsolation, ReadOutcome } from "@millrace/storage";
import type { ErrorName } from "@millrace/protocol";

import type { FetchPartition } from "./session.ts";

/** How a Fetch reads. */
export interface ReadLimits {
  /** Bytes of records in the whole answer, but for one over-large first batch. */
  readonly maxBytes: number;
  readonly isolation: ReadIsolation;
}

/** What is read: the asked partition and what the broker found for it. */
export interface PartitionRead {
  readonly request: FetchPartition;
  /** The partition that this broker leads, or why there is none to read from. */
  readonly target: Partition | ErrorName;
}

/** What a partition of a Fetch came to. */
export interface PartitionReadResult {
  readonly request: FetchPartition;
  /** The partition that was read; undefined when there was none to read from. */
  readonly source: Partition | undefined;
  readonly error: ErrorName;
  readonly chunks: readonly Buffer[];
  readonly sizeBytes: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** null where nothing is said about transactions (read_uncommitted). */
  readonly abortedTransactions: readonly AbortedTransaction[] | null;
  /**
   * Where the fetcher's log left the leader's (KIP-595 style truncation); undefined when it did
   * not.
   */
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number } | undefined;
  /** The buffers behind `chunks` are free again. */
  readonly release: () => void;
}

interface Progress {
  readonly reads: readonly PartitionRead[];
  readonly limits: ReadLimits;
  readonly results: PartitionReadResult[];
  leftBytes: number;
  hasBytes: boolean;
}

const nothingHeld = (): void => {};

/**
 * Reads partitions in the order asked, as Kafka counts bytes: each gets what the ones before left,
 * at most its own limit, and the first batch of the answer is whole however large it is.
 * @returns at once when all of it is in memory.
 */
export function readPartitions(
  reads: readonly PartitionRead[],
  limits: ReadLimits,
): readonly PartitionReadResult[] | Promise<readonly PartitionReadResult[]> {
  return proceed({ reads, limits, results: [], leftBytes: limits.maxBytes, hasBytes: false });
}

function proceed(
  progress: Progress,
): readonly PartitionReadResult[] | Promise<readonly PartitionReadResult[]> {
  for (;;) {
    const read = progress.reads[progress.results.length];
    if (read === undefined) return progress.results;
    const result = readOne(read, progress);
    if (result instanceof Promise) {
      return result.then((known) => {
        accept(progress, known);
        return proceed(progress);
      });
    }
    accept(progress, result);
  }
}

function accept(progress: Progress, result: PartitionReadResult): void {
  progress.results.push(result);
  progress.leftBytes = Math.max(0, progress.leftBytes - result.sizeBytes);
  progress.hasBytes ||= result.sizeBytes > 0;
}

function readOne(
  read: PartitionRead,
  progress: Progress,
): PartitionReadResult | Promise<PartitionReadResult> {
  const { request, target } = read;
  if (typeof target === "string") return refusedRead(request, target);
  const epochError = checkLeader(target, request.currentLeaderEpoch);
  if (epochError !== undefined) return refusedRead(request, epochError);
  const diverged = request.lastFetchedEpoch >= 0 ? checkDivergence(target, request) : undefined;
  if (diverged !== undefined) return diverged;
  const outcome = target.read({
    offset: request.fetchOffset,
    maxBytes: Math.max(0, Math.min(progress.leftBytes, request.partitionMaxBytes)),
    minOneBatch: !progress.hasBytes,
    isolation: progress.limits.isolation,
  });
  if (outcome instanceof Promise) return outcome.then((known) => shape(read, known));
  return shape(read, outcome);
}

function shape(read: PartitionRead, outcome: ReadOutcome): PartitionReadResult {
  const { request } = read;
  if (outcome.kind === "refused") return refusedRead(request, outcome.error);
  return {
    request,
    source: typeof read.target === "string" ? undefined : read.target,
    error: "NONE",
    chunks: outcome.chunks,
    sizeBytes: outcome.sizeBytes,
    highWatermark: outcome.highWatermark,
    lastStableOffset: outcome.lastStableOffset,
    logStartOffset: outcome.logStartOffset,
    abortedTransactions: outcome.abortedTransactions ?? null,
    divergingEpoch: undefined,
    release: () => outcome.release(),
  };
}

/** Why a partition cannot be read or asked by somebody who knows of this leader epoch (KIP-320). */
export function checkLeader(
  partition: Partition,
  currentLeaderEpoch: number,
): ErrorName | undefined {
  if (currentLeaderEpoch >= 0) {
    if (currentLeaderEpoch < partition.leaderEpoch) return "FENCED_LEADER_EPOCH";
    if (currentLeaderEpoch > partition.leaderEpoch) return "UNKNOWN_LEADER_EPOCH";
  }
  if (!partition.isLeader) return "NOT_LEADER_OR_FOLLOWER";
  return partition.log.isOffline ? "KAFKA_STORAGE_ERROR" : undefined;
}

/** Whether the fetcher's log parted from ours: it is told where, instead of records. */
function checkDivergence(
  partition: Partition,
  request: FetchPartition,
): PartitionReadResult | undefined {
  const end = partition.log.endOffsetForEpoch(request.lastFetchedEpoch);
  if (end.leaderEpoch < 0 || end.endOffset < 0) {
    return refusedRead(request, "OFFSET_OUT_OF_RANGE");
  }
  if (end.leaderEpoch >= request.lastFetchedEpoch && end.endOffset >= request.fetchOffset) {
    return undefined;
  }
  return {
    ...refusedRead(request, "NONE"),
    highWatermark: partition.log.highWatermark,
    lastStableOffset: partition.log.lastStableOffset,
    logStartOffset: partition.log.logStartOffset,
    divergingEpoch: { epoch: end.leaderEpoch, endOffset: end.endOffset },
  };
}

/** Kafka says nothing of transactions in an error, but where it did not get as far as a log. */
function isUnknown(error: ErrorName): boolean {
  return error === "UNKNOWN_TOPIC_OR_PARTITION" || error === "UNKNOWN_TOPIC_ID";
}

function refusedRead(request: FetchPartition, error: ErrorName): PartitionReadResult {
  return {
    request,
    source: undefined,
    error,
    chunks: [],
    sizeBytes: 0,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    abortedTransactions: isUnknown(error) ? [] : null,
    divergingEpoch: undefined,
    release: nothingHeld,
  };
}
