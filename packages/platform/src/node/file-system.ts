import fs from "node:fs";
import { dirname } from "node:path";
import type {
  DirectoryEntry,
  File,
  FileLock,
  FileStat,
  FileSystem,
  OpenMode,
} from "../file-system.ts";
import { NodeFile } from "./file.ts";
import { tryLockFile } from "./file-lock.ts";
import { removeGently } from "./remove-gently.ts";
import { systemCodeOf, toIoError } from "./io-error.ts";
import { SyncQueue } from "./sync-queue.ts";

const { O_CREAT, O_EXCL, O_RDONLY, O_RDWR } = fs.constants;

const openFlags: Readonly<Record<OpenMode, number>> = {
  read: O_RDONLY,
  readWrite: O_RDWR,
  create: O_RDWR | O_CREAT,
  createNew: O_RDWR | O_CREAT | O_EXCL,
};

/** How the file system uses libuv's thread pool. */
export interface NodeFileSystemOptions {
  /** Fsyncs in the thread pool at once; keep it below the pool's size. */
  readonly syncConcurrencyMax: number;
}

/** The system's files. */
export class NodeFileSystem implements FileSystem {
  readonly #syncQueue: SyncQueue;

  constructor(options: NodeFileSystemOptions) {
    this.#syncQueue = new SyncQueue(options.syncConcurrencyMax);
  }

  /** Fsyncs that wait for a place in the thread pool. */
  waitingSyncCount(): number {
    return this.#syncQueue.waitingCount();
  }

  /** Whether fsyncs are under way in the thread pool. */
  isSyncing(): boolean {
    return this.#syncQueue.runningCount() > 0;
  }

  open(path: string, mode: OpenMode): File {
    const descriptor = guard("open", path, () => fs.openSync(path, openFlags[mode], 0o644));
    return new NodeFile(path, descriptor, this.#syncQueue);
  }

  exists(path: string): boolean {
    return this.stat(path) !== undefined;
  }

  stat(path: string): FileStat | undefined {
    const stats = guard("stat", path, () => fs.statSync(path, { throwIfNoEntry: false }));
    if (stats === undefined) return undefined;
    return {
      kind: stats.isDirectory() ? "directory" : "file",
      sizeBytes: stats.size,
      modifiedMs: stats.mtimeMs,
    };
  }

  readFile(path: string): Buffer {
    return guard("read", path, () => fs.readFileSync(path));
  }

  readDirectory(path: string): readonly DirectoryEntry[] {
    const entries = guard("list", path, () => fs.readdirSync(path, { withFileTypes: true }));
    return entries
      .map(
        (entry): DirectoryEntry => ({
          name: entry.name,
          kind: entry.isDirectory() ? "directory" : "file",
        }),
      )
      .sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  makeDirectory(path: string): void {
    guard("make directory", path, () => fs.mkdirSync(path, { recursive: true }));
  }

  rename(from: string, to: string): void {
    guard("rename", from, () => fs.renameSync(from, to));
  }

  removeFile(path: string): void {
    try {
      fs.unlinkSync(path);
    } catch (error) {
      if (systemCodeOf(error) !== "ENOENT") throw toIoError("remove", path, error);
    }
  }

  removeDirectory(path: string): void {
    guard("remove", path, () => fs.rmSync(path, { recursive: true, force: true }));
  }

  async removeFileLater(path: string): Promise<void> {
    await removeGently(path);
  }

  async removeDirectoryLater(path: string): Promise<void> {
    for (const { name, kind } of this.exists(path) ? this.readDirectory(path) : []) {
      const inside = `${path}/${name}`;
      if (kind === "directory") await this.removeDirectoryLater(inside);
      else await removeGently(inside);
    }
    this.removeDirectory(path);
  }

  syncDirectory(path: string): void {
    guard("sync", path, () => {
      const descriptor = fs.openSync(path, O_RDONLY);
      try {
        fs.fsyncSync(descriptor);
      } finally {
        fs.closeSync(descriptor);
      }
    });
  }

  syncDirectoryLater(path: string): Promise<void> {
    const descriptor = guard("sync", path, () => fs.openSync(path, O_RDONLY));
    return new Promise((resolve, reject) => {
      this.#syncQueue.enter(() => {
        fs.fsync(descriptor, (error) => {
          this.#syncQueue.leave();
          fs.closeSync(descriptor);
          if (error === null) resolve();
          else reject(toIoError("sync", path, error));
        });
      });
    });
  }

  totalBytes(path: string): number {
    const volume = guard("statfs", path, () => fs.statfsSync(path));
    return volume.blocks * volume.bsize;
  }

  freeBytes(path: string): number {
    const volume = guard("statfs", path, () => fs.statfsSync(path));
    return volume.bavail * volume.bsize;
  }

  tryLock(path: string): FileLock | undefined {
    // SQLite reports a missing folder only as "unable to open"; this names it.
    guard("lock", path, () => fs.accessSync(dirname(path), fs.constants.W_OK));
    return tryLockFile(path);
  }
}

function guard<Result>(operation: string, path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw toIoError(operation, path, error);
  }
}
