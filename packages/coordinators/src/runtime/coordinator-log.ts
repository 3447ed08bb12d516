import type { ShardError } from "./machine.ts";

/** The log of one shard: a partition of an internal topic that this broker leads. */
export interface CoordinatorLog {
  readonly topic: string;
  readonly partition: number;
  /** The first offset there is. */
  readonly logStartOffset: number;
  /** The next offset to be written. */
  readonly logEndOffset: number;
  /** The exclusive end of what is committed. */
  readonly highWatermark: number;
  /** Bytes of a batch that `append` takes at most. */
  readonly batchSizeBytesMax: number;
  /** Writes one batch; synchronous. A refusal changed nothing. */
  append(batch: Buffer): CoordinatorAppend;
  /**
   * Gives whole batches from an offset on, at least one when there is one.
   * @throws IoError when the disk fails.
   */
  read(offset: number): Promise<Buffer>;
  /** Calls `listener` each time the high watermark has moved; gives a function that ends it. */
  onHighWatermark(listener: (highWatermark: number) => void): () => void;
}

/** What an append came to. */
export type CoordinatorAppend =
  | { readonly kind: "appended"; readonly baseOffset: number; readonly endOffset: number }
  | { readonly kind: "refused"; readonly error: ShardError };
