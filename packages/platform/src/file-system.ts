/**
 * Gives files. What changes the page cache is synchronous (twice as cheap as the thread pool, see
 * docs/decisions); what waits for the disk (`sync`, cold reads) is asynchronous.
 * Every error is an IoError with the path and the system's code (ENOSPC, EIO, ENOENT …).
 */
export interface FileSystem {
  /**
   * Opens a file.
   * `read` requires it to exist; `readWrite` requires it to exist; `create` makes it if absent and
   * keeps what it holds; `createNew` throws EEXIST when there is one already.
   */
  open(path: string, mode: OpenMode): File;
  /** Whether a file or directory is there. */
  exists(path: string): boolean;
  /** What is known of a path; `undefined` when there is nothing. */
  stat(path: string): FileStat | undefined;
  /** The whole of a small file. @throws IoError ENOENT when absent. */
  readFile(path: string): Buffer;
  /** Names in a directory, sorted; throws ENOENT when absent. */
  readDirectory(path: string): readonly DirectoryEntry[];
  /** Makes a directory and its parents; no error when it is there. */
  makeDirectory(path: string): void;
  /** Renames a file or directory, replacing a file that has the new name. */
  rename(from: string, to: string): void;
  /** Removes a file; no error when absent. */
  removeFile(path: string): void;
  /** Removes a directory with all it holds; no error when absent. */
  removeDirectory(path: string): void;
  /**
   * As `removeFile`, without holding up the event loop: to free a gigabyte takes the system up to
   * half a second. Nobody may read the file any more.
   */
  removeFileLater(path: string): Promise<void>;
  /** As `removeDirectory`, in the manner of `removeFileLater`. */
  removeDirectoryLater(path: string): Promise<void>;
  /** Makes the entries of a directory durable. */
  syncDirectory(path: string): void;
  /** As `syncDirectory`, in the thread pool. */
  syncDirectoryLater(path: string): Promise<void>;
  /** Bytes of the volume that holds `path`, used and free. */
  totalBytes(path: string): number;
  /** Bytes free to this process on the volume that holds `path`. */
  freeBytes(path: string): number;
  /**
   * Takes the kernel's exclusive lock on a file (made if absent) for the life of this process,
   * in the form that Java's FileChannel.tryLock respects.
   * @returns undefined when another process holds it.
   */
  tryLock(path: string): FileLock | undefined;
}

/** How a file is opened. */
export type OpenMode = "read" | "readWrite" | "create" | "createNew";

/** An open file. Positions and sizes are bytes. */
export interface File {
  readonly path: string;
  /** The file's size now. */
  sizeBytes(): number;
  /** Reads up to `into.length` bytes at a position; returns how many, 0 at the end. */
  readSync(into: Uint8Array, position: number): number;
  /** As `readSync`, without holding up the event loop when the bytes are not cached. */
  read(into: Uint8Array, position: number): Promise<number>;
  /**
   * Writes all chunks one after the other at a position, into the page cache.
   * @throws IoError after writing a part (ENOSPC, EIO).
   */
  writeSync(chunks: readonly Uint8Array[], position: number): void;
  /** Cuts or extends the file. */
  truncate(sizeBytes: number): void;
  /**
   * Makes content and size durable, in the thread pool. A failure must never be retried: the pages
   * may be lost.
   */
  sync(): Promise<void>;
  /** As `sync`, blocking; for start, stop and small checkpoint files. */
  syncNow(): void;
  /** Closes the file; further use is a programmer error. Idempotent. */
  close(): void;
}

/** What is known of a path. */
export interface FileStat {
  readonly kind: "file" | "directory";
  readonly sizeBytes: number;
  /** When the content last changed, in wall-clock milliseconds. */
  readonly modifiedMs: number;
}

/** An entry of a directory. */
export interface DirectoryEntry {
  readonly name: string;
  readonly kind: "file" | "directory";
}

/** A lock held on a file. */
export interface FileLock {
  release(): void;
}
