/** How far a reader may see. */
export type ReadIsolation = "end" | "highWatermark" | "lastStable";

/** What to read. */
export interface ReadOptions {
  readonly offset: number;
  readonly maxBytes: number;
  /** Gives the whole first batch even if it is larger than `maxBytes`. */
  readonly minOneBatch: boolean;
  readonly isolation: ReadIsolation;
}

/** What a read came to. */
export type ReadOutcome = ReadBatches | RefusedRead;

/** Bytes of whole batches: what `maxBytes` would cut through is left out. */
export interface ReadBatches {
  readonly kind: "read";
  /** The bytes in order; empty when there is nothing to read yet. Valid until `release`. */
  readonly chunks: readonly Buffer[];
  readonly sizeBytes: number;
  /** The offset after the last batch given; that asked for when there is none. */
  readonly endOffset: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  /**
   * For isolation "lastStable": the transactions a reader of these bytes must drop; else undefined.
   */
  readonly abortedTransactions: readonly AbortedTransaction[] | undefined;
  /**
   * Gives the buffers back to their pool: call it once the bytes have left (or are not wanted). A
   * reader that forgets costs an allocation, not a leak. Calling it again has no effect.
   */
  release(): void;
}

/** A transaction whose records a read_committed consumer drops. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** The read was refused. */
export interface RefusedRead {
  readonly kind: "refused";
  readonly error: "OFFSET_OUT_OF_RANGE" | "KAFKA_STORAGE_ERROR";
  readonly message: string;
}
