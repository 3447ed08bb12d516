/** A record as commands show it and read it: a topic's, wherever it comes from. */
export interface ShownRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Milliseconds since 1970; -1 when there is none. */
  readonly timestamp: number;
  readonly timestampType: "create_time" | "log_append_time" | "none";
  /** Bytes; null when there is none. */
  readonly key: Buffer | null;
  /** Bytes; null for a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Iterable<readonly [name: string, value: Buffer | null]>;
}

/** A record that was read from a file or a pipe, to be produced. */
export interface GivenRecord {
  /** Where the input names one. */
  readonly topic?: string | undefined;
  readonly partition?: number | undefined;
  /** Milliseconds since 1970. */
  readonly timestamp?: number | undefined;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
}
