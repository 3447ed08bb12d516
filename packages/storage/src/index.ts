export { storageTasks } from "./storage-tasks.ts";
export {
  defaultLogCleanerConfig,
  LogCleaner,
  type LogCleanerConfig,
  type LogCleanerOptions,
} from "./compaction/log-cleaner.ts";
export type {
  AppendedBatches,
  AppendError,
  AppendOptions,
  AppendOrigin,
  AppendOutcome,
  DuplicateBatch,
  RecordError,
  RefusedAppend,
} from "./append-outcome.ts";
export type { CleanupPolicy, CompressionType, LogConfig, TimestampType } from "./log-config.ts";
export { defaultLogConfig } from "./log-config.ts";
export {
  LogDirectories,
  type LogDirectoriesOptions,
  type LoadLogsOptions,
  type LoadReport,
  type LogName,
  type NewLogOptions,
} from "./log-directories.ts";
export { LogDirectory } from "./log-directory.ts";
export { CorruptFileError, CorruptLogError, LogDirectoryError } from "./errors.ts";
export { defaultHousekeepingIntervals, type HousekeepingIntervals } from "./log-housekeeping.ts";
export { type MetaProperties, readMetaProperties, writeMetaProperties } from "./meta-properties.ts";
export type { ActiveProducer, EpochEndOffset, TimestampOffset } from "./log-offsets.ts";
export { timestampSpecials } from "./log-offsets.ts";
export { createLog, type OpenedLog, openLog, type OpenLogOptions } from "./log-loader.ts";
export {
  createLogEnvironment,
  defaultStorageLimits,
  type LogEnvironment,
  type StorageLimits,
} from "./log-environment.ts";
export type { LogDirectoryState } from "./log-state.ts";
export { PartitionLog } from "./partition-log.ts";
export { type PreparedBatch, prepareForAppend } from "./preparation-task.ts";
export type {
  AbortedTransaction,
  ReadBatches,
  ReadIsolation,
  ReadOptions,
  ReadOutcome,
  RefusedRead,
} from "./read-outcome.ts";
