import { DatabaseSync } from "node:sqlite";
import type { FileLock } from "../file-system.ts";
import { toIoError } from "./io-error.ts";

/** SQLite's result codes for a file that somebody else has locked. */
const sqliteBusy = 5;

/**
 * All that are held: a database that nobody refers to is closed by the garbage collector, and its
 * lock with it, while whoever took it for a process's life believes to have it.
 */
const held = new Set<DatabaseSync>();

/**
 * Takes the kernel's lock on a file through SQLite, the one part of Node that takes fcntl locks,
 * which are what Java's FileChannel.tryLock takes. SQLite locks 512 bytes at 1 GiB and Java the
 * whole range, so each refuses the other, and the kernel drops either when its process dies.
 * Nothing is written: the file stays empty, and the journal stays in memory.
 * See docs/decisions/003-folder-lock.md.
 * @returns undefined when a process, this one included, holds it.
 */
export function tryLockFile(path: string): FileLock | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec("PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE");
    return new SqliteLock(database);
  } catch (error) {
    database?.close();
    if (isBusy(error)) return undefined;
    throw toIoError("lock", path, error);
  }
}

class SqliteLock implements FileLock {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    held.add(database);
  }

  release(): void {
    held.delete(this.#database);
    if (this.#database.isOpen) this.#database.close();
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
}
