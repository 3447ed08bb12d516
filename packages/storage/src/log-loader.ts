import { lastOffsetOf } from "@millrace/protocol";
import { AbortedTransactions } from "./aborted-transactions.ts";
import { ActiveSegment } from "./active-segment.ts";
import { BatchFileReader } from "./batch-file-reader.ts";
import { ClosedSegments } from "./closed-segments.ts";
import { CorruptFileError, CorruptLogError } from "./errors.ts";
import { baseName, parseLogDirectoryName } from "./file-names.ts";
import { type EpochEntry, LeaderEpochs, readEpochEntries } from "./leader-epochs.ts";
import type { LogConfig } from "./log-config.ts";
import type { LogEnvironment } from "./log-environment.ts";
import { type LogFileList, sweepLogDirectory } from "./log-file-sweep.ts";
import { LogSegments } from "./log-segments.ts";
import type { LogDirectoryState } from "./log-state.ts";
import { offsetEntrySizeBytes } from "./offset-index.ts";
import { PartitionLog } from "./partition-log.ts";
import { readTopicId, writeTopicId } from "./partition-metadata.ts";
import { loadSnapshot } from "./producer-rebuild.ts";
import { ProducerSnapshots } from "./producer-snapshots.ts";
import { ProducerState } from "./producer-state.ts";
import { recoverSegmentTask, replayTask, scanEpochsTask, takeStep } from "./recovery-tasks.ts";
import type { RecoveredSegment } from "./segment-recovery.ts";
import { segmentPaths } from "./segment-paths.ts";
import { countIndexEntries } from "./sparse-index.ts";
import { timeEntrySizeBytes } from "./time-index.ts";

/** Which log is loaded, and what the checkpoints of its directory say of it. */
export interface OpenLogOptions {
  /** The log's directory: `…/orders-0`. Made if it is not there. */
  readonly path: string;
  readonly config: LogConfig;
  readonly directoryState: LogDirectoryState;
  /** Whether the last owner closed it well: nothing is checked then. */
  readonly wasCleanShutdown: boolean;
  readonly recoveryPoint: number;
  readonly logStartOffset: number;
  readonly highWatermark: number;
}

/** What loading found out. */
export interface OpenedLog {
  readonly log: PartitionLog;
  /** Segments whose batches were read and checked. */
  readonly recoveredSegmentCount: number;
  /** Bytes of torn batches that were cut off. */
  readonly cutBytes: number;
}

/**
 * Loads a log from its directory, recovering what an unclean stop left behind.
 * @throws IoError; CorruptLogError when bytes that were durable are damaged; CorruptFileError.
 */
export async function openLog(
  environment: LogEnvironment,
  options: OpenLogOptions,
): Promise<OpenedLog> {
  const { fileSystem } = environment;
  fileSystem.makeDirectory(options.path);
  const files = sweepLogDirectory(fileSystem, options.path);
  return new LogLoader(environment, options, files).load();
}

/** Makes a new log in a directory that is not there yet. @throws IoError */
export function createLog(
  environment: LogEnvironment,
  options: Pick<OpenLogOptions, "path" | "config" | "directoryState"> & {
    readonly topicId: string | undefined;
  },
): PartitionLog {
  const { path, config, directoryState, topicId } = options;
  environment.fileSystem.makeDirectory(path);
  if (topicId !== undefined) writeTopicId(environment.fileSystem, path, topicId);
  const active = ActiveSegment.create(environment, { directory: path, baseOffset: 0, config });
  const segments = new LogSegments(environment, { closed: new ClosedSegments(), active });
  return new PartitionLog({
    environment,
    directoryState,
    ...nameOf(path),
    topicId,
    path,
    config,
    segments,
    epochs: new LeaderEpochs(environment.fileSystem, path),
    producers: new ProducerState(),
    snapshots: new ProducerSnapshots(environment.fileSystem, path, []),
    aborted: new AbortedTransactions(environment, path, []),
    logStartOffset: 0,
    logEndOffset: 0,
    highWatermark: 0,
    durableOffset: 0,
    isNew: true,
    recoveredFiles: [],
    isChanged: true,
  });
}

