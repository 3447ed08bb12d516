import type { LogConfig } from "./log-config.ts";
import type { PartitionLog } from "./partition-log.ts";

/** One of `log.dirs`. */
export interface LogDirectory {
  readonly path: string;
  /** `directory.id` of its meta.properties; undefined when there is none. */
  readonly directoryId: string | undefined;
  /** It failed: its logs refuse, the others serve. */
  readonly isOffline: boolean;
  /** The broker epoch of `.kafka_cleanshutdown` as found at start; undefined after a crash, -1 when it names none. */
  readonly cleanShutdownBrokerEpoch: number | undefined;
  /** Bytes of the volume and free on it, for DescribeLogDirs. */
  usableBytes(): number;
}

/** Which log. */
export interface LogName {
  readonly topic: string;
  readonly partition: number;
}

/** A log to be made. */
export interface NewLogOptions extends LogName {
  readonly topicId: string;
  readonly config: LogConfig;
  /** Which directory; the one with the fewest partitions when not given. */
  readonly directoryId?: string;
}

/** The logs of every log directory of this node, but for `__cluster_metadata-0`. */
export interface LogDirectories {
  readonly directories: readonly LogDirectory[];
  /** Loads what the directories hold; without blocking the loop for long. */
  load(options: LoadLogsOptions): Promise<LoadReport>;
  log(name: LogName): PartitionLog | undefined;
  /** The copy under construction in another directory, if there is one. */
  futureLog(name: LogName): PartitionLog | undefined;
  logs(): Iterable<PartitionLog>;
  /** Makes a log, or gives the one that is there. @throws IoError; LogDirectoryError when all are offline. */
  create(options: NewLogOptions): PartitionLog;
  /** Begins a copy in another directory; fill it by append with origin "replication". */
  createFuture(options: NewLogOptions & { readonly directoryId: string }): PartitionLog;
  /** Puts the copy in the place of the log; the old files are deleted later. */
  replaceByFuture(name: LogName): PartitionLog;
  /** Renames the log's directory to `-delete` and removes it after `file.delete.delay.ms`. */
  delete(name: LogName): void;
  /** As `delete`, of the copy. */
  deleteFuture(name: LogName): void;
  /** Which directory holds a log. */
  directoryOf(log: PartitionLog): LogDirectory;
  /** Starts retention, checkpoint and flush schedules. */
  start(): void;
  /** Flushes and closes every log, and writes the clean-shutdown files. */
  close(options: { readonly brokerEpoch: number }): Promise<void>;
}

/** How logs are loaded. */
export interface LoadLogsOptions {
  /** The configuration of a topic. */
  configOf(topic: string): LogConfig;
  /** Whether a directory belongs to no replica of this node (then it becomes `-stray`). */
  isStray?(log: LogName & { readonly topicId: string | undefined }): boolean;
}

/** What loading found. */
export interface LoadReport {
  readonly loadedCount: number;
  readonly recoveredCount: number;
  /** Directories that failed, with the error. */
  readonly failures: readonly { readonly path: string; readonly error: Error }[];
}
