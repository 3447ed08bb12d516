import { assert } from "../assert.ts";
import type { File } from "../file-system.ts";
import { type FileNode, failure } from "../memory/file-tree.ts";
import { SimCrash } from "./crash.ts";
import type { SimDisk } from "./disk.ts";

/** An open file of a simulated disk. */
export class SimFile implements File {
  readonly path: string;
  readonly #node: FileNode;
  readonly #disk: SimDisk;
  readonly #generation: number;
  #isClosed = false;

  constructor(path: string, node: FileNode, disk: SimDisk) {
    this.path = path;
    this.#node = node;
    this.#disk = disk;
    this.#generation = disk.generation();
  }

  sizeBytes(): number {
    return this.#open().content.sizeBytes;
  }

  readSync(into: Uint8Array, position: number): number {
    const node = this.#open();
    this.#disk.touch("read", this.path);
    return node.content.read(into, position);
  }

  read(into: Uint8Array, position: number): Promise<number> {
    const node = this.#open();
    return this.#disk.later(() => {
      this.#disk.touch("read", this.path);
      return node.content.read(into, position);
    });
  }

  writeSync(chunks: readonly Uint8Array[], position: number): void {
    const node = this.#open();
    const bytes = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    if (bytes === undefined || bytes.length === 0) return;
    const disk = this.#disk;
    if (disk.count("write", this.path, bytes)) {
      // A killed process may have written any first part of it.
      this.#write(node, bytes.subarray(0, disk.random.nextInt(bytes.length + 1)), position);
      disk.crash();
      throw new SimCrash();
    }
    const growthBytes = Math.max(0, position + bytes.length - node.content.occupiedBytes);
    const missingBytes = growthBytes - disk.freeBytes();
    if (missingBytes > 0) {
      this.#write(node, bytes.subarray(0, Math.max(0, bytes.length - missingBytes)), position);
      throw failure("write", this.path, "ENOSPC");
    }
    this.#write(node, bytes, position);
  }

  truncate(sizeBytes: number): void {
    const node = this.#open();
    this.#disk.change("truncate", this.path, () => {
      node.content.truncate(sizeBytes);
      node.modifiedMs = this.#disk.clock.nowMs();
      this.#disk.journalOf(node).truncate(sizeBytes);
    });
  }

  sync(): Promise<void> {
    const node = this.#open();
    const disk = this.#disk;
    const journal = disk.journalOf(node);
    const mark = journal.mark();
    return this.#disk.later(() => {
      this.#sync(node, mark);
    });
  }

  syncNow(): void {
    const node = this.#open();
    this.#sync(node, this.#disk.journalOf(node).mark());
  }

  close(): void {
    this.#isClosed = true;
  }

  #write(node: FileNode, bytes: Uint8Array, position: number): void {
    node.content.write(bytes, position);
    node.modifiedMs = this.#disk.clock.nowMs();
    this.#disk.journalOf(node).write(bytes, position);
  }

  #sync(node: FileNode, mark: number): void {
    const journal = this.#disk.journalOf(node);
    try {
      this.#disk.change("sync", this.path, () => {
        if (!this.#disk.isLying) journal.commit(mark);
      });
    } catch (error) {
      if (!(error instanceof SimCrash)) journal.lose(mark);
      throw error;
    }
  }

  #open(): FileNode {
    assert(!this.#isClosed, `${this.path} is closed`);
    if (this.#generation !== this.#disk.generation()) throw new SimCrash();
    return this.#node;
  }
}
