import { BatchCursor, batchHeader } from "@millrace/protocol";

import type { RecordLog } from "./record-log.ts";

interface StoredBatch {
  readonly bytes: Buffer;
  readonly baseOffset: number;
  readonly lastOffset: number;
}

/** A RecordLog in memory: for tests, and for brokers that keep nothing. */
export class MemoryRecordLog implements RecordLog {
  #batches: StoredBatch[] = [];
  #durableCount = 0;
  #logStartOffset = 0;
  #logEndOffset = 0;
  #failure: Error | undefined;

  get logStartOffset(): number {
    return this.#logStartOffset;
  }

  get logEndOffset(): number {
    return this.#logEndOffset;
  }

  get latestLeaderEpoch(): number {
    const last = this.#batches.at(-1);
    return last === undefined ? -1 : batchHeader.partitionLeaderEpoch(last.bytes, 0);
  }

  get sizeBytes(): number {
    return this.#batches.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  append(batches: Buffer, leaderEpoch: number): number {
    const first = this.#logEndOffset;
    const cursor = new BatchCursor(batches);
    while (cursor.next()) {
      const bytes = batches.subarray(cursor.position, cursor.position + cursor.sizeBytes);
      batchHeader.setBaseOffset(bytes, 0, this.#logEndOffset);
      batchHeader.setPartitionLeaderEpoch(bytes, 0, leaderEpoch);
      const lastOffset = batchHeader.lastOffset(bytes, 0);
      this.#batches.push({ bytes, baseOffset: this.#logEndOffset, lastOffset });
      this.#logEndOffset = lastOffset + 1;
    }
    return first;
  }

  async read(fromOffset: number, maxBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for (const { bytes, lastOffset } of this.#batches) {
      if (lastOffset < fromOffset) continue;
      if (chunks.length > 0 && sizeBytes + bytes.length > maxBytes) break;
      chunks.push(bytes);
      sizeBytes += bytes.length;
    }
    return Buffer.concat(chunks);
  }

  async flush(): Promise<void> {
    const count = this.#batches.length;
    await Promise.resolve();
    if (this.#failure !== undefined) throw this.#failure;
    this.#durableCount = Math.max(this.#durableCount, count);
  }

  truncatePrefix(offset: number): void {
    this.#logStartOffset = Math.max(this.#logStartOffset, offset);
    const kept = this.#batches.filter(({ lastOffset }) => lastOffset >= offset);
    this.#durableCount -= this.#batches.length - kept.length;
    this.#batches = kept;
  }

  truncateFullyAndStartAt(offset: number): void {
    this.#batches = [];
    this.#durableCount = 0;
    this.#logStartOffset = offset;
    this.#logEndOffset = offset;
  }

  async close(): Promise<void> {
    await this.flush();
  }

  /** Forgets what was not flushed, as a power loss does. */
  crash(): void {
    this.#batches.length = this.#durableCount;
    this.#logEndOffset = (this.#batches.at(-1)?.lastOffset ?? this.#logStartOffset - 1) + 1;
  }

  /** Lets every flush from now on fail. */
  failFlush(error: Error): void {
    this.#failure = error;
  }
}
