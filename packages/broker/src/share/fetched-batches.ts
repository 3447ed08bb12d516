import type { AcquiredRange, TransactionalBatch } from "@millrace/coordinators";
import {
  BatchCursor,
  batchHeader,
  decodeControlKey,
  lastOffsetOf,
  RecordCursor,
} from "@millrace/protocol";

/** A batch of a read, and where its bytes lie. */
export interface ReadBatch extends TransactionalBatch {
  readonly chunk: Buffer;
  readonly position: number;
  readonly sizeBytes: number;
}

/** Walks the batches that a read gave, header by header; records are not decoded. */
export function batchesOf(chunks: readonly Buffer[]): ReadBatch[] {
  const batches: ReadBatch[] = [];
  const cursor = new BatchCursor(Buffer.alloc(0));
  for (const chunk of chunks) {
    cursor.reset(chunk);
    while (cursor.next()) batches.push(readBatch(chunk, cursor.position, cursor.sizeBytes));
  }
  return batches;
}

function readBatch(chunk: Buffer, position: number, sizeBytes: number): ReadBatch {
  const isCurrent = batchHeader.magic(chunk, position) >= batchHeader.CURRENT_MAGIC;
  const isControl = isCurrent && batchHeader.isControl(chunk, position);
  return {
    chunk,
    position,
    sizeBytes,
    baseOffset: isCurrent ? batchHeader.baseOffset(chunk, position) : lastOffsetOf(chunk, position),
    lastOffset: lastOffsetOf(chunk, position),
    producerId: producerIdOf(chunk, position),
    isTransactional: isCurrent && batchHeader.isTransactional(chunk, position),
    isControl,
    isAbortMarker: isControl && isAbortMarker(chunk, position),
  };
}

function producerIdOf(chunk: Buffer, position: number): bigint {
  const isCurrent = batchHeader.magic(chunk, position) >= batchHeader.CURRENT_MAGIC;
  if (!isCurrent || !batchHeader.hasProducerId(chunk, position)) return batchHeader.NO_PRODUCER_ID;
  return batchHeader.producerId(chunk, position);
}

function isAbortMarker(chunk: Buffer, position: number): boolean {
  const cursor = new RecordCursor().open(chunk, position);
  return cursor.next() && decodeControlKey(cursor.record().key) === "ABORT";
}

/** The bytes of the batches from the first acquired record to the last one; nothing is copied. */
export function bytesOfAcquired(
  batches: readonly ReadBatch[],
  acquired: readonly AcquiredRange[],
): { readonly chunks: readonly Buffer[]; readonly sizeBytes: number } {
  const firstOffset = acquired[0]?.firstOffset;
  const lastOffset = acquired.at(-1)?.lastOffset;
  if (firstOffset === undefined || lastOffset === undefined) return { chunks: [], sizeBytes: 0 };
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  let open: { readonly chunk: Buffer; readonly start: number; end: number } | undefined;
  for (const batch of batches) {
    if (batch.lastOffset < firstOffset || batch.baseOffset > lastOffset) continue;
    sizeBytes += batch.sizeBytes;
    if (open?.chunk === batch.chunk && open.end === batch.position) {
      open.end += batch.sizeBytes;
      continue;
    }
    if (open !== undefined) chunks.push(open.chunk.subarray(open.start, open.end));
    const { chunk, position } = batch;
    open = { chunk, start: position, end: position + batch.sizeBytes };
  }
  if (open !== undefined) chunks.push(open.chunk.subarray(open.start, open.end));
  return { chunks, sizeBytes };
}