function nameOf(path: string): { topic: string; partition: number; isFuture: boolean } {
  const name = parseLogDirectoryName(baseName(path));
  if (name === undefined) throw new CorruptFileError("not the name of a log's directory", { path });
  return { topic: name.topic, partition: name.partition, isFuture: name.state === "future" };
}

/** One load: the parts of the log as they come together. */
class LogLoader {
  readonly #environment: LogEnvironment;
  readonly #options: OpenLogOptions;
  readonly #files: LogFileList;
  readonly #producers = new ProducerState();
  readonly #snapshots: ProducerSnapshots;
  #epochs: LeaderEpochs;
  readonly #abortedOffsets: Set<number>;
  #baseOffsets: number[];
  #recoveredCount = 0;
  #cutBytes = 0;
  readonly #recoveredFiles: string[] = [];
  /** The newest segment as recovery left it; undefined when it was not recovered. */
  #lastRecovered: RecoveredSegment | undefined;

  constructor(environment: LogEnvironment, options: OpenLogOptions, files: LogFileList) {
    this.#environment = environment;
    this.#options = options;
    this.#files = files;
    this.#baseOffsets = [...files.baseOffsets];
    this.#abortedOffsets = new Set(files.transactionIndexOffsets);
    const { fileSystem } = environment;
    this.#snapshots = new ProducerSnapshots(fileSystem, options.path, files.snapshotOffsets);
    this.#epochs = new LeaderEpochs(fileSystem, options.path);
  }

