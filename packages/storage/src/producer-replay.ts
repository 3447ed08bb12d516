import { batchHeader as header } from "@millrace/protocol";
import type { AbortedTransactions } from "./aborted-transactions.ts";
import { readMarker } from "./append-checks.ts";
import type { LeaderEpochs } from "./leader-epochs.ts";
import type { LogSegments } from "./log-segments.ts";
import type { ProducerState } from "./producer-state.ts";
import type { AbortedEntry } from "./transaction-index.ts";

/**
 * Takes a batch of the log over into the producers' state, as it was when it was appended.
 * @returns the aborted transaction that it ended, for the segment's transaction index.
 */
export function applyToProducers(
  producers: ProducerState,
  buffer: Buffer,
  position: number,
): AbortedEntry | undefined {
  if (!header.hasProducerId(buffer, position)) return undefined;
  if (!header.isControl(buffer, position)) {
    producers.applyBatch(buffer, position);
    return undefined;
  }
  const marker = readMarker(buffer, position);
  if (marker === undefined) return undefined;
  const completed = producers.applyMarker(buffer, position, marker);
  if (completed === undefined) return undefined;
  const lastStableOffset = producers.stableOffsetAfter(completed);
  producers.complete(completed);
  if (!completed.isAborted) return undefined;
  return {
    producerId: BigInt(completed.producerId),
    firstOffset: completed.firstOffset,
    lastOffset: completed.lastOffset,
    lastStableOffset,
  };
}

/** What written batches change beside the segment. */
export interface NotedParts {
  readonly epochs: LeaderEpochs;
  readonly producers: ProducerState;
  readonly aborted: AbortedTransactions;
  readonly segments: LogSegments;
}

/** Takes epochs, producers and ended transactions of written batches over. @throws IoError */
export function noteBatches(bytes: Buffer, parts: NotedParts): void {
  const { epochs, producers, aborted, segments } = parts;
  for (let at = 0; at < bytes.length; at += header.sizeBytes(bytes, at)) {
    const epoch = header.partitionLeaderEpoch(bytes, at);
    if (epoch > epochs.latestEpoch) epochs.assign(epoch, header.baseOffset(bytes, at));
    const entry = applyToProducers(producers, bytes, at);
    if (entry !== undefined) aborted.append(segments.active.baseOffset, entry);
  }
}
