import type {
  DirectoryEntry,
  File,
  FileLock,
  FileStat,
  FileSystem,
  OpenMode,
} from "../file-system.ts";
import { openNode, takeLock } from "../memory/file-system.ts";
import { SimDisk, type SimDiskOptions } from "./disk.ts";
import { SimFile } from "./file.ts";

/**
 * Files on a simulated disk that crashes, forgets, tears and fails as `disk` is told. What is not
 * synced (content by File.sync, names by syncDirectory) may be gone after a power loss.
 */
export class SimFileSystem implements FileSystem {
  /** What a test holds in its hand: crashes, faults, capacity. */
  readonly disk: SimDisk;

  constructor(options: SimDiskOptions) {
    this.disk = new SimDisk(options);
  }

  open(path: string, mode: OpenMode): File {
    this.disk.touch("open", path);
    return new SimFile(path, openNode(this.disk.tree, path, mode), this.disk);
  }

  exists(path: string): boolean {
    return this.stat(path) !== undefined;
  }

  stat(path: string): FileStat | undefined {
    this.disk.touch("read", path);
    return this.disk.tree.stat(path);
  }

  readFile(path: string): Buffer {
    this.disk.touch("read", path);
    return this.disk.tree.file("read", path).content.toBuffer();
  }

  readDirectory(path: string): readonly DirectoryEntry[] {
    this.disk.touch("read", path);
    return this.disk.tree.list(path);
  }

  makeDirectory(path: string): void {
    this.disk.touch("open", path);
    this.disk.tree.makeDirectory(path);
  }

  rename(from: string, to: string): void {
    this.disk.tree.rename(from, to);
  }

  removeFile(path: string): void {
    this.disk.touch("open", path);
    this.disk.tree.removeFile(path);
  }

  removeDirectory(path: string): void {
    this.disk.touch("open", path);
    this.disk.tree.removeDirectory(path);
  }

  removeFileLater(path: string): Promise<void> {
    return this.disk.later(() => this.removeFile(path));
  }

  removeDirectoryLater(path: string): Promise<void> {
    return this.disk.later(() => this.removeDirectory(path));
  }

  syncDirectory(path: string): void {
    const directory = this.disk.tree.directory("sync", path);
    this.disk.change("syncDirectory", path, () => {
      this.disk.commitEntries(directory);
    });
  }

  syncDirectoryLater(path: string): Promise<void> {
    const directory = this.disk.tree.directory("sync", path);
    return this.disk.later(() => {
      this.disk.change("syncDirectory", path, () => {
        this.disk.commitEntries(directory);
      });
    });
  }

  totalBytes(_path: string): number {
    return this.disk.totalBytes();
  }

  freeBytes(_path: string): number {
    return this.disk.freeBytes();
  }

  tryLock(path: string): FileLock | undefined {
    this.disk.touch("open", path);
    return takeLock(this.disk.tree, this.disk.locked, path);
  }

  /** Flips one bit of a file, in the page cache and on the disk; false beyond its end. */
  flipBit(path: string, position: number, bit: number): boolean {
    const node = this.disk.tree.file("read", path);
    const byte = new Uint8Array(1);
    if (node.content.read(byte, position) === 0) return false;
    byte[0] = (byte[0] ?? 0) ^ (1 << bit);
    node.content.write(byte, position);
    this.disk.journalOf(node).overwriteDurable(byte, position);
    return true;
  }
}
