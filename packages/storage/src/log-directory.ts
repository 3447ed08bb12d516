import { type FileLock, IoError } from "@millrace/platform";
import { formatOffsetCheckpoint, readOffsetCheckpoint } from "./checkpoint-file.ts";
import { readCleanShutdown, removeCleanShutdown, writeCleanShutdown } from "./clean-shutdown.ts";
import { CorruptFileError, LogDirectoryError } from "./errors.ts";
import { directoryFileNames, joinPath, logDirectoryName } from "./file-names.ts";
import type { LogEnvironment } from "./log-environment.ts";
import type { LogDirectoryState } from "./log-state.ts";
import { type MetaProperties, readMetaProperties, writeMetaProperties } from "./meta-properties.ts";
import type { PartitionLog } from "./partition-log.ts";
import { hasNoRoom, parentOf, replaceFile, replaceFileLater } from "./small-file.ts";

/** Which of a directory's checkpoints. */
export type CheckpointKind = "recoveryPoints" | "logStartOffsets" | "highWatermarks";

/** What a directory's checkpoints say of one log. */
export interface CheckpointedOffsets {
  readonly recoveryPoint: number;
  readonly logStartOffset: number;
  readonly highWatermark: number;
}

/** Milliseconds between two words on a full volume. */
const noRoomToldEveryMs = 60_000;

/**
 * One of `log.dirs`: its lock, its identity, its checkpoints and the logs in it. It goes offline
 * for good with the first failure of its disk; the others serve on.
 */
