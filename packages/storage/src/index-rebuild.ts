import { lastOffsetOf, maxTimestampOf } from "@millrace/protocol";
import { BatchFileReader } from "./batch-file-reader.ts";
import type { LogEnvironment } from "./log-environment.ts";
import { nextTurn } from "./next-turn.ts";
import { OffsetIndex, offsetEntrySizeBytes } from "./offset-index.ts";
import { type SegmentPaths, segmentPaths } from "./segment-paths.ts";
import { SparseIndex } from "./sparse-index.ts";
import { type TimeEntry, TimeIndex, timeEntrySizeBytes } from "./time-index.ts";

/** Suffix of indexes that are not complete; what a crash leaves is removed at the next start. */
const buildSuffix = ".tmp";
const sliceBytes = 32 * 1024 * 1024;

/** Writes the offset and time index of a segment from its batches. */
export class IndexBuilder {
  readonly #offsetIndex: OffsetIndex;
  readonly #timeIndex: TimeIndex;
  readonly #intervalBytes: number;
  #sinceEntryBytes = 0;
  #largest: TimeEntry;

  constructor(
    environment: LogEnvironment,
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

/**
 * Makes the indexes of a closed segment anew while the log serves, and puts them in the place of
 * the ones that were found wrong. @throws IoError
 */
export async function rebuildIndexes(
  environment: LogEnvironment,
  segment: {
    readonly directory: string;
    readonly baseOffset: number;
    readonly indexIntervalBytes: number;
  },
): Promise<void> {
  const { files, fileSystem } = environment;
  const { directory, baseOffset } = segment;
  const paths = segmentPaths(directory, baseOffset);
  const building = {
    offsetIndex: paths.offsetIndex + buildSuffix,
    timeIndex: paths.timeIndex + buildSuffix,
  };
  const builder = new IndexBuilder(environment, { ...segment, paths: building });
  const log = files.get(paths.log);
  const reader = new BatchFileReader(log, { start: 0, end: log.sizeBytes() });
  let sliceStart = 0;
  while (reader.next()) {
    builder.add(reader.buffer, reader.at, reader);
    if (reader.position - sliceStart < sliceBytes) continue;
    sliceStart = reader.position;
    await nextTurn(environment);
    reader.use(files.get(paths.log));
  }
  builder.finish();
  for (const name of ["offsetIndex", "timeIndex"] as const) {
    files.forget(building[name]);
    files.forget(paths[name]);
    fileSystem.rename(building[name], paths[name]);
  }
}
