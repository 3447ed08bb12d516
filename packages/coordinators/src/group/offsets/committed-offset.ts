import type { Uuid } from "@millrace/protocol";

/** Where a group stands in a partition. */
export interface CommittedOffset {
  /** The next offset the group will read. */
  readonly offset: number;
  /** The leader epoch of the record before it; -1 when the client did not say. */
  readonly leaderEpoch: number;
  /** What the client wants to remember beside it. */
  readonly metadata: string;
  readonly commitTimestampMs: number;
  /** When it expires by the wish of an old client; undefined for the broker's rule. */
  readonly expireTimestampMs: number | undefined;
  readonly topicId: Uuid;
}

/** A committed offset as a shard holds it. */
export interface StoredOffset extends CommittedOffset {
  /** Where its record stands in the log: of two commits the later one counts. */
  readonly recordOffset: number;
}