export class LogDirectory implements LogDirectoryState {
  readonly path: string;
  /** The logs in it, future ones included. */
  readonly logs = new Set<PartitionLog>();
  readonly #environment: LogEnvironment;
  readonly #onFailure: (directory: LogDirectory, error: unknown) => void;
  readonly #checkpoints = new Map<CheckpointKind, ReadonlyMap<string, number>>();
  readonly #written = new Map<CheckpointKind, string>();
  #metaProperties: MetaProperties | undefined;
  #cleanShutdownBrokerEpoch: number | undefined;
  #lock: FileLock | undefined;
  /** How often the recovery points were lowered: a checkpoint begun before must not end after. */
  #loweringsCount = 0;
  /** Whether entries are not known to be durable; what a crash left is not. */
  #hasNewEntries = true;
  #entriesSync: Promise<void> = Promise.resolve();
  #isOffline = false;
  #noRoomToldAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    environment: LogEnvironment,
    path: string,
    onFailure: (directory: LogDirectory, error: unknown) => void,
  ) {
    this.#environment = environment;
    this.path = path;
    this.#onFailure = onFailure;
  }

  /** `directory.id` of its meta.properties; undefined when there is none. */
  get directoryId(): string | undefined {
    return this.#metaProperties?.directoryId;
  }

  /** What its meta.properties says; undefined when it was never formatted. */
  get metaProperties(): MetaProperties | undefined {
    return this.#metaProperties;
  }

  /** It failed: its logs refuse, the others serve. */
  get isOffline(): boolean {
    return this.#isOffline;
  }

  /**
   * The broker epoch of `.kafka_cleanshutdown` as found at start; undefined after a crash, -1 when
   * it names none.
   */
  get cleanShutdownBrokerEpoch(): number | undefined {
    return this.#cleanShutdownBrokerEpoch;
  }

  /**
   * Makes the directory if need be, locks it and reads what it says of itself.
   * @throws LogDirectoryError when another process has it; IoError; CorruptFileError.
   */
  open(): void {
    const { fileSystem } = this.#environment;
    if (!fileSystem.exists(this.path)) {
      fileSystem.makeDirectory(this.path);
      fileSystem.syncDirectory(parentOf(this.path));
    }
    this.#lock = fileSystem.tryLock(joinPath(this.path, directoryFileNames.lock));
    if (this.#lock === undefined) {
      throw new LogDirectoryError("the log directory is locked by another process", {
        path: this.path,
      });
    }
    this.#metaProperties = readMetaProperties(fileSystem, this.path);
    this.#cleanShutdownBrokerEpoch = readCleanShutdown(fileSystem, this.path);
    for (const kind of ["recoveryPoints", "logStartOffsets", "highWatermarks"] as const) {
      this.#checkpoints.set(kind, this.#readCheckpoint(kind));
    }
  }

  /** Writes meta.properties, durably: when the directory is formatted. @throws IoError */
  format(properties: MetaProperties): void {
    writeMetaProperties(this.#environment.fileSystem, this.path, properties);
    this.#metaProperties = properties;
  }

  /** From here on the directory is in use: a crash is not a clean stop any more. @throws IoError */
  beginUse(): void {
    removeCleanShutdown(this.#environment.fileSystem, this.path);
  }

  /** What the checkpoints said of a log at start. */
  checkpointed(topic: string, partition: number): CheckpointedOffsets {
    const name = logDirectoryName(topic, partition);
    const of = (kind: CheckpointKind): number => this.#checkpoints.get(kind)?.get(name) ?? 0;
    return {
      recoveryPoint: of("recoveryPoints"),
      logStartOffset: of("logStartOffsets"),
      highWatermark: of("highWatermarks"),
    };
  }

  /** Takes it offline for good. */
  fail(error: unknown): void {
    if (this.#isOffline) return;
    this.#isOffline = true;
    const { logger } = this.#environment;
    logger.error("A log directory failed and is offline", { path: this.path, error });
    this.#onFailure(this, error);
  }

  /** Tells that its volume is full, once a minute: clients try again many times a second. */
  noRoom(error: unknown): void {
    const { clock, logger } = this.#environment;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#noRoomToldAtMs < noRoomToldEveryMs) return;
    this.#noRoomToldAtMs = nowMs;
    const message = "A log directory is full: writes are refused until retention makes room";
    logger.warn(message, { path: this.path, error });
  }

  /** Bytes of its volume, used and free. @throws IoError */
  totalBytes(): number {
    return this.#environment.fileSystem.totalBytes(this.path);
  }

  /** Bytes free on its volume. @throws IoError */
  usableBytes(): number {
    return this.#environment.fileSystem.freeBytes(this.path);
  }

  /** Writes a checkpoint if it changed. A full disk is not a failed one: the old one stays. */
  async writeCheckpoint(kind: CheckpointKind): Promise<void> {
    if (this.#isOffline) return;
    const content = this.#formatCheckpoint(kind);
    if (this.#written.get(kind) === content) return;
    try {
      const loweringsCount = this.#loweringsCount;
      const isOvertaken = (): boolean =>
        kind === "recoveryPoints" && loweringsCount !== this.#loweringsCount;
      const options = { content, isOvertaken };
      await replaceFileLater(this.#environment.fileSystem, this.#checkpointPath(kind), options);
      if (!isOvertaken()) this.#written.set(kind, content);
    } catch (error) {
      if (!(error instanceof IoError)) throw error;
      if (!hasNoRoom(error)) this.fail(error);
      else this.#environment.logger.warn("No room for a checkpoint", { path: error.path });
    }
  }

  /**
   * Writes the recovery points now, durably. A recovery point above a cut would let the next start
   * trust what was written there afterwards and never synced. @throws IoError
   */
  lowerRecoveryPoints(): void {
    if (this.#isOffline) return;
    this.#loweringsCount += 1;
    const content = this.#formatCheckpoint("recoveryPoints");
    const path = this.#checkpointPath("recoveryPoints");
    try {
      replaceFile(this.#environment.fileSystem, path, { content, durability: "synced" });
    } catch (error) {
      // Nothing is cut yet: on a full disk the caller may try again.
      if (!hasNoRoom(error)) this.fail(error);
      throw error;
    }
    this.#written.set("recoveryPoints", content);
  }

  /**
   * Writes every checkpoint and the clean-shutdown file, durably; all its logs are closed. @throws
   * IoError
   */
  finish(brokerEpoch: number): void {
    const { fileSystem } = this.#environment;
    for (const kind of ["recoveryPoints", "logStartOffsets", "highWatermarks"] as const) {
      const content = this.#formatCheckpoint(kind);
      replaceFile(fileSystem, this.#checkpointPath(kind), { content, durability: "synced" });
    }
    writeCleanShutdown(fileSystem, this.path, brokerEpoch);
  }

  /** A log was made here or got another name. */
  noteNewEntry(): void {
    this.#hasNewEntries = true;
  }

  /** Makes the entries durable, once for many new logs. @throws IoError */
  syncEntries(): Promise<void> {
    if (this.#hasNewEntries) {
      this.#hasNewEntries = false;
      this.#entriesSync = this.#environment.fileSystem.syncDirectoryLater(this.path);
    }
    // Who comes while a sync is under way waits for it, and for one that failed is refused.
    return this.#entriesSync;
  }

  /** Gives the lock back. */
  release(): void {
    this.#lock?.release();
    this.#lock = undefined;
  }

  #formatCheckpoint(kind: CheckpointKind): string {
    const entries = [];
    for (const log of this.logs) {
      const { topic, partition } = log;
      if (kind === "recoveryPoints") entries.push({ topic, partition, offset: log.recoveryPoint });
      else if (kind === "highWatermarks") {
        entries.push({ topic, partition, offset: log.highWatermark });
      } else if (log.logStartOffset > log.segments.firstBaseOffset) {
        // Where the first segment begins needs no note, as in Kafka.
        entries.push({ topic, partition, offset: log.logStartOffset });
      }
    }
    return formatOffsetCheckpoint(entries);
  }

  /** A checkpoint that cannot be read only costs a longer recovery. */
  #readCheckpoint(kind: CheckpointKind): ReadonlyMap<string, number> {
    const path = this.#checkpointPath(kind);
    try {
      return readOffsetCheckpoint(this.#environment.fileSystem, path);
    } catch (error) {
      if (!(error instanceof CorruptFileError)) throw error;
      this.#environment.logger.warn("A checkpoint is not readable and is ignored", { path, error });
      return new Map();
    }
  }

  #checkpointPath(kind: CheckpointKind): string {
    return joinPath(this.path, directoryFileNames[kind]);
  }
}
