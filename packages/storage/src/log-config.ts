/** Which of Kafka's clean-up policies apply; an empty list keeps everything for ever (KIP-1161). */
export type CleanupPolicy = "delete" | "compact";

/** Whether a record keeps its producer's timestamp or gets the broker's. */
export type TimestampType = "CreateTime" | "LogAppendTime";

/** How the records of a log are compressed; `producer` keeps what their producer chose. */
export type CompressionType = "producer" | "uncompressed" | "gzip" | "snappy" | "lz4" | "zstd";

/** The topic configurations that a log acts on: Kafka's keys in camel case, values parsed. */
export interface LogConfig {
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly segmentJitterMs: number;
  readonly segmentIndexBytes: number;
  readonly indexIntervalBytes: number;
  readonly preallocate: boolean;
  readonly flushMessages: number;
  readonly flushMs: number;
  /** -1 keeps records whatever their age. */
  readonly retentionMs: number;
  /** -1 keeps records whatever the size. */
  readonly retentionBytes: number;
  readonly cleanupPolicy: readonly CleanupPolicy[];
  readonly fileDeleteDelayMs: number;
  readonly maxMessageBytes: number;
  readonly compressionType: CompressionType;
  /** -1 is the codec's own default. */
  readonly compressionGzipLevel: number;
  readonly compressionLz4Level: number;
  readonly compressionZstdLevel: number;
  readonly messageTimestampType: TimestampType;
  readonly messageTimestampBeforeMaxMs: number;
  readonly messageTimestampAfterMaxMs: number;
  readonly minCleanableDirtyRatio: number;
  readonly minCompactionLagMs: number;
  readonly maxCompactionLagMs: number;
  readonly deleteRetentionMs: number;
  /** The broker's `producer.id.expiration.ms`. */
  readonly producerIdExpirationMs: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Kafka's defaults. `Number.MAX_SAFE_INTEGER` stands where Kafka has Long.MAX_VALUE for "never".
 */
export const defaultLogConfig: LogConfig = {
  segmentBytes: 1024 * 1024 * 1024,
  segmentMs: 7 * dayMs,
  segmentJitterMs: 0,
  segmentIndexBytes: 10 * 1024 * 1024,
  indexIntervalBytes: 4096,
  preallocate: false,
  flushMessages: Number.MAX_SAFE_INTEGER,
  flushMs: Number.MAX_SAFE_INTEGER,
  retentionMs: 7 * dayMs,
  retentionBytes: -1,
  cleanupPolicy: ["delete"],
  fileDeleteDelayMs: 60_000,
  maxMessageBytes: 1024 * 1024 + 12,
  compressionType: "producer",
  compressionGzipLevel: -1,
  compressionLz4Level: 9,
  compressionZstdLevel: 3,
  messageTimestampType: "CreateTime",
  messageTimestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
  messageTimestampAfterMaxMs: 60 * 60 * 1000,
  minCleanableDirtyRatio: 0.5,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
  deleteRetentionMs: dayMs,
  producerIdExpirationMs: dayMs,
};
