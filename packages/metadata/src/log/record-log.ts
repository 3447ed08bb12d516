/**
 * The one partition's log that the metadata log is written to, as far as metadata needs it. The
 * broker fills it with storage's log; tests use `MemoryRecordLog`.
 */
export interface RecordLog {
  readonly logStartOffset: number;
  /** The next offset to be written. */
  readonly logEndOffset: number;
  /** The epoch of the newest batch; -1 in an empty log. */
  readonly latestLeaderEpoch: number;
  /** Bytes of all segments. */
  readonly sizeBytes: number;
  /**
   * Writes record batches (magic 2) to the page cache, stamping base offsets and leader epoch. The
   * bytes are the log's from then on.
   * @returns the offset of the first record.
   * @throws whatever says that the log cannot be written any more.
   */
  append(batches: Buffer, leaderEpoch: number): number;
  /**
   * Reads whole batches from an offset on, up to about `maxBytes` but at least one; empty at the
   * end. The first batch may begin before the offset.
   */
  read(fromOffset: number, maxBytes: number): Promise<Buffer>;
  /** Makes everything appended so far durable. @throws when the disk failed, for good. */
  flush(): Promise<void>;
  /** Forgets records before an offset: a snapshot has them. Whole segments may go now or later. */
  truncatePrefix(offset: number): void;
  /** Removes everything and begins again at an offset. */
  truncateFullyAndStartAt(offset: number): void;
  close(): Promise<void>;
}

/** Opens, or makes, the log in a directory such as `<log dir>/__cluster_metadata-0`. */
export type OpenRecordLog = (directory: string) => Promise<RecordLog>;
