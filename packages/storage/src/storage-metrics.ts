import type { Counter, Histogram, Metrics } from "@millrace/platform";

/** What the logs of a process count, beside what is read from them when it is asked for. */
export interface StorageMetrics {
  /** How long a log's flush took, in milliseconds. */
  readonly flushMs: Histogram;
  /** Reads that were served from memory. */
  readonly recentReads: Counter;
  /** Reads that went to a file. */
  readonly fileReads: Counter;
}

/** What is shared by all logs and has a limit. */
export interface LimitedStores {
  readonly files: { readonly count: number };
  readonly buffers: { readonly idleBytes: number };
  readonly recentBatches: { readonly sizeBytes: number };
}

/** Registers what all logs share; each limit has its gauge. */
export function registerStorageMetrics(metrics: Metrics, stores: LimitedStores): StorageMetrics {
  const gauge = (name: string, help: string, read: () => number): void =>
    metrics.gauge({ name: `millrace_storage_${name}`, help }, read);
  gauge("open_files", "Files of logs that are open.", () => stores.files.count);
  gauge("idle_buffer_bytes", "Buffers kept for the next use.", () => stores.buffers.idleBytes);
  gauge("recent_batch_bytes", "Newest batches in memory.", () => stores.recentBatches.sizeBytes);
  const counter = (name: string, help: string): Counter =>
    metrics.counter({ name: `millrace_storage_${name}`, help });
  return {
    flushMs: metrics.histogram({
      name: "kafka_log_LogFlushStats_LogFlushRateAndTimeMs",
      help: "How long flushes of logs took.",
    }),
    recentReads: counter("recent_reads", "Reads of logs served from memory."),
    fileReads: counter("file_reads", "Reads of logs that went to a file."),
  };
}

/** Metrics that nobody reads. */
export function silentStorageMetrics(): StorageMetrics {
  const counter: Counter = { add: () => {}, value: () => 0 };
  return { flushMs: { record: () => {} }, recentReads: counter, fileReads: counter };
}

/** A log as its gauges see it. */
export interface MeasuredLog {
  readonly topic: string;
  readonly partition: number;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly sizeBytes: number;
  readonly segmentCount: number;
}

/** Registers the gauges of one log under Kafka's names. */
export function registerLogMetrics(metrics: Metrics, log: MeasuredLog): void {
  const gauge = (name: string, help: string, read: () => number): void =>
    metrics.gauge({ name: `kafka_log_Log_${name}`, help, labels: labelsOf(log) }, read);
  gauge("Size", "Bytes of a log.", () => log.sizeBytes);
  gauge("NumLogSegments", "Segments of a log.", () => log.segmentCount);
  gauge("LogStartOffset", "First offset of a log.", () => log.logStartOffset);
  gauge("LogEndOffset", "Next offset of a log.", () => log.logEndOffset);
}

/** Forgets every metric of a log that is gone. */
export function removeLogMetrics(metrics: Metrics, log: MeasuredLog): void {
  metrics.remove(labelsOf(log));
}

function labelsOf(log: MeasuredLog): { readonly topic: string; readonly partition: string } {
  return { topic: log.topic, partition: String(log.partition) };
}
