import { assert, type DirectoryEntry, IoError } from "@millrace/platform";
import { CorruptFileError, CorruptLogError, LogDirectoryError } from "./errors.ts";
import {
  baseName,
  joinPath,
  logDirectoryName,
  parseLogDirectoryName,
  renamedLogDirectoryName,
} from "./file-names.ts";
import type { LogConfig } from "./log-config.ts";
import { LogDirectory } from "./log-directory.ts";
import type { LogEnvironment } from "./log-environment.ts";
import { LogHousekeeping, type HousekeepingIntervals } from "./log-housekeeping.ts";
import { createLog, openLog } from "./log-loader.ts";
import { nextTurn } from "./next-turn.ts";
import type { PartitionLog } from "./partition-log.ts";
import { readTopicId } from "./partition-metadata.ts";
import { registerLogMetrics, removeLogMetrics } from "./storage-metrics.ts";

/** The log of the cluster's metadata lies among the others and is not theirs. */
const metadataTopic = "__cluster_metadata";
/** Loading gives other work a turn after this long. */
const loadSliceMs = 10;
/** So many logs are closed at once: each waits for a few syncs. */
const closingMax = 64;

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

/** How logs are loaded. */
export interface LoadLogsOptions {
  /** So many logs of a directory are recovered at once; one when not given. */
  readonly recoveriesPerDirectory?: number;
  /** The configuration of a topic. */
  configOf(topic: string): LogConfig;
  /** Whether a directory belongs to no replica of this node (then it becomes `-stray`). */
  isStray?(log: LogName & { readonly topicId: string | undefined }): boolean;
}

/** What loading found. */
export interface LoadReport {
  readonly loadedCount: number;
  /** Logs that had to be checked. */
  readonly recoveredCount: number;
  /** Logs and directories that could not be loaded, with the error. */
  readonly failures: readonly { readonly path: string; readonly error: Error }[];
}

/** Where logs are kept and how often they are looked after. */
export interface LogDirectoriesOptions {
  /** `log.dirs`. */
  readonly paths: readonly string[];
  readonly intervals?: Partial<HousekeepingIntervals>;
  /** Called when a directory went offline. */
  readonly onFailure?: (directory: LogDirectory, error: unknown) => void;
}

/** The logs of every log directory of this node, but for `__cluster_metadata-0`. */
export class LogDirectories {
  /** What the logs share; the metadata log is opened with it too. */
  readonly environment: LogEnvironment;
  readonly directories: readonly LogDirectory[];
  readonly #current = new Map<string, PartitionLog>();
  readonly #future = new Map<string, PartitionLog>();
  readonly #housekeeping: LogHousekeeping;
  /** Directories of deleted logs, until they are removed. */
  readonly #deletions = new Set<{ cancel(): void }>();

  private constructor(
    environment: LogEnvironment,
    directories: readonly LogDirectory[],
    intervals: Partial<HousekeepingIntervals>,
  ) {
    this.environment = environment;
    this.directories = directories;
    this.#housekeeping = new LogHousekeeping(this, intervals);
  }

  /**
   * Locks the directories and reads what they say of themselves. One that fails is offline.
   * @throws LogDirectoryError when another process has one of them, or when every one failed.
   */
  static open(environment: LogEnvironment, options: LogDirectoriesOptions): LogDirectories {
    const onFailure = options.onFailure ?? ((): void => {});
    const directories = options.paths.map((path) => new LogDirectory(environment, path, onFailure));
    try {
      for (const directory of directories) openOrFail(directory);
      if (directories.every((directory) => directory.isOffline)) {
        const path = options.paths.join(", ");
        throw new LogDirectoryError("no log directory can be used", { path });
      }
    } catch (error) {
      for (const directory of directories) directory.release();
      throw error;
    }
    return new LogDirectories(environment, directories, options.intervals ?? {});
  }

