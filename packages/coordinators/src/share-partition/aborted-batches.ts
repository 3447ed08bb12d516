import type { FetchedBatch } from "./share-types.ts";

/** A batch as far as transactions go. */
export interface TransactionalBatch extends FetchedBatch {
  /** -1 when no producer stands in it. */
  readonly producerId: bigint;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  /** A control batch that ends a transaction without its records. */
  readonly isAbortMarker: boolean;
}

/** A transaction whose records are not delivered. */
export interface AbortedTransactionStart {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/**
 * The batches that a reader of committed records must not see: those between the first offset of an
 * aborted transaction of their producer and its marker.
 */
export function findAbortedBatches(
  batches: Iterable<TransactionalBatch>,
  aborted: readonly AbortedTransactionStart[],
): FetchedBatch[] {
  if (aborted.length === 0) return [];
  const starts = aborted.toSorted((left, right) => left.firstOffset - right.firstOffset);
  const open = new Set<bigint>();
  const found: FetchedBatch[] = [];
  let begun = 0;
  for (const batch of batches) {
    if (batch.producerId < 0n) continue;
    for (; begun < starts.length; begun += 1) {
      const start = starts[begun];
      if (start === undefined || start.firstOffset > batch.lastOffset) break;
      open.add(start.producerId);
    }
    if (batch.isAbortMarker) open.delete(batch.producerId);
    else if (batch.isTransactional && !batch.isControl && open.has(batch.producerId)) {
      found.push({ baseOffset: batch.baseOffset, lastOffset: batch.lastOffset });
    }
  }
  return found;
}
