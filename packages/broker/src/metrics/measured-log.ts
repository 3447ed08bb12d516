import type { CoordinatorAppend, CoordinatorLog } from "@millrace/coordinators";
import type { Clock } from "@millrace/platform";

import type { ShardMetrics } from "./shard-metrics.ts";

/** A coordinator's log that tells how large its batches are and how long they take to commit. */
export class MeasuredLog implements CoordinatorLog {
  readonly #log: CoordinatorLog;
  readonly #metrics: ShardMetrics;
  readonly #clock: Clock;
  readonly #waiting: { readonly endOffset: number; readonly appendedMs: number }[] = [];

  constructor(log: CoordinatorLog, metrics: ShardMetrics, clock: Clock) {
    this.#log = log;
    this.#metrics = metrics;
    this.#clock = clock;
  }

  get topic(): string {
    return this.#log.topic;
  }

  get partition(): number {
    return this.#log.partition;
  }

  get logStartOffset(): number {
    return this.#log.logStartOffset;
  }

  get logEndOffset(): number {
    return this.#log.logEndOffset;
  }

  get highWatermark(): number {
    return this.#log.highWatermark;
  }

  get batchSizeBytesMax(): number {
    return this.#log.batchSizeBytesMax;
  }

  append(batch: Buffer): CoordinatorAppend {
    const outcome = this.#log.append(batch);
    if (outcome.kind === "refused") return outcome;
    this.#metrics.appended(batch.length);
    const { endOffset } = outcome;
    this.#waiting.push({ endOffset, appendedMs: this.#clock.monotonicMs() });
    this.#flushed(this.#log.highWatermark);
    return outcome;
  }

  read(offset: number): Promise<Buffer> {
    return this.#log.read(offset);
  }

  onHighWatermark(listener: (highWatermark: number) => void): () => void {
    return this.#log.onHighWatermark((highWatermark) => {
      this.#flushed(highWatermark);
      listener(highWatermark);
    });
  }

  #flushed(highWatermark: number): void {
    const nowMs = this.#clock.monotonicMs();
    const { length } = this.#waiting;
    const open = this.#waiting.findIndex(({ endOffset }) => endOffset > highWatermark);
    for (const { appendedMs } of this.#waiting.splice(0, open === -1 ? length : open)) {
      this.#metrics.flushed(nowMs - appendedMs);
    }
  }
}
