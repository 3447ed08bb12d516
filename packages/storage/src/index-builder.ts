import { lastOffsetOf, maxTimestampOf } from "@millrace/protocol";
import type { LogEnvironment } from "./log-environment.ts";
import { OffsetIndex, offsetEntrySizeBytes } from "./offset-index.ts";
import type { SegmentPaths } from "./segment-paths.ts";
import { SparseIndex } from "./sparse-index.ts";
import { type TimeEntry, TimeIndex, timeEntrySizeBytes } from "./time-index.ts";

/** Writes the offset and time index of a segment from its batches. */
export class IndexBuilder {
  readonly #offsetIndex: OffsetIndex;
  readonly #timeIndex: TimeIndex;
  readonly #intervalBytes: number;
  #sinceEntryBytes = 0;
  #largest: TimeEntry;

  constructor(
    environment: Pick<LogEnvironment, "files">,
    options: {
      readonly paths: Pick<SegmentPaths, "offsetIndex" | "timeIndex">;
      readonly baseOffset: number;
      readonly indexIntervalBytes: number;
    },
  ) {
    const { baseOffset, paths } = options;
    const index = (path: string, entrySizeBytes: number): SparseIndex => {
      const { files } = environment;
      return new SparseIndex({ files, path, entrySizeBytes, countMax: Infinity }, 0);
    };
    this.#offsetIndex = new OffsetIndex(index(paths.offsetIndex, offsetEntrySizeBytes), baseOffset);
    this.#timeIndex = new TimeIndex(index(paths.timeIndex, timeEntrySizeBytes), baseOffset);
    this.#intervalBytes = options.indexIntervalBytes;
    this.#largest = { timestampMs: -1, offset: baseOffset };
  }

  get largestTimestampMs(): number {
    return this.#largest.timestampMs;
  }

  /** Adds the next batch, which lies at `at` in the buffer and at `position` in the file. */
  add(buffer: Buffer, at: number, batch: { position: number; sizeBytes: number }): void {
    const timestampMs = maxTimestampOf(buffer, at);
    const offset = lastOffsetOf(buffer, at);
    if (timestampMs > this.#largest.timestampMs) this.#largest = { timestampMs, offset };
    if (this.#sinceEntryBytes > this.#intervalBytes) {
      this.#offsetIndex.append(offset, batch.position);
      this.#timeIndex.append(this.#largest);
      this.#sinceEntryBytes = 0;
    }
    this.#sinceEntryBytes += batch.sizeBytes;
  }

  /** Completes the files; what they held before is gone. */
  finish(): void {
    this.#timeIndex.append(this.#largest);
    this.#offsetIndex.entries.finish();
    this.#timeIndex.entries.finish();
  }
}
