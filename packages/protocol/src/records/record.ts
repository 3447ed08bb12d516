/** A record as its reader sees it. Buffers are views of the batch or of its decompressed form. */
export interface KafkaRecord {
  readonly offset: number;
  /** Milliseconds since the epoch; -1 when the format has none. */
  readonly timestamp: number;
  /** null: no key, which is something else than an empty one. */
  readonly key: Buffer | null;
  /** null: a tombstone. */
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
}

/** A header of a record. Keys may repeat; their order counts. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

/** What a writer gives for a record. */
export interface RecordInput {
  /** By default one after the record before, or the batch's base offset. */
  readonly offset?: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: readonly RecordHeaderInput[];
}

/** What a writer gives for a header: a key as text, or as the bytes that were read. */
export interface RecordHeaderInput {
  readonly key: string | Uint8Array;
  readonly value: Uint8Array | null;
}
