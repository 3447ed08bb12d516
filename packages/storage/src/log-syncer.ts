import { LogDirectoryError } from "./errors.ts";
import { joinPath, logFileNames } from "./file-names.ts";
import type { LeaderEpochs } from "./leader-epochs.ts";
import type { LogState } from "./log-state.ts";
import { hasNoRoom, parentOf } from "./small-file.ts";

/** Files of one log that are synced at once, beside the active segment. */
const syncsMax = 4;

/**
 * Knows which files of a log hold what is not durable, and syncs them: the active segment always,
 * closed segments and small files once, and the directories that hold new names.
 */
export class LogSyncer {
  readonly #state: LogState;
  #path: string;
  #files = new Set<string>();
  #directories = new Set<string>();
  /** The log's own entry in its log directory is not known to be durable. */
  #needsEntry = false;
  /** The oldest closed segment that waits for a sync, and that of the sync under way. */
  #closedFrom = Infinity;
  #syncingFrom = Infinity;

  constructor(state: LogState) {
    this.#state = state;
    this.#path = state.path;
    if (state.isNew) this.#addOwnFiles();
    for (const path of state.recoveredFiles) this.addFile(path);
  }

  /** A file that must be durable with the next sync; no harm when it is gone by then. */
  addFile(path: string): void {
    this.#files.add(path);
  }

  /**
   * A closed segment of which files are not durable; its batches may be since long, but its indexes
   * are written when it is closed.
   */
  addSegment(baseOffset: number, paths: readonly string[]): void {
    this.#closedFrom = Math.min(this.#closedFrom, baseOffset);
    for (const path of paths) this.addFile(path);
  }

  /** Segments from here on must be recovered after a crash; Infinity when none must for that. */
  get unsyncedSegmentOffset(): number {
    return Math.min(this.#closedFrom, this.#syncingFrom);
  }

  /** A directory whose entries must be durable with the next sync. */
  addDirectory(path: string): void {
    this.#directories.add(path);
  }

  /**
   * Makes what is in the page cache now durable.
   * @throws IoError, and LogDirectoryError once anything in the log directory has failed: the
   *   kernel may have dropped what was to be written, and a later sync would succeed all the same.
   */
  async sync(): Promise<void> {
    this.#assertTrusted();
    await this.#syncEverything();
    this.#assertTrusted();
  }

  #assertTrusted(): void {
    if (!this.#state.directoryState.isOffline) return;
    throw new LogDirectoryError("the log directory failed", { path: this.#path });
  }

  async #syncEverything(): Promise<void> {
    const { aborted, environment, epochs, segments } = this.#state;
    const { files } = environment;
    const extraFiles = this.#files;
    const directories = this.#directories;
    this.#files = new Set();
    this.#directories = new Set();
    const needsEntry = this.#needsEntry;
    this.#needsEntry = false;
    this.#syncingFrom = this.#closedFrom;
    this.#closedFrom = Infinity;
    // On a full disk the batches become durable all the same; what else there is to say of them is
    // found by recovery, should it come before there is room.
    const heldFrom = Math.min(
      aborted.write(),
      isWritten(epochs) ? Infinity : segments.active.baseOffset,
    );
    if (epochs.needsSync && heldFrom === Infinity) {
      epochs.needsSync = false;
      const epochsPath = joinPath(this.#path, logFileNames.leaderEpochs);
      // The file was replaced: what may be open under its name is the one before.
      files.forget(epochsPath);
      extraFiles.add(epochsPath);
      directories.add(this.#path);
    }
    const activePath = segments.active.paths.log;
    extraFiles.delete(activePath);
    const active = files.get(activePath).sync();
    if (extraFiles.size === 0) await active;
    else await Promise.all([active, this.#syncFiles([...extraFiles])]);
    if (directories.size > 0) await this.#syncDirectories(directories);
    if (needsEntry) await this.#syncEntry();
    this.#syncingFrom = Infinity;
    this.#closedFrom = Math.min(this.#closedFrom, heldFrom);
  }

  /** As `sync`, for who waits for batches: its time is measured. @throws IoError */
  async syncTimed(): Promise<void> {
    const { clock, metrics } = this.#state.environment;
    const startMs = clock.monotonicMs();
    await this.sync();
    metrics.flushMs.record(clock.monotonicMs() - startMs);
  }

  /** As `sync`, and no file may lack anything; the directory fails if one does. @throws IoError */
  async syncWholly(): Promise<void> {
    try {
      await this.sync();
      if (this.unsyncedSegmentOffset === Infinity) return;
      throw new LogDirectoryError("there is no room to complete a log", { path: this.#path });
    } catch (error) {
      this.#state.directoryState.fail(error);
      throw error;
    }
  }

  /** The log was cut: names in its directory changed. What stays is still to be synced. */
  restart(): void {
    this.#directories.add(this.#path);
  }

  /** The log's directory has another name now. */
  moveTo(path: string): void {
    const oldPath = this.#path;
    const moved = [...this.#files].map((file) => path + file.slice(oldPath.length));
    this.#path = path;
    this.#files = new Set(moved);
    this.#addOwnFiles();
  }

  #addOwnFiles(): void {
    this.#files.add(joinPath(this.#path, logFileNames.partitionMetadata));
    this.#directories.add(this.#path);
    this.#needsEntry = true;
  }

  /** A few at a time: rolls can outpace the disk, and a waiting sync holds its file open. */
  async #syncFiles(paths: readonly string[]): Promise<void> {
    const { files, fileSystem } = this.#state.environment;
    for (let start = 0; start < paths.length; start += syncsMax) {
      const group = paths.slice(start, start + syncsMax);
      const there = group.filter((path) => fileSystem.exists(path));
      await Promise.all(there.map((path) => files.get(path).sync()));
    }
  }

  async #syncDirectories(paths: ReadonlySet<string>): Promise<void> {
    const { fileSystem } = this.#state.environment;
    const there = [...paths].filter((path) => fileSystem.exists(path));
    await Promise.all(there.map((path) => fileSystem.syncDirectoryLater(path)));
  }

  #syncEntry(): Promise<void> {
    const { directoryState, environment } = this.#state;
    if (directoryState.syncEntries !== undefined) return directoryState.syncEntries();
    return environment.fileSystem.syncDirectoryLater(parentOf(this.#path));
  }
}

function isWritten(epochs: LeaderEpochs): boolean {
  try {
    epochs.write();
    return true;
  } catch (error) {
    if (!hasNoRoom(error)) throw error;
    return false;
  }
}