  /** Loads what the directories hold; without blocking the loop for long. */
  async load(options: LoadLogsOptions): Promise<LoadReport> {
    const reports = await Promise.all(
      this.directories
        .filter((directory) => !directory.isOffline)
        .map((directory) => this.#loadDirectory(directory, options)),
    );
    return {
      loadedCount: reports.reduce((sum, report) => sum + report.loadedCount, 0),
      recoveredCount: reports.reduce((sum, report) => sum + report.recoveredCount, 0),
      failures: reports.flatMap((report) => report.failures),
    };
  }

  log(name: LogName): PartitionLog | undefined {
    return this.#current.get(keyOf(name));
  }

  /** The copy under construction in another directory, if there is one. */
  futureLog(name: LogName): PartitionLog | undefined {
    return this.#future.get(keyOf(name));
  }

  logs(): Iterable<PartitionLog> {
    return this.#current.values();
  }

  futureLogs(): Iterable<PartitionLog> {
    return this.#future.values();
  }

  /**
   * Makes a log, or gives the one that is there. @throws IoError; LogDirectoryError when no
   * directory can take it.
   */
  create(options: NewLogOptions): PartitionLog {
    const found = this.log(options);
    if (found !== undefined) return found;
    const directory = this.#choose(options.directoryId);
    const path = joinPath(directory.path, logDirectoryName(options.topic, options.partition));
    const log = this.#createIn(directory, path, options);
    this.#setCurrent(log);
    return log;
  }

  /** Begins a copy in another directory; fill it by append with origin "replication". */
  createFuture(options: NewLogOptions & { readonly directoryId: string }): PartitionLog {
    assert(this.futureLog(options) === undefined, "there is a copy already");
    const directory = this.#choose(options.directoryId);
    const path = this.#renamedPath(directory, options, "future");
    const log = this.#createIn(directory, path, options);
    this.#future.set(keyOf(options), log);
    return log;
  }

  /** Puts the copy in the place of the log; the old files are deleted later. @throws IoError */
  replaceByFuture(name: LogName): PartitionLog {
    const future = this.futureLog(name);
    assert(future !== undefined, "there is no copy to take the log's place");
    const directory = this.directoryOf(future);
    const path = joinPath(directory.path, logDirectoryName(name.topic, name.partition));
    future.renameTo(path, false);
    directory.noteNewEntry();
    const old = this.log(name);
    this.#future.delete(keyOf(name));
    this.#setCurrent(future);
    if (old !== undefined) this.#discard(old, "delete");
    return future;
  }

  /** Renames the log's directory to `-delete` and removes it after `file.delete.delay.ms`. */
  delete(name: LogName): void {
    const log = this.log(name);
    if (log === undefined) return;
    this.#current.delete(keyOf(name));
    this.#discard(log, "delete");
  }

  /** As `delete`, of the copy. */
  deleteFuture(name: LogName): void {
    const log = this.futureLog(name);
    if (log === undefined) return;
    this.#future.delete(keyOf(name));
    this.#discard(log, "delete");
  }

  /**
   * Takes a log that belongs to no replica of this node out of use: its directory becomes `-stray`.
   */
  setAsideStray(name: LogName): void {
    const log = this.log(name);
    if (log === undefined) return;
    this.#current.delete(keyOf(name));
    this.#discard(log, "stray");
  }

  /** Which directory holds a log. */
  directoryOf(log: PartitionLog): LogDirectory {
    const directory = this.directories.find((each) => each.logs.has(log));
    assert(directory !== undefined, `${log.path} is in no log directory`);
    return directory;
  }

  /** The directory with an id; undefined when there is none. */
  directoryById(directoryId: string): LogDirectory | undefined {
    return this.directories.find((directory) => directory.directoryId === directoryId);
  }

  /** Starts retention, checkpoint and flush schedules. */
  start(): void {
    this.#housekeeping.start();
  }

  /** Flushes and closes every log, and writes the clean-shutdown files. */
  async close(options: { readonly brokerEpoch: number }): Promise<void> {
    await this.#housekeeping.close();
    for (const deletion of this.#deletions) deletion.cancel();
    this.#deletions.clear();
    for (const directory of this.directories) await this.#closeDirectory(directory, options);
    this.environment.files.close();
  }

  async #closeDirectory(
    directory: LogDirectory,
    options: { readonly brokerEpoch: number },
  ): Promise<void> {
    const logs = [...directory.logs];
    try {
      for (let start = 0; start < logs.length; start += closingMax) {
        await Promise.all(logs.slice(start, start + closingMax).map((log) => log.close()));
      }
      if (!directory.isOffline) directory.finish(options.brokerEpoch);
    } catch (error) {
      // What could not be made durable is found by recovery: without its clean-shutdown file the
      // directory is checked at the next start.
      directory.fail(error);
    } finally {
      for (const log of logs) log.abandon();
      directory.release();
    }
  }

  async #loadDirectory(directory: LogDirectory, options: LoadLogsOptions): Promise<LoadReport> {
    const { fileSystem, clock } = this.environment;
    const failures: { path: string; error: Error }[] = [];
    let loadedCount = 0;
    let recoveredCount = 0;
    let sliceStart = clock.monotonicMs();
    const loadEach = async (entries: Iterable<DirectoryEntry>): Promise<void> => {
      for (const entry of entries) {
        if (entry.kind !== "directory") continue;
        const path = joinPath(directory.path, entry.name);
        try {
          const found = await this.#loadOne(directory, path, options);
          loadedCount += found.isLoaded ? 1 : 0;
          recoveredCount += found.isRecovered ? 1 : 0;
        } catch (error) {
          // Damage concerns this log alone; a disk that fails concerns the directory.
          if (!(error instanceof CorruptLogError) && !(error instanceof CorruptFileError))
            throw error;
          failures.push({ path, error });
          this.environment.logger.error("A log cannot be loaded", { path, error });
        }
        if (clock.monotonicMs() - sliceStart > loadSliceMs) {
          await nextTurn(this.environment);
          sliceStart = clock.monotonicMs();
        }
      }
    };
    try {
      directory.beginUse();
      const entries = fileSystem.readDirectory(directory.path).values();
      const count = options.recoveriesPerDirectory ?? 1;
      // They share one iterator: whoever is done takes the next log.
      const loading = Array.from({ length: count }, () => loadEach(entries));
      // When one fails, none may go on behind its back.
      await Promise.allSettled(loading);
      await Promise.all(loading);
    } catch (error) {
      if (!(error instanceof IoError)) throw error;
      directory.fail(error);
      failures.push({ path: directory.path, error });
    }
    return { loadedCount, recoveredCount, failures };
  }

