import {
  type Clock,
  type FileSystem,
  InlineOffload,
  type Logger,
  type Metrics,
  type Offload,
  type Platform,
  type Random,
} from "@millrace/platform";
import { BufferPool } from "./buffer-pool.ts";
import { OpenFiles } from "./open-files.ts";
import { RecentBatches } from "./recent-batches.ts";
import {
  registerStorageMetrics,
  silentStorageMetrics,
  type StorageMetrics,
} from "./storage-metrics.ts";

/** Named limits of what the logs of a process hold together. */
export interface StorageLimits {
  /** Newest batches kept in memory for readers at the tail. */
  readonly recentBatchesBytesMax: number;
  /** Idle buffers kept for the next use. */
  readonly idleBuffersBytesMax: number;
  readonly openFilesMax: number;
  /** One read from a file gives at most this, or one batch. */
  readonly coldReadBytesMax: number;
  /** Walks through so many bytes of files at most are taken on the event loop, not by a worker. */
  readonly inlineScanBytesMax: number;
}

/** Limits for one node; all the logs of a process share them. */
export const defaultStorageLimits: StorageLimits = {
  recentBatchesBytesMax: 48 * 1024 * 1024,
  idleBuffersBytesMax: 16 * 1024 * 1024,
  openFilesMax: 4096,
  coldReadBytesMax: 2 * 1024 * 1024,
  // Less than a millisecond; to start a worker thread takes 50.
  inlineScanBytesMax: 1024 * 1024,
};

/** What the logs of a process share. */
export interface LogEnvironment {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Takes the long walks through files, and what else would hold up the event loop. */
  readonly offload: Offload;
  readonly limits: StorageLimits;
  readonly files: OpenFiles;
  readonly buffers: BufferPool;
  readonly recentBatches: RecentBatches;
  readonly metrics: StorageMetrics;
  /** Where each log registers its gauges; undefined when nobody reads them. */
  readonly registry: Metrics | undefined;
}

/** Makes what the logs of a process share. */
export function createLogEnvironment(
  platform: Pick<Platform, "fileSystem" | "clock" | "random" | "logger"> & {
    readonly metrics?: Metrics;
    readonly offload?: Offload;
  },
  limits: Partial<StorageLimits> = {},
): LogEnvironment {
  const all = { ...defaultStorageLimits, ...limits };
  const buffers = new BufferPool({ idleBytesMax: all.idleBuffersBytesMax });
  const files = new OpenFiles(platform.fileSystem, all.openFilesMax);
  const sizeBytesMax = all.recentBatchesBytesMax;
  const recentBatches = new RecentBatches({ pool: buffers, sizeBytesMax });
  const registry = platform.metrics;
  return {
    fileSystem: platform.fileSystem,
    clock: platform.clock,
    random: platform.random,
    logger: platform.logger.child("log"),
    offload: platform.offload ?? new InlineOffload(platform),
    limits: all,
    files,
    buffers,
    recentBatches,
    registry,
    metrics:
      registry === undefined
        ? silentStorageMetrics()
        : registerStorageMetrics(registry, { files, buffers, recentBatches }),
  };
}