  async load(): Promise<OpenedLog> {
    const options = this.#options;
    const { fileSystem } = this.#environment;
    this.#epochs = new LeaderEpochs(fileSystem, options.path, await this.#readEpochs());
    this.#removeStraySnapshots();
    if (this.#baseOffsets.length === 0) this.#baseOffsets.push(options.logStartOffset);
    const firstToCheck = options.wasCleanShutdown
      ? this.#doubtfulSegment()
      : // A recovery point at a segment's edge says nothing of the indexes that the roll wrote.
        Math.max(0, this.#segmentIndexOf(options.recoveryPoint - 1));
    await this.#recoverFrom(firstToCheck);
    const segments = this.#openSegments();
    let logEndOffset = this.#lastRecovered?.endOffset ?? segments.active.readNextOffset();
    if (logEndOffset < options.logStartOffset) {
      // Segments were taken away from under the log: it goes on where its records may begin.
      segments.restartAt(options.logStartOffset, options.config);
      logEndOffset = options.logStartOffset;
      this.#snapshots.removeWhere(() => true);
      this.#epochs.clear();
    }
    const logStartOffset = Math.max(options.logStartOffset, segments.firstBaseOffset);
    this.#epochs.truncateSuffix(logEndOffset);
    this.#epochs.truncatePrefix(logStartOffset);
    if (this.#lastRecovered === undefined) {
      await this.#loadProducers(segments, { logStartOffset, endOffset: logEndOffset });
    }
    const log = this.#build(segments, { logStartOffset, logEndOffset });
    // What recovery found, or did not find, may be so in the page cache only: it must not change
    // again after somebody saw it.
    if (!options.wasCleanShutdown) await log.settle();
    return { log, recoveredSegmentCount: this.#recoveredCount, cutBytes: this.#cutBytes };
  }

  #build(
    segments: LogSegments,
    offsets: { readonly logStartOffset: number; readonly logEndOffset: number },
  ): PartitionLog {
    const { path, config, directoryState, wasCleanShutdown, recoveryPoint } = this.#options;
    const { logStartOffset, logEndOffset } = offsets;
    const highWatermark = Math.min(
      Math.max(this.#options.highWatermark, logStartOffset),
      logEndOffset,
    );
    const aborted = new AbortedTransactions(this.#environment, path, [...this.#abortedOffsets]);
    return new PartitionLog({
      environment: this.#environment,
      directoryState,
      ...nameOf(path),
      topicId: readTopicId(this.#environment.fileSystem, path),
      path,
      config,
      segments,
      epochs: this.#epochs,
      producers: this.#producers,
      snapshots: this.#snapshots,
      aborted,
      logStartOffset,
      logEndOffset,
      highWatermark,
      durableOffset: wasCleanShutdown ? logEndOffset : Math.min(recoveryPoint, logEndOffset),
      isNew: !wasCleanShutdown,
      recoveredFiles: this.#recoveredFiles,
      isChanged: !wasCleanShutdown || this.#lastRecovered !== undefined,
    });
  }

  /** A damaged epoch file is worth less than the batches, which carry the epochs themselves. */
  async #readEpochs(): Promise<readonly EpochEntry[]> {
    const { fileSystem, logger } = this.#environment;
    try {
      return readEpochEntries(fileSystem, this.#options.path);
    } catch (error) {
      if (!(error instanceof CorruptFileError)) throw error;
      logger.warn("The leader epochs are rebuilt from the batches", { path: error.path });
      const { path } = this.#options;
      const input = this.#files.baseOffsets.map((baseOffset) => segmentPaths(path, baseOffset).log);
      const sizeBytes = input.reduce((sum, log) => sum + this.#sizeBytes(log), 0);
      return takeStep(this.#environment, scanEpochsTask, { input, sizeBytes });
    }
  }

  #sizeBytes(path: string): number {
    return this.#environment.fileSystem.stat(path)?.sizeBytes ?? 0;
  }

  /**
   * Snapshots belong to where segments begin; beyond the last one, the newest is the clean stop's.
   */
  #removeStraySnapshots(): void {
    const known = new Set(this.#baseOffsets);
    const lastBaseOffset = this.#baseOffsets.at(-1) ?? -1;
    const newest = this.#snapshots.latestOffset;
    this.#snapshots.removeWhere(
      (offset) => !known.has(offset) && !(offset === newest && offset > lastBaseOffset),
    );
  }

  #segmentIndexOf(offset: number): number {
    return this.#baseOffsets.findLastIndex((baseOffset) => baseOffset <= offset);
  }

  /**
   * After a clean stop only the active segment is looked at, from its last index entry on.
   * @returns which segment must be recovered all the same; one past the end when none must.
   */
  #doubtfulSegment(): number {
    const last = this.#baseOffsets.length - 1;
    const baseOffset = this.#baseOffsets[last] ?? 0;
    return this.#isSound(baseOffset) ? last + 1 : last;
  }

  /**
   * Whether the last entry of a segment's index leads to the batch that it names, and batches
   * follow from there to the file's end: what came after a hole would be given offsets twice.
   */
  #isSound(baseOffset: number): boolean {
    const { fileSystem, files } = this.#environment;
    const paths = segmentPaths(this.#options.path, baseOffset);
    const logSize = fileSystem.stat(paths.log)?.sizeBytes ?? 0;
    if (logSize === 0) return true;
    const entry = this.#lastIndexEntry(paths);
    if (entry === undefined) return false;
    const { position, relativeOffset } = entry;
    if (position < 0 || position >= logSize) return false;
    const reader = new BatchFileReader(files.get(paths.log), { start: position, end: logSize });
    if (!reader.next()) return false;
    const lastOffset = lastOffsetOf(reader.buffer, reader.at);
    if (lastOffset < baseOffset || lastOffset > baseOffset + relativeOffset) return false;
    while (reader.next());
    return reader.stop === "end";
  }

  /** Where an index leads at last: the beginning when it is empty; undefined when it is odd. */
  #lastIndexEntry(
    paths: ReturnType<typeof segmentPaths>,
  ): { readonly position: number; readonly relativeOffset: number } | undefined {
    const { fileSystem, files } = this.#environment;
    const indexSize = fileSystem.stat(paths.offsetIndex)?.sizeBytes;
    const timeSize = fileSystem.stat(paths.timeIndex)?.sizeBytes;
    if (indexSize === undefined || timeSize === undefined) return undefined;
    if (timeSize % timeEntrySizeBytes !== 0) return undefined;
    const count = countIndexEntries(files, paths.offsetIndex, {
      entrySizeBytes: offsetEntrySizeBytes,
      sizeBytes: indexSize,
    });
    if (count < 0) return undefined;
    if (count === 0) return { position: 0, relativeOffset: Infinity };
    const entry = Buffer.alloc(offsetEntrySizeBytes);
    files.get(paths.offsetIndex).readSync(entry, (count - 1) * offsetEntrySizeBytes);
    return { position: entry.readInt32BE(4), relativeOffset: entry.readInt32BE(0) };
  }

  /** Recovers segments one after the other; what follows a cut is removed. */
  async #recoverFrom(firstIndex: number): Promise<void> {
    const first = this.#baseOffsets[firstIndex];
    if (first === undefined) return;
    const { path, logStartOffset } = this.#options;
    // The file of epochs may be older than the batches: what they say themselves is taken anew.
    this.#epochs.truncateSuffix(first);
    await this.#loadProducersBefore(first, Math.max(logStartOffset, this.#baseOffsets[0] ?? 0));
    for (let index = firstIndex; index < this.#baseOffsets.length; index += 1) {
      const baseOffset = this.#baseOffsets[index] ?? 0;
      const paths = segmentPaths(path, baseOffset);
      if (!this.#environment.fileSystem.exists(paths.log)) break;
      const found = await this.#recoverSegment(baseOffset);
      this.#recoveredCount += 1;
      this.#cutBytes += found.cutBytes;
      this.#lastRecovered = found;
      const { offsetIndex, timeIndex, transactionIndex } = paths;
      this.#recoveredFiles.push(paths.log, offsetIndex, timeIndex, transactionIndex);
      if (found.hasAborted) this.#abortedOffsets.add(baseOffset);
      else this.#abortedOffsets.delete(baseOffset);
      const next = this.#baseOffsets[index + 1];
      if (next !== undefined && next === found.endOffset) {
        // A later recovery, or a truncation, need not read this segment again.
        this.#snapshots.write(next, this.#producers.producers);
        this.#recoveredFiles.push(this.#snapshots.path(next));
      }
      const isTorn = found.cutBytes > 0 || this.#isTornBetween(found.endOffset, next);
      if (isTorn) this.#removeAfter(index, found);
    }
  }

  /** Has a segment recovered by somebody who opens its files anew. @throws CorruptLogError */
  async #recoverSegment(baseOffset: number): Promise<RecoveredSegment> {
    const { files } = this.#environment;
    const { path: directory, config, recoveryPoint } = this.#options;
    const paths = segmentPaths(directory, baseOffset);
    const { log, offsetIndex, timeIndex, transactionIndex } = paths;
    for (const path of [log, offsetIndex, timeIndex, transactionIndex]) files.forget(path);
    const result = await takeStep(this.#environment, recoverSegmentTask, {
      input: {
        directory,
        baseOffset,
        indexIntervalBytes: config.indexIntervalBytes,
        recoveryPoint,
        producers: this.#producers.image(),
        latestEpoch: this.#epochs.latestEpoch,
      },
      sizeBytes: this.#sizeBytes(paths.log),
    });
    if (result.kind === "corrupt") throw new CorruptLogError(result.message, result);
    this.#producers.restore(result.producers);
    for (const { epoch, startOffset } of result.epochs) this.#epochs.assign(epoch, startOffset);
    return result.segment;
  }

