import { batchHeader } from "@millrace/protocol";
import type { CoordinatorAppend, CoordinatorLog, ShardError } from "../../src/runtime/index.ts";

/** A shard's log in memory, whose high watermark and refusals are the test's. */
export class MemoryCoordinatorLog implements CoordinatorLog {
  readonly topic = "__test";
  readonly partition = 0;
  readonly logStartOffset = 0;
  logEndOffset = 0;
  highWatermark = 0;
  batchSizeBytesMax = 1_048_588;
  /** Commits at once what is appended. */
  commitsAtOnce = true;
  /** The next appends are refused with this. */
  refusal: ShardError | undefined;
  /** How many appends are taken before `refusal` counts. */
  appendsBeforeRefusal = 0;
  readonly batches: Buffer[] = [];
  readonly #listeners = new Set<(end: number) => void>();

  append(batch: Buffer): CoordinatorAppend {
    if (this.refusal !== undefined && this.appendsBeforeRefusal-- <= 0) {
      return { kind: "refused", error: this.refusal };
    }
    if (batch.length > this.batchSizeBytesMax) {
      return { kind: "refused", error: "RECORD_TOO_LARGE" };
    }
    const baseOffset = this.logEndOffset;
    batchHeader.setBaseOffset(batch, 0, baseOffset);
    this.batches.push(batch);
    this.logEndOffset = batchHeader.nextOffset(batch, 0);
    if (this.commitsAtOnce) this.commit(this.logEndOffset);
    return { kind: "appended", baseOffset, endOffset: this.logEndOffset };
  }

  read(offset: number): Promise<Buffer> {
    const batch = this.batches.find((bytes) => batchHeader.nextOffset(bytes, 0) > offset);
    return Promise.resolve(batch ?? Buffer.alloc(0));
  }

  onHighWatermark(listener: (end: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Moves the high watermark. */
  commit(end: number): void {
    this.highWatermark = end;
    for (const listener of this.#listeners) listener(end);
  }
}
