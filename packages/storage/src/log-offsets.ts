/** The timestamps of ListOffsets that stand for a place, not a time. */
export const timestampSpecials = {
  latest: -1,
  earliest: -2,
  maxTimestamp: -3,
  earliestLocal: -4,
  latestTiered: -5,
  earliestPendingUpload: -6,
} as const;

/** Where a timestamp is in a log; offset, timestamp and epoch are -1 where Kafka answers -1. */
export interface TimestampOffset {
  readonly offset: number;
  readonly timestampMs: number;
  readonly leaderEpoch: number;
}

/** Where an epoch ended, as OffsetForLeaderEpoch answers it; -1 and -1 when it is not known. */
export interface EpochEndOffset {
  readonly leaderEpoch: number;
  readonly endOffset: number;
}

/** A producer that the log remembers, as DescribeProducers shows it. */
export interface ActiveProducer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestampMs: number;
  readonly coordinatorEpoch: number;
  /** First offset of the open transaction; -1 when there is none. */
  readonly currentTransactionStartOffset: number;
}