  async #loadOne(
    directory: LogDirectory,
    path: string,
    options: LoadLogsOptions,
  ): Promise<{ readonly isLoaded: boolean; readonly isRecovered: boolean }> {
    const nothing = { isLoaded: false, isRecovered: false };
    const name = parseLogDirectoryName(baseName(path));
    if (name === undefined || name.topic === metadataTopic || name.state === "stray")
      return nothing;
    const config = options.configOf(name.topic);
    if (name.state === "delete") {
      this.#removeLater(path, config.fileDeleteDelayMs);
      return nothing;
    }
    const topicId = readTopicId(this.environment.fileSystem, path);
    if (options.isStray?.({ ...name, topicId }) === true) {
      this.#renameAway(path, this.#renamedPath(directory, name, "stray"));
      return nothing;
    }
    const opened = await openLog(this.environment, {
      path,
      config,
      directoryState: directory,
      wasCleanShutdown: directory.cleanShutdownBrokerEpoch !== undefined,
      ...directory.checkpointed(name.topic, name.partition),
    });
    this.#adopt(directory, opened.log);
    return { isLoaded: true, isRecovered: opened.recoveredSegmentCount > 0 };
  }

  /** Takes a loaded log in; of two with one name the longer stays (a move that was cut short). */
  #adopt(directory: LogDirectory, log: PartitionLog): void {
    const logs = log.isFuture ? this.#future : this.#current;
    const key = keyOf(log);
    const other = logs.get(key);
    directory.logs.add(log);
    if (other === undefined || other.logEndOffset < log.logEndOffset) {
      if (log.isFuture) logs.set(key, log);
      else this.#setCurrent(log);
    }
    if (other === undefined) return;
    const loser = logs.get(key) === log ? other : log;
    this.environment.logger.warn("A log lies in two directories; the shorter is set aside", {
      path: loser.path,
    });
    this.#discard(loser, "stray");
  }

  #setCurrent(log: PartitionLog): void {
    this.#current.set(keyOf(log), log);
    const { registry } = this.environment;
    if (registry !== undefined) registerLogMetrics(registry, log);
  }

  #choose(directoryId: string | undefined): LogDirectory {
    const online = this.directories.filter((directory) => !directory.isOffline);
    if (directoryId !== undefined) {
      const wanted = online.find((directory) => directory.directoryId === directoryId);
      if (wanted !== undefined) return wanted;
      throw new LogDirectoryError("the log directory is offline or not there", {
        path: directoryId,
      });
    }
    let best = online[0];
    for (const directory of online) {
      if (best !== undefined && directory.logs.size < best.logs.size) best = directory;
    }
    if (best !== undefined) return best;
    const path = this.directories.map((directory) => directory.path).join(", ");
    throw new LogDirectoryError("every log directory is offline", { path });
  }

  #createIn(directory: LogDirectory, path: string, options: NewLogOptions): PartitionLog {
    const { config, topicId } = options;
    try {
      directory.noteNewEntry();
      const log = createLog(this.environment, { path, config, directoryState: directory, topicId });
      directory.logs.add(log);
      return log;
    } catch (error) {
      this.environment.files.forgetDirectory(path);
      if (error instanceof IoError && error.systemCode !== "ENOSPC") directory.fail(error);
      throw error;
    }
  }

  /** Takes a log out of use and its directory out of the way. */
  #discard(log: PartitionLog, state: "delete" | "stray"): void {
    const directory = this.directoryOf(log);
    directory.logs.delete(log);
    log.abandon();
    const { registry } = this.environment;
    if (registry !== undefined && this.log(log) === undefined) removeLogMetrics(registry, log);
    if (directory.isOffline) return;
    try {
      const renamed = this.#renamedPath(directory, log, state);
      this.#renameAway(log.path, renamed);
      if (state === "delete") this.#removeLater(renamed, log.config.fileDeleteDelayMs);
    } catch (error) {
      directory.fail(error);
    }
  }

  #renameAway(from: string, to: string): void {
    this.environment.files.forgetDirectory(from);
    this.environment.fileSystem.rename(from, to);
  }

  #removeLater(path: string, delayMs: number): void {
    const { clock, fileSystem, logger } = this.environment;
    const timer = clock.setTimer(delayMs, () => {
      this.#deletions.delete(timer);
      fileSystem.removeDirectoryLater(path).catch((error: unknown) => {
        // The next start finds the directory by its name and tries again.
        logger.warn("A deleted log's directory could not be removed", { path, error });
      });
    });
    this.#deletions.add(timer);
  }

  #renamedPath(
    directory: LogDirectory,
    name: LogName,
    state: "future" | "delete" | "stray",
  ): string {
    const uniqueHex = Buffer.from(this.environment.random.bytes(16)).toString("hex");
    const { topic, partition } = name;
    return joinPath(
      directory.path,
      renamedLogDirectoryName({ topic, partition, uniqueHex, state }),
    );
  }
}

function openOrFail(directory: LogDirectory): void {
  try {
    directory.open();
  } catch (error) {
    if (!(error instanceof IoError)) throw error;
    directory.fail(error);
  }
}

function keyOf(name: LogName): string {
  return logDirectoryName(name.topic, name.partition);
}
