import type { ErrorName, Uuid } from "@millrace/protocol";

/** OffsetCommit and TxnOffsetCommit: remember where a group stands. */
export interface OffsetCommitInput {
  readonly kind: "offset-commit";
  readonly groupId: string;
  /** The classic generation or the member epoch; -1 for a consumer outside of group management. */
  readonly generationIdOrMemberEpoch: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  /** How long an old client wants it kept; undefined for the broker's rule. */
  readonly retentionTimeMs: number | undefined;
  /** The transaction that the commit is part of. */
  readonly producer: { readonly producerId: bigint; readonly producerEpoch: number } | undefined;
  /** The request's version knows member epochs (OffsetCommit 9, TxnOffsetCommit 3). */
  readonly knowsMemberEpochs: boolean;
  readonly offsets: readonly OffsetToCommit[];
}

/** An offset to commit. */
export interface OffsetToCommit {
  readonly topic: string;
  readonly topicId: Uuid;
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
}

/** The answer: an error for all, or one for each offset in the order asked. */
export interface OffsetCommitReply {
  readonly kind: "offset-commit";
  readonly error: ErrorName;
  readonly errors: readonly ErrorName[];
}

/** OffsetFetch: where does a group stand? */
export interface OffsetFetchInput {
  readonly kind: "offset-fetch";
  readonly groupId: string;
  /** null for a caller that does not say that it is a member. */
  readonly memberId: string | null;
  /** -1 when the caller does not say. */
  readonly memberEpoch: number;
  /** Refuse offsets that an open transaction may change (KIP-447). */
  readonly requireStable: boolean;
  /** null for all that the group has. */
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[] | null;
}

/** The answer: an error for all, or an offset for each partition; -1 where there is none. */
export interface OffsetFetchReply {
  readonly kind: "offset-fetch";
  readonly error: ErrorName;
  readonly offsets: readonly FetchedOffset[];
}

/** A committed offset, or why there is none to see. */
export interface FetchedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly error: ErrorName;
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string;
}

/** OffsetDelete: forget offsets of topics that nobody in the group reads. */
export interface OffsetDeleteInput {
  readonly kind: "offset-delete";
  readonly groupId: string;
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[];
}

/** The answer: an error for all, or one for each partition in the order asked. */
export interface OffsetDeleteReply {
  readonly kind: "offset-delete";
  readonly error: ErrorName;
  readonly errors: readonly ErrorName[];
}
