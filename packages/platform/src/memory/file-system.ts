import { assert } from "../assert.ts";
import type { Clock } from "../clock.ts";
import type {
  DirectoryEntry,
  File,
  FileLock,
  FileStat,
  FileSystem,
  OpenMode,
} from "../file-system.ts";
import { failure, type FileNode, FileTree } from "./file-tree.ts";

/** What a memory file system says is free: plenty, so that nothing is refused. */
const freeBytesAlways = 2 ** 40;

/**
 * Files in memory, for brokers that live as long as a test. Nothing here fails or takes time;
 * SimFileSystem is the one with faults.
 */
export class MemoryFileSystem implements FileSystem {
  readonly #tree: FileTree;
  readonly #locked = new Set<string>();
  readonly #nowMs: () => number;

  constructor(clock: Clock) {
    this.#nowMs = () => clock.nowMs();
    this.#tree = new FileTree(this.#nowMs);
  }

  open(path: string, mode: OpenMode): File {
    return new MemoryFile(path, openNode(this.#tree, path, mode), this.#nowMs);
  }

  exists(path: string): boolean {
    return this.#tree.find(path) !== undefined;
  }

  stat(path: string): FileStat | undefined {
    return this.#tree.stat(path);
  }

  readFile(path: string): Buffer {
    return this.#tree.file("read", path).content.toBuffer();
  }

  readDirectory(path: string): readonly DirectoryEntry[] {
    return this.#tree.list(path);
  }

  makeDirectory(path: string): void {
    this.#tree.makeDirectory(path);
  }

  rename(from: string, to: string): void {
    this.#tree.rename(from, to);
  }

  removeFile(path: string): void {
    this.#tree.removeFile(path);
  }

  removeDirectory(path: string): void {
    this.#tree.removeDirectory(path);
  }

  removeFileLater(path: string): Promise<void> {
    this.#tree.removeFile(path);
    return Promise.resolve();
  }

  removeDirectoryLater(path: string): Promise<void> {
    this.#tree.removeDirectory(path);
    return Promise.resolve();
  }

  syncDirectory(path: string): void {
    this.#tree.directory("sync", path);
  }

  syncDirectoryLater(path: string): Promise<void> {
    this.#tree.directory("sync", path);
    return Promise.resolve();
  }

  totalBytes(_path: string): number {
    return freeBytesAlways;
  }

  freeBytes(_path: string): number {
    return freeBytesAlways;
  }

  tryLock(path: string): FileLock | undefined {
    return takeLock(this.#tree, this.#locked, path);
  }
}

/** The node of a path that is opened in a mode, made where the mode says so. */
export function openNode(tree: FileTree, path: string, mode: OpenMode): FileNode {
  const existing = tree.find(path);
  if (existing === undefined && (mode === "create" || mode === "createNew")) {
    return tree.createFile(path);
  }
  if (existing !== undefined && mode === "createNew") throw failure("open", path, "EEXIST");
  return tree.file("open", path);
}

/** Takes a lock that lives in `locked`. */
export function takeLock(tree: FileTree, locked: Set<string>, path: string): FileLock | undefined {
  openNode(tree, path, "create");
  if (locked.has(path)) return undefined;
  locked.add(path);
  return {
    release: () => {
      locked.delete(path);
    },
  };
}

class MemoryFile implements File {
  readonly path: string;
  readonly #node: FileNode;
  readonly #nowMs: () => number;
  #isClosed = false;

  constructor(path: string, node: FileNode, nowMs: () => number) {
    this.path = path;
    this.#node = node;
    this.#nowMs = nowMs;
  }

  sizeBytes(): number {
    return this.#open().content.sizeBytes;
  }

  readSync(into: Uint8Array, position: number): number {
    return this.#open().content.read(into, position);
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return Promise.resolve(this.readSync(into, position));
  }

  writeSync(chunks: readonly Uint8Array[], position: number): void {
    const node = this.#open();
    let at = position;
    for (const chunk of chunks) {
      node.content.write(chunk, at);
      at += chunk.length;
    }
    node.modifiedMs = this.#nowMs();
  }

  truncate(sizeBytes: number): void {
    const node = this.#open();
    node.content.truncate(sizeBytes);
    node.modifiedMs = this.#nowMs();
  }

  sync(): Promise<void> {
    this.#open();
    return Promise.resolve();
  }

  syncNow(): void {
    this.#open();
  }

  close(): void {
    this.#isClosed = true;
  }

  #open(): FileNode {
    assert(!this.#isClosed, `${this.path} is closed`);
    return this.#node;
  }
}
