import { batchHeader as header } from "@millrace/protocol";
import { readMarker } from "./append-checks.ts";
import type { AbortedEntry } from "./transaction-index.ts";
import type { ProducerState } from "./producer-state.ts";

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