  /**
   * Whether the batches that led up to the next segment are gone: they were not synced when the
   * power failed, and those behind them happened to be. Compaction leaves such gaps rightly.
   */
  #isTornBetween(endOffset: number, next: number | undefined): boolean {
    if (next === undefined || next === endOffset) return false;
    if (next < endOffset) return true;
    const { config, recoveryPoint } = this.#options;
    return next > recoveryPoint && !config.cleanupPolicy.includes("compact");
  }

  #removeAfter(index: number, found: RecoveredSegment): void {
    const { fileSystem, files, logger } = this.#environment;
    logger.warn("A torn end of the log was cut off", {
      path: this.#options.path,
      endOffset: found.endOffset,
      cutBytes: found.cutBytes,
    });
    for (const baseOffset of this.#baseOffsets.slice(index + 1)) {
      const paths = segmentPaths(this.#options.path, baseOffset);
      for (const path of [paths.log, paths.offsetIndex, paths.timeIndex, paths.transactionIndex]) {
        files.forget(path);
        fileSystem.removeFile(path);
      }
      this.#abortedOffsets.delete(baseOffset);
    }
    this.#baseOffsets.length = index + 1;
    this.#snapshots.removeWhere((offset) => offset > found.endOffset);
  }

  /** Brings the producers up to where recovery begins to read. */
  async #loadProducersBefore(endOffset: number, logStartOffset: number): Promise<void> {
    const before = this.#baseOffsets.filter((baseOffset) => baseOffset < endOffset);
    if (before.length === 0) {
      this.#snapshots.removeWhere((offset) => offset > endOffset);
      return;
    }
    const segments = this.#openSegments(before);
    await this.#loadProducers(segments, { logStartOffset, endOffset });
  }

  async #loadProducers(
    segments: LogSegments,
    range: { readonly logStartOffset: number; readonly endOffset: number },
  ): Promise<void> {
    const { wasCleanShutdown, config } = this.#options;
    // A clean stop writes a snapshot: where there is none, there never was a producer with state.
    if (wasCleanShutdown && this.#snapshots.latestOffset < 0) return;
    const replay = loadSnapshot(
      {
        environment: this.#environment,
        segments,
        producers: this.#producers,
        snapshots: this.#snapshots,
        config,
      },
      range,
    );
    if (replay.parts.length === 0) return;
    const input = { ...replay, producers: this.#producers.image() };
    const sizeBytes = replay.parts.reduce((sum, part) => sum + part.endPosition - part.position, 0);
    this.#producers.restore(await takeStep(this.#environment, replayTask, { input, sizeBytes }));
  }

  #openSegments(baseOffsets: readonly number[] = this.#baseOffsets): LogSegments {
    const closed = new ClosedSegments();
    for (const baseOffset of baseOffsets.slice(0, -1)) closed.push({ baseOffset });
    const active = this.#openActive(baseOffsets.at(-1) ?? 0);
    return new LogSegments(this.#environment, { closed, active });
  }

  #openActive(baseOffset: number): ActiveSegment {
    const { fileSystem } = this.#environment;
    const { path: directory, config } = this.#options;
    const paths = segmentPaths(directory, baseOffset);
    const sizeBytes = fileSystem.stat(paths.log)?.sizeBytes;
    if (sizeBytes === undefined || sizeBytes === 0) {
      return ActiveSegment.create(this.#environment, { directory, baseOffset, config });
    }
    return new ActiveSegment(this.#environment, {
      directory,
      baseOffset,
      config,
      sizeBytes,
      offsetEntryCount: this.#countEntries(paths.offsetIndex, offsetEntrySizeBytes),
      timeEntryCount: this.#countEntries(paths.timeIndex, timeEntrySizeBytes),
    });
  }

  #countEntries(path: string, entrySizeBytes: number): number {
    const { fileSystem, files } = this.#environment;
    const sizeBytes = fileSystem.stat(path)?.sizeBytes ?? 0;
    if (sizeBytes === 0) return 0;
    return Math.max(0, countIndexEntries(files, path, { entrySizeBytes, sizeBytes }));
  }
}
