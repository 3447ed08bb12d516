import type { Timer } from "@millrace/platform";
import type { CheckpointKind } from "./log-directory.ts";
import type { LogEnvironment } from "./log-environment.ts";
import type { PartitionLog } from "./partition-log.ts";

/** How often logs are looked after; Kafka's keys stand beside each. */
export interface HousekeepingIntervals {
  /** `log.retention.check.interval.ms` */
  readonly retentionCheckMs: number;
  /** `log.flush.offset.checkpoint.interval.ms` */
  readonly recoveryPointCheckpointMs: number;
  /** `log.flush.start.offset.checkpoint.interval.ms` */
  readonly logStartOffsetCheckpointMs: number;
  /** `replica.high.watermark.checkpoint.interval.ms` */
  readonly highWatermarkCheckpointMs: number;
  /** `log.flush.scheduler.interval.ms`; never when it is `Number.MAX_SAFE_INTEGER`. */
  readonly flushSchedulerMs: number;
  /** `producer.id.expiration.check.interval.ms` */
  readonly producerExpirationCheckMs: number;
}

/** Kafka's defaults. */
export const defaultHousekeepingIntervals: HousekeepingIntervals = {
  retentionCheckMs: 300_000,
  recoveryPointCheckpointMs: 60_000,
  logStartOffsetCheckpointMs: 60_000,
  highWatermarkCheckpointMs: 5000,
  flushSchedulerMs: Number.MAX_SAFE_INTEGER,
  producerExpirationCheckMs: 600_000,
};

/** The first round waits until a start is over, as in Kafka. */
const initialDelayMs = 30_000;

/** What housekeeping sees of the log directories. */
export interface KeptLogs {
  readonly environment: LogEnvironment;
  readonly directories: readonly {
    readonly logs: ReadonlySet<PartitionLog>;
    writeCheckpoint(kind: CheckpointKind): Promise<void>;
  }[];
}

/** Runs retention, checkpoints, flushes and the expiry of producers, each on its own schedule. */
export class LogHousekeeping {
  readonly #logs: KeptLogs;
  readonly #intervals: HousekeepingIntervals;
  readonly #timers = new Map<string, Timer>();
  readonly #running = new Set<Promise<void>>();
  /** When each log was flushed last, for `flush.ms`. */
  readonly #flushedMs = new WeakMap<PartitionLog, number>();
  #isClosed = false;

  constructor(logs: KeptLogs, intervals: Partial<HousekeepingIntervals>) {
    this.#logs = logs;
    this.#intervals = { ...defaultHousekeepingIntervals, ...intervals };
  }

  /** Starts the schedules. */
  start(): void {
    const intervals = this.#intervals;
    this.#schedule("retention", intervals.retentionCheckMs, () => this.#retain());
    this.#schedule("recoveryPoints", intervals.recoveryPointCheckpointMs, () =>
      this.#checkpoint("recoveryPoints"),
    );
    this.#schedule("logStartOffsets", intervals.logStartOffsetCheckpointMs, () =>
      this.#checkpoint("logStartOffsets"),
    );
    this.#schedule("highWatermarks", intervals.highWatermarkCheckpointMs, () =>
      this.#checkpoint("highWatermarks"),
    );
    this.#schedule("producers", intervals.producerExpirationCheckMs, () => this.#expire());
    if (intervals.flushSchedulerMs < Number.MAX_SAFE_INTEGER) {
      this.#schedule("flush", intervals.flushSchedulerMs, () => this.#flush());
    }
  }

  /** Stops the schedules and waits for what is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    await Promise.all(this.#running);
  }

  #schedule(name: string, intervalMs: number, task: () => Promise<void>): void {
    const run = (): void => {
      const running = this.#run(name, task).finally(() => {
        this.#running.delete(running);
        if (!this.#isClosed) this.#timers.set(name, this.#clock.setTimer(intervalMs, run));
      });
      this.#running.add(running);
    };
    this.#timers.set(name, this.#clock.setTimer(Math.min(intervalMs, initialDelayMs), run));
  }

  get #clock(): LogEnvironment["clock"] {
    return this.#logs.environment.clock;
  }

  async #run(name: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      // The disk's failures took their directory offline where they arose; the next round goes on.
      this.#logs.environment.logger.error("Housekeeping of logs failed", { name, error });
    }
  }

  #allLogs(): PartitionLog[] {
    return this.#logs.directories.flatMap((directory) => [...directory.logs]);
  }

  async #retain(): Promise<void> {
    for (const log of this.#allLogs()) {
      if (this.#isClosed) return;
      if (!log.isFuture) await log.applyRetention();
    }
  }

  async #checkpoint(kind: CheckpointKind): Promise<void> {
    for (const directory of this.#logs.directories) await directory.writeCheckpoint(kind);
  }

  #expire(): Promise<void> {
    for (const log of this.#allLogs()) log.expireProducers();
    return Promise.resolve();
  }

  /** Flushes logs whose `flush.ms` has passed. */
  async #flush(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    for (const log of this.#allLogs()) {
      const isDue = nowMs - (this.#flushedMs.get(log) ?? 0) >= log.config.flushMs;
      if (!isDue || log.isOffline || log.durableOffset >= log.logEndOffset) continue;
      this.#flushedMs.set(log, nowMs);
      await log.flush();
    }
  }
}
