import type { File, FileSystem } from "@millrace/platform";
import { BatchCursor, batchHeader } from "@millrace/protocol";

import type { RecordLog } from "../../src/log/record-log.ts";

/**
 * A RecordLog in one segment file without indexes: enough to open what Kafka wrote and to write
 * what its dump tool reads. A torn tail is cut at a batch, as storage does.
 */
export class FileRecordLog implements RecordLog {
  readonly #file: File;
  #logStartOffset = 0;
  #logEndOffset = 0;
  #latestLeaderEpoch = -1;
  #sizeBytes = 0;

  constructor(fileSystem: FileSystem, directory: string) {
    this.#file = fileSystem.open(`${directory}/00000000000000000000.log`, "create");
    fileSystem.syncDirectory(directory);
    const bytes = this.#readAll(this.#file.sizeBytes());
    const cursor = new BatchCursor(bytes);
    while (cursor.next()) {
      if (!batchHeader.isCrcValid(bytes, cursor.position)) break;
      this.#logEndOffset = batchHeader.lastOffset(bytes, cursor.position) + 1;
      this.#latestLeaderEpoch = batchHeader.partitionLeaderEpoch(bytes, cursor.position);
      this.#sizeBytes = cursor.position + cursor.sizeBytes;
    }
    this.#file.truncate(this.#sizeBytes);
  }

  get logStartOffset(): number {
    return this.#logStartOffset;
  }

  get logEndOffset(): number {
    return this.#logEndOffset;
  }

  get latestLeaderEpoch(): number {
    return this.#latestLeaderEpoch;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  append(batches: Buffer, leaderEpoch: number): number {
    const first = this.#logEndOffset;
    const cursor = new BatchCursor(batches);
    while (cursor.next()) {
      batchHeader.setBaseOffset(batches, cursor.position, this.#logEndOffset);
      batchHeader.setPartitionLeaderEpoch(batches, cursor.position, leaderEpoch);
      this.#logEndOffset = batchHeader.lastOffset(batches, cursor.position) + 1;
    }
    this.#file.writeSync([batches], this.#sizeBytes);
    this.#sizeBytes += batches.length;
    this.#latestLeaderEpoch = leaderEpoch;
    return first;
  }

  async read(fromOffset: number, maxBytes: number): Promise<Buffer> {
    const bytes = this.#readAll(this.#sizeBytes);
    const cursor = new BatchCursor(bytes);
    let start = bytes.length;
    let end = bytes.length;
    while (cursor.next()) {
      const isBefore = batchHeader.lastOffset(bytes, cursor.position) < fromOffset;
      if (isBefore) continue;
      start = Math.min(start, cursor.position);
      end = cursor.position + cursor.sizeBytes;
      if (end - start >= maxBytes) break;
    }
    return bytes.subarray(start, end);
  }

  async flush(): Promise<void> {
    await this.#file.sync();
  }

  truncatePrefix(offset: number): void {
    this.#logStartOffset = Math.max(this.#logStartOffset, offset);
  }

  truncateFullyAndStartAt(offset: number): void {
    this.#file.truncate(0);
    this.#sizeBytes = 0;
    this.#logStartOffset = offset;
    this.#logEndOffset = offset;
  }

  async close(): Promise<void> {
    await this.flush();
    this.#file.close();
  }

  #readAll(sizeBytes: number): Buffer {
    const bytes = Buffer.alloc(sizeBytes);
    this.#file.readSync(bytes, 0);
    return bytes;
  }
}
