import fs from "node:fs";
import { assert } from "../assert.ts";
import { IoError } from "../errors.ts";
import type { File } from "../file-system.ts";
import { toIoError } from "./io-error.ts";
import type { SyncQueue } from "./sync-queue.ts";

/** Linux takes 1,024 chunks in one writev (IOV_MAX). */
const chunksPerWriteMax = 1024;

/** A file of the system. */
export class NodeFile implements File {
  readonly path: string;
  readonly #syncQueue: SyncQueue;
  #descriptor: number | undefined;
  /** Work in the thread pool that still uses the descriptor: it is closed after the last. */
  #pendingCount = 0;
  #isClosing = false;

  constructor(path: string, descriptor: number, syncQueue: SyncQueue) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#syncQueue = syncQueue;
  }

  sizeBytes(): number {
    const descriptor = this.#open();
    return this.#guard("stat", () => fs.fstatSync(descriptor).size);
  }

  readSync(into: Uint8Array, position: number): number {
    const descriptor = this.#open();
    try {
      let count = 0;
      while (count < into.length) {
        const read = fs.readSync(descriptor, into, count, into.length - count, position + count);
        if (read === 0) break;
        count += read;
      }
      return count;
    } catch (error) {
      throw toIoError("read", this.path, error);
    }
  }

  read(into: Uint8Array, position: number): Promise<number> {
    const descriptor = this.#open();
    this.#pendingCount += 1;
    return new Promise((resolve, reject) => {
      const continueAt = (done: number): void => {
        const finish = (error: Error | null, count: number): void => {
          if (error === null && count > 0 && done + count < into.length) {
            continueAt(done + count);
            return;
          }
          this.#release();
          if (error === null) resolve(done + count);
          else reject(toIoError("read", this.path, error));
        };
        fs.read(descriptor, into, done, into.length - done, position + done, finish);
      };
      continueAt(0);
    });
  }

  writeSync(chunks: readonly Uint8Array[], position: number): void {
    const descriptor = this.#open();
    try {
      if (chunks.length === 1) {
        const [chunk] = chunks;
        if (chunk !== undefined) writeWhole(descriptor, chunk, position);
      } else {
        writeAll(descriptor, chunks, position);
      }
    } catch (error) {
      throw error instanceof IoError ? error : toIoError("write", this.path, error);
    }
  }

  truncate(sizeBytes: number): void {
    const descriptor = this.#open();
    this.#guard("truncate", () => {
      fs.ftruncateSync(descriptor, sizeBytes);
    });
  }

  sync(): Promise<void> {
    const descriptor = this.#open();
    this.#pendingCount += 1;
    return new Promise((resolve, reject) => {
      this.#syncQueue.enter(() => {
        fs.fdatasync(descriptor, (error) => {
          this.#syncQueue.leave();
          this.#release();
          if (error === null) resolve();
          else reject(toIoError("sync", this.path, error));
        });
      });
    });
  }

  syncNow(): void {
    const descriptor = this.#open();
    this.#guard("sync", () => {
      fs.fdatasyncSync(descriptor);
    });
  }

  close(): void {
    this.#isClosing = true;
    this.#closeWhenIdle();
  }

  #open(): number {
    assert(this.#descriptor !== undefined && !this.#isClosing, `${this.path} is closed`);
    return this.#descriptor;
  }

  #release(): void {
    this.#pendingCount -= 1;
    if (this.#isClosing) this.#closeWhenIdle();
  }

  #closeWhenIdle(): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined || this.#pendingCount > 0) return;
    this.#descriptor = undefined;
    this.#guard("close", () => {
      fs.closeSync(descriptor);
    });
  }

  #guard<Result>(operation: string, action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      throw toIoError(operation, this.path, error);
    }
  }
}

/** Writes one chunk; the kernel may take only a part of it at a time. */
function writeWhole(descriptor: number, chunk: Uint8Array, position: number): void {
  let done = 0;
  while (done < chunk.length) {
    done += fs.writeSync(descriptor, chunk, done, chunk.length - done, position + done);
  }
}

/** Writes many chunks with as few system calls as the kernel allows. */
function writeAll(descriptor: number, chunks: readonly Uint8Array[], position: number): void {
  let at = position;
  for (let start = 0; start < chunks.length; start += chunksPerWriteMax) {
    const group = chunks.slice(start, start + chunksPerWriteMax);
    const wantedBytes = group.reduce((sum, chunk) => sum + chunk.length, 0);
    let writtenBytes = fs.writevSync(descriptor, group, at);
    if (writtenBytes < wantedBytes) {
      // A short write stops at any byte of any chunk: the rest goes chunk by chunk, so that the
      // error that cut it short (ENOSPC, EIO) is thrown by the next call.
      writtenBytes = writeRest(descriptor, group, { position: at, skipBytes: writtenBytes });
    }
    at += writtenBytes;
  }
}

function writeRest(
  descriptor: number,
  chunks: readonly Uint8Array[],
  from: { readonly position: number; readonly skipBytes: number },
): number {
  let start = 0;
  for (const chunk of chunks) {
    const skip = Math.min(chunk.length, Math.max(0, from.skipBytes - start));
    if (skip < chunk.length) {
      writeWhole(descriptor, chunk.subarray(skip), from.position + start + skip);
    }
    start += chunk.length;
  }
  return start;
}
