import { type File, type FileSystem, IoError, type OpenMode } from "@millrace/platform";

const noDescriptorCodes: ReadonlySet<string> = new Set(["EMFILE", "ENFILE"]);

/**
 * Keeps a bounded number of files open, those used last. A file that it gave may be closed by the
 * next call: use it at once, and ask again. Work that was begun on it (a read, a sync) ends well.
 */
export class OpenFiles {
  readonly #fileSystem: FileSystem;
  readonly #countMax: number;
  readonly #files = new Map<string, Entry>();
  #tick = 0;

  constructor(fileSystem: FileSystem, countMax: number) {
    this.#fileSystem = fileSystem;
    this.#countMax = countMax;
  }

  /** How many are open now. */
  get count(): number {
    return this.#files.size;
  }

  /** Gives the open file at a path; opens it if it is not. @throws IoError, ENOENT when absent. */
  get(path: string, mode: OpenMode = "readWrite"): File {
    this.#tick += 1;
    const entry = this.#files.get(path);
    if (entry !== undefined) {
      entry.lastUse = this.#tick;
      return entry.file;
    }
    if (this.#files.size >= this.#countMax) this.#closeOldest();
    const file = this.#open(path, mode);
    this.#files.set(path, { file, lastUse: this.#tick });
    return file;
  }

  /** Closes the file at a path if it is open: before it is renamed or removed. */
  forget(path: string): void {
    const entry = this.#files.get(path);
    if (entry === undefined) return;
    this.#files.delete(path);
    entry.file.close();
  }

  /** Closes every file below a directory. */
  forgetDirectory(directory: string): void {
    const prefix = `${directory}/`;
    for (const path of this.#files.keys()) {
      if (path.startsWith(prefix)) this.forget(path);
    }
  }

  /** Closes all. */
  close(): void {
    for (const path of this.#files.keys()) this.forget(path);
  }

  /** The process may have fewer descriptors than the limit here: then some are given back. */
  #open(path: string, mode: OpenMode): File {
    try {
      return this.#fileSystem.open(path, mode);
    } catch (error) {
      if (!(error instanceof IoError) || !noDescriptorCodes.has(error.systemCode)) throw error;
      this.#closeOldest();
      return this.#fileSystem.open(path, mode);
    }
  }

  /** Closes an eighth at a time, so that the sort is paid for seldom. */
  #closeOldest(): void {
    const byAge = [...this.#files].sort(([, left], [, right]) => left.lastUse - right.lastUse);
    const closeCount = Math.max(1, Math.min(this.#countMax, byAge.length) >> 3);
    for (const [path] of byAge.slice(0, closeCount)) this.forget(path);
  }
}

interface Entry {
  readonly file: File;
  lastUse: number;
}
