/**
 * Where a record of a share partition stands. Legal transitions:
 *
 *     available → acquired
 *     acquired → available (released, or its lock ran out) | acknowledged | archiving | archived
 *     archiving → archived (it stands in the dead-letter topic, or shall not stand there any more)
 *     available → archived (it left the log, or belongs to an aborted transaction)
 *
 * `acknowledged` and `archived` are final. An acknowledgement that could not be kept goes back.
 */
export type RecordState = "available" | "acquired" | "acknowledged" | "archiving" | "archived";

/** The states as the share coordinator keeps them (KIP-932; archiving is KIP-1191's). */
export const recordStateIds: Readonly<Record<RecordState, number>> = {
  available: 0,
  acquired: 1,
  acknowledged: 2,
  archiving: 3,
  archived: 4,
};

/** What a member says of a record (KIP-932; renew is KIP-1222's). */
export const acknowledgeTypes = { gap: 0, accept: 1, release: 2, reject: 3, renew: 4 } as const;

/** Whether whole batches are acquired beyond the wanted count, or that count exactly (KIP-1206). */
export type AcquireMode = "batch_optimized" | "record_limit";

/** What bounds a share partition; may change between two calls. */
export interface ShareLimits {
  /** `share.delivery.count.limit`. */
  readonly deliveryCountMax: number;
  /** `share.partition.max.record.locks`. */
  readonly recordLocksMax: number;
}

/** Offsets of one state, as they are kept and read back. */
export interface StateBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly deliveryState: number;
  readonly deliveryCount: number;
}

/** A share partition as the share coordinator gives it. */
export interface PersistedShareState {
  readonly startOffset: number;
  /** In the order of their offsets. */
  readonly stateBatches: readonly StateBatch[];
}

/** Offsets of a record batch in the log. */
export interface FetchedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
}

/** What a member wants, and what was read for it. */
export interface AcquireRequest {
  readonly memberId: string;
  readonly mode: AcquireMode;
  /** Records that one acquired range has at most, as far as batches let themselves be parted. */
  readonly batchSize: number;
  readonly maxRecords: number;
  /** Where the read began: `nextFetchOffset` of before. */
  readonly fetchOffset: number;
  /** The batches that were read, in order. */
  readonly batches: readonly FetchedBatch[];
  /** Those of them that belong to aborted transactions and must not be delivered. */
  readonly abortedBatches: readonly FetchedBatch[];
  readonly lockedUntilMs: number;
  readonly limits: ShareLimits;
}

/** Offsets that a member acquired. */
export interface AcquiredRange {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly deliveryCount: number;
}

/** What a member says of a range of offsets: one type for all of them, or one for each. */
export interface AcknowledgementBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly acknowledgeTypes: readonly number[];
}

/** What an acknowledgement is judged with. */
export interface AcknowledgeOptions {
  readonly memberId: string;
  readonly batches: readonly AcknowledgementBatch[];
  /** Until when a renewed lock holds. */
  readonly lockedUntilMs: number;
  readonly limits: ShareLimits;
  /** What will not be delivered again goes to a dead-letter topic before it is archived. */
  readonly hasDeadLetters: boolean;
}

/** Why an acknowledgement is refused; nothing of it has happened. */
export interface RefusedAcknowledgement {
  readonly kind: "refused";
  readonly error: "INVALID_RECORD_STATE" | "INVALID_REQUEST";
  readonly message: string;
}

/** The acknowledgement stands once its write is kept; undefined when there is none to keep. */
export interface TakenAcknowledgement {
  readonly kind: "taken";
  readonly write: ShareStateWrite | undefined;
}

/**
 * Changes to be kept by the share coordinator. Until `complete` is told of it, no record in it can
 * be acquired or acknowledged.
 */
export interface ShareStateWrite {
  readonly id: number;
  readonly startOffset: number;
  /** Records from the start offset on that are done with. */
  readonly deliveryCompleteCount: number;
  readonly batches: readonly StateBatch[];
}

/** Why a record is not delivered again. */
export type DeadLetterCause = "rejected" | "exhausted";

/** Records to copy to a dead-letter topic. */
export interface DeadLetterRange {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly deliveryCount: number;
  readonly cause: DeadLetterCause;
}
