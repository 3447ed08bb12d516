import { IoError, type Metrics, type Offload, type Timer } from "@millrace/platform";
import type { LogDirectory } from "../log-directory.ts";
import type { LogEnvironment } from "../log-environment.ts";
import type { PartitionLog } from "../partition-log.ts";
import { type CleanableRange, measureCleanable } from "./cleanable-range.ts";
import { CleanerCheckpoint } from "./cleaner-checkpoint.ts";
import { CleanerMetrics } from "./cleaner-metrics.ts";
import { type CompactionLimits, type CompactionReport, LogCompaction } from "./log-compaction.ts";

/** How the cleaner works; Kafka's keys stand beside each. */
export interface LogCleanerConfig extends CompactionLimits {
  /** `log.cleaner.enable` */
  readonly isEnabled: boolean;
  /** `log.cleaner.backoff.ms` */
  readonly backoffMs: number;
}

/** Kafka's defaults, but for what one batch may take when it is decompressed, which has no key. */
export const defaultLogCleanerConfig: LogCleanerConfig = {
  isEnabled: true,
  backoffMs: 15_000,
  offsetMapBytesMax: 128 * 1024 * 1024,
  offsetMapLoadFactor: 0.9,
  ioBytesPerSecond: Infinity,
  decompressedSizeBytesMax: 256 * 1024 * 1024,
};

/** What the cleaner works on. */
export interface LogCleanerOptions {
  readonly environment: LogEnvironment;
  readonly directories: readonly LogDirectory[];
  readonly offload: Offload;
  readonly metrics: Metrics;
  readonly config?: Partial<LogCleanerConfig>;
}

interface Candidate {
  readonly log: PartitionLog;
  readonly directory: LogDirectory;
  readonly range: CleanableRange;
}

/** The system's codes of a disk that has no room: the next round tries again. */
const noRoomCodes: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT"]);

/**
 * Compacts one log after the other, always the one with the largest dirty part, and rests for
 * `backoffMs` when none needs it. A log that cannot be compacted is set aside and counted.
 *
 * Lifecycle: made → started → closed.
 */
export class LogCleaner {
  readonly #environment: LogEnvironment;
  readonly #directories: readonly LogDirectory[];
  readonly #offload: Offload;
  readonly #metrics: CleanerMetrics;
  readonly #checkpoints = new Map<LogDirectory, CleanerCheckpoint>();
  /** Logs that cannot be compacted, with the reason. */
  readonly #uncleanable = new Map<PartitionLog, string>();
  #config: LogCleanerConfig;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: LogCleanerOptions) {
    this.#environment = options.environment;
    this.#directories = options.directories;
    this.#offload = options.offload;
    this.#config = { ...defaultLogCleanerConfig, ...options.config };
    this.#metrics = new CleanerMetrics({
      metrics: options.metrics,
      clock: options.environment.clock,
      directories: options.directories,
      uncleanableOf: (directory) =>
        [...this.#uncleanable.keys()].filter((log) => directory.logs.has(log)),
    });
  }

  /** Starts to look for dirty logs, for the first time after `backoffMs`. */
  start(): void {
    this.#schedule();
  }

  /** Applies changed configurations; a compaction under way ends with those it began with. */
  updateConfig(config: Partial<LogCleanerConfig>): void {
    this.#config = { ...this.#config, ...config };
  }

  /** Logs that cannot be compacted, with the reason. */
  uncleanableLogs(): readonly { readonly log: PartitionLog; readonly reason: string }[] {
    return [...this.#uncleanable].map(([log, reason]) => ({ log, reason }));
  }

  /**
   * Compacts the dirtiest log if one is dirty enough.
   * @returns what was done; undefined when there was nothing to do.
   */
  async cleanFilthiest(): Promise<CompactionReport | undefined> {
    this.#forgetGone();
    const candidate = this.#pickFilthiest();
    if (candidate === undefined) return undefined;
    return this.#clean(candidate);
  }

  /** Stops; a step that is off the event loop is not waited for, and what it gives is not used. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#timer = this.#environment.clock.setTimer(this.#config.backoffMs, () => {
      // It logs its failures and never rejects.
      void this.#cleanAll().finally(() => this.#schedule());
    });
  }

  /** Cleans until no log needs it. */
  async #cleanAll(): Promise<void> {
    if (!this.#config.isEnabled) return;
    try {
      while (!this.#isClosed) {
        const report = await this.cleanFilthiest();
        // A log that changed under its compaction is not tried again at once.
        if (report?.endOffset === undefined) return;
      }
    } catch (error) {
      if (!this.#isClosed) this.#environment.logger.error("The log cleaner failed", { error });
    }
  }

  #forgetGone(): void {
    for (const log of this.#uncleanable.keys()) if (log.isOffline) this.#uncleanable.delete(log);
  }

  #checkpointOf(directory: LogDirectory): CleanerCheckpoint {
    let checkpoint = this.#checkpoints.get(directory);
    if (checkpoint === undefined) {
      const { fileSystem } = this.#environment;
      checkpoint = new CleanerCheckpoint(fileSystem, directory.path, directory.logs);
      this.#checkpoints.set(directory, checkpoint);
    }
    return checkpoint;
  }

  #pickFilthiest(): Candidate | undefined {
    const nowMs = this.#environment.clock.nowMs();
    let best: Candidate | undefined;
    let ratioMax = 0;
    let overdueMsMax = 0;
    for (const directory of this.#directories) {
      for (const log of directory.logs) {
        if (!this.#isCompacted(log)) continue;
        const range = measureCleanable(log, this.#dirtyOffsetOf(log, directory), nowMs);
        ratioMax = Math.max(ratioMax, range.ratio);
        overdueMsMax = Math.max(overdueMsMax, range.overdueMs);
        const isDue = range.overdueMs > 0 && range.cleanableBytes > 0;
        if (!isDue && range.ratio <= log.config.minCleanableDirtyRatio) continue;
        if (best === undefined || range.ratio > best.range.ratio) best = { log, directory, range };
      }
    }
    this.#metrics.noteLook({ ratioMax, overdueMsMax });
    return best;
  }

  /** Where the checkpoint says that the dirty part begins, or where the log was cut before that. */
  #dirtyOffsetOf(log: PartitionLog, directory: LogDirectory): number | undefined {
    const checkpoint = this.#checkpointOf(directory);
    const offset = checkpoint.offsetOf(log);
    const cut = log.segments.takeLowestCut();
    if (offset !== undefined && cut < offset) checkpoint.set(log, cut);
    return checkpoint.offsetOf(log);
  }

  #isCompacted(log: PartitionLog): boolean {
    return (
      log.config.cleanupPolicy.includes("compact") &&
      !log.isOffline &&
      !log.isFuture &&
      !this.#uncleanable.has(log)
    );
  }

  async #clean(candidate: Candidate): Promise<CompactionReport | undefined> {
    const { log, directory, range } = candidate;
    const startMs = this.#environment.clock.monotonicMs();
    try {
      const compaction = new LogCompaction({
        log,
        range,
        limits: this.#config,
        offload: this.#offload,
        isStopped: () => this.#isClosed || log.segments.lowestCut < range.endOffset,
      });
      const report = await compaction.run();
      this.#metrics.noteCompaction(report, this.#environment.clock.monotonicMs() - startMs);
      const isGone = this.#isClosed || log.isOffline;
      if (report.endOffset !== undefined && !isGone) {
        this.#checkpointOf(directory).set(log, report.endOffset);
        this.#report(candidate, report, startMs);
      }
      return report;
    } catch (error) {
      this.#noteFailure(candidate, error);
      return undefined;
    }
  }

  #report(candidate: Candidate, report: CompactionReport, startMs: number): void {
    const { log, range } = candidate;
    this.#environment.logger.info("A log was compacted", {
      topic: log.topic,
      partition: log.partition,
      fromOffset: range.firstDirtyOffset,
      endOffset: report.endOffset,
      recordsRead: report.recordsRead,
      recordsKept: report.recordsKept,
      durationMs: Math.round(this.#environment.clock.monotonicMs() - startMs),
    });
  }

  /**
   * A log that went away needs no word, a failing disk is its directory's, others are set aside.
   */
  #noteFailure(candidate: Candidate, error: unknown): void {
    const { log, directory } = candidate;
    const { logger } = this.#environment;
    if (this.#isClosed || log.isOffline) return;
    const where = { topic: log.topic, partition: log.partition, error };
    if (error instanceof IoError && noRoomCodes.has(error.systemCode)) {
      logger.warn("No room to compact a log", where);
      return;
    }
    if (error instanceof IoError && error.systemCode !== "ENOENT") directory.fail(error);
    this.#uncleanable.set(log, reasonOf(error));
    logger.error("A log cannot be compacted and is left as it is", where);
  }
}

/** What went wrong off the event loop is the cause of what the offload throws. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
