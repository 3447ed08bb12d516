import { assert, IoError } from "@millrace/platform";
import type { AbortedTransactions } from "./aborted-transactions.ts";
import {
  type AppendPlan,
  checkClientBatch,
  checkTrustedBatches,
  placeOf,
  refuseAppend,
} from "./append-checks.ts";
import type { AppendOptions, AppendOutcome, RefusedAppend } from "./append-outcome.ts";
import { type StampedRange, stampBatches } from "./batch-stamps.ts";
import { joinPath, logFileNames } from "./file-names.ts";
import type { LeaderEpochs } from "./leader-epochs.ts";
import type { LogConfig } from "./log-config.ts";
import type { LogEnvironment } from "./log-environment.ts";
import { LogFlusher } from "./log-flusher.ts";
import type { ActiveProducer, EpochEndOffset, TimestampOffset } from "./log-offsets.ts";
import { checkProducers, listProducers } from "./log-producers.ts";
import { LogReader } from "./log-reader.ts";
import { LogReads } from "./log-reads.ts";
import { retainSegments } from "./log-retention.ts";
import type { LogSegments } from "./log-segments.ts";
import type { LogDirectoryState, LogParts, LogState } from "./log-state.ts";
import { LogSyncer } from "./log-syncer.ts";
import { hasNoRoom } from "./small-file.ts";
import { writeTopicId } from "./partition-metadata.ts";
import { type NotedParts, noteBatches } from "./producer-replay.ts";
import { rebuildProducers } from "./producer-rebuild.ts";
import type { ProducerSnapshots } from "./producer-snapshots.ts";
import type { ProducerState } from "./producer-state.ts";
import type { ReadIsolation, ReadOptions, ReadOutcome } from "./read-outcome.ts";
import type { RecentTail } from "./recent-batches.ts";
import { findTimestamp } from "./timestamp-search.ts";

/**
 * One partition's log on disk. All offsets are exclusive at the end: `logEndOffset` is the next to
 * be written. Every method but those that give a promise has finished when it returns.
 *
 * Invariants: log start <= high watermark <= log end; durable offset <= log end; segments follow
 * each other without overlap; a refused append changes nothing.
 */
export class PartitionLog {
  readonly topic: string;
  readonly partition: number;
  readonly #environment: LogEnvironment;
  readonly #directoryState: LogDirectoryState;
  readonly #segments: LogSegments;
  readonly #epochs: LeaderEpochs;
  readonly #producers: ProducerState;
  readonly #snapshots: ProducerSnapshots;
  readonly #aborted: AbortedTransactions;
  readonly #noted: NotedParts;
  readonly #tail: RecentTail;
  readonly #reader: LogReader;
  readonly #reads: LogReads;
  readonly #flusher: LogFlusher;
  readonly #syncer: LogSyncer;
  #path: string;
  #topicId: string | undefined;
  #isFuture: boolean;
  #config: LogConfig;
  #logStartOffset: number;
  #logEndOffset: number;
  #highWatermark: number;
  /** The first and the end of the batches whose acknowledgement waits for the disk; -1: none. */
  #awaitingSyncFrom = -1;
  #awaitingSyncEnd = -1;
  /** Whether anything was written since the log was loaded. */
  #isChanged: boolean;
  #isClosed = false;

  /** Logs are made by `openLog` and `createLog`. */
  constructor(state: LogState) {
    const { environment } = state;
    this.topic = state.topic;
    this.partition = state.partition;
    this.#environment = environment;
    this.#directoryState = state.directoryState;
    this.#segments = state.segments;
    this.#epochs = state.epochs;
    this.#producers = state.producers;
    this.#snapshots = state.snapshots;
    this.#aborted = state.aborted;
    this.#noted = state;
    this.#path = state.path;
    this.#topicId = state.topicId;
    this.#isFuture = state.isFuture;
    this.#config = state.config;
    this.#logStartOffset = state.logStartOffset;
    this.#logEndOffset = state.logEndOffset;
    this.#highWatermark = state.highWatermark;
    this.#isChanged = state.isChanged;
    this.#tail = environment.recentBatches.createTail();
    this.#reader = new LogReader(environment, state.segments);
    this.#reads = new LogReads(this, { ...state, tail: this.#tail, reader: this.#reader });
    this.#syncer = new LogSyncer(state);
    this.#flusher = new LogFlusher(this.#flushTarget(), state.durableOffset);
  }

  /** The topic's id in Kafka's text form; undefined when the directory does not say. */
  get topicId(): string | undefined {
    return this.#topicId;
  }

  /** The directory that holds the files. */
  get path(): string {
    return this.#path;
  }

  /** A copy under construction in another log directory (AlterReplicaLogDirs). */
  get isFuture(): boolean {
    return this.#isFuture;
  }

  get config(): LogConfig {
    return this.#config;
  }

  get logStartOffset(): number {
    return this.#logStartOffset;
  }

  get logEndOffset(): number {
    return this.#logEndOffset;
  }

  /** Exclusive end of what consumers may see; moved by whoever leads or follows. */
  get highWatermark(): number {
    return this.#highWatermark;
  }

  /** Exclusive end of what read_committed consumers may see. */
  get lastStableOffset(): number {
    const unstable = this.#producers.firstUnstableOffset;
    if (unstable < 0 || unstable >= this.#highWatermark) return this.#highWatermark;
    return Math.max(unstable, this.#logStartOffset);
  }

  /** Exclusive end of the batches that are on the disk for sure. */
  get durableOffset(): number {
    return this.#flusher.durableOffset;
  }

  /**
   * From where a start after a crash has to check the log: batches and indexes before are durable.
   */
  get recoveryPoint(): number {
    return Math.min(this.#flusher.durableOffset, this.#syncer.unsyncedSegmentOffset);
  }

  /**
   * How far the high watermark of a one-replica topic may go: the log's end, or the first batch
   * that was appended with `awaitsSync` and is not yet covered by a flush.
   */
  get visibleEndOffset(): number {
    if (this.#awaitingSyncFrom < 0) return this.#logEndOffset;
    const durable = this.#flusher.durableOffset;
    if (durable >= this.#awaitingSyncEnd) {
      this.#awaitingSyncFrom = -1;
      this.#awaitingSyncEnd = -1;
      return this.#logEndOffset;
    }
    return Math.max(this.#awaitingSyncFrom, durable);
  }

  /** The epoch of the newest batch; -1 in an empty log. */
  get latestLeaderEpoch(): number {
    return this.#epochs.latestEpoch;
  }

  /** Bytes of all segments. */
  get sizeBytes(): number {
    return this.#segments.sizeBytes;
  }

  get segmentCount(): number {
    return this.#segments.count;
  }

  /** The segments, for this package's cleaner. */
  get segments(): LogSegments {
    return this.#segments;
  }

  /** What this package's cleaner reads and changes beside the segments. */
  get parts(): LogParts {
    return {
      environment: this.#environment,
      directoryState: this.#directoryState,
      aborted: this.#aborted,
      producers: this.#producers,
      snapshots: this.#snapshots,
      reader: this.#reader,
      tail: this.#tail,
    };
  }

  /** The log directory failed, or the log was closed or deleted: appends and reads are refused. */
  get isOffline(): boolean {
    return this.#isClosed || this.#directoryState.isOffline;
  }

  /**
   * Checks batches, stamps offsets and epochs into their headers in place, and writes them to the
   * page cache. The bytes of a refused append may have been stamped.
   */
  append(bytes: Buffer, options: AppendOptions): AppendOutcome {
    if (this.isOffline) return refuseAppend("KAFKA_STORAGE_ERROR", `${this.#path} is offline`);
    const nowMs = this.#environment.clock.nowMs();
    const plan =
      options.origin === "client"
        ? checkClientBatch(bytes, this.#config, nowMs, placeOf(this, options))
        : checkTrustedBatches(bytes, options, this.#logEndOffset);
    if ("kind" in plan) return plan;
    if (plan.bytes.length > this.#config.segmentBytes && options.origin !== "replication") {
      const message = `${plan.bytes.length} bytes do not fit into a segment`;
      return refuseAppend("RECORD_LIST_TOO_LARGE", message);
    }
    return (
      checkProducers(this.#producers, plan.bytes, options) ?? this.#write(plan, options, nowMs)
    );
  }

  /** Gives batches from an offset on: at once when they are in memory, else a promise. */
  read(options: ReadOptions): ReadOutcome | Promise<ReadOutcome> {
    return this.#reads.read(options);
  }

  /**
   * Makes everything appended so far (or up to `upToOffset`) durable; waiting calls share a sync.
   * @returns the offset that is durable now.
   * @throws IoError when the disk failed: the log directory is offline then, for good.
   */
  flush(upToOffset = this.#logEndOffset): Promise<number> {
    return this.#flusher.flush(Math.min(upToOffset, this.#logEndOffset));
  }

  /** Makes all files durable, whether batches are new or not: after a recovery. @throws IoError */
  async settle(): Promise<void> {
    await this.#syncer.syncWholly();
    await this.flush();
  }

  /** Moves the high watermark forward, at most to the log's end; returns what it is now. */
  advanceHighWatermark(offset: number): number {
    const target = Math.min(offset, this.#logEndOffset);
    if (target > this.#highWatermark) {
      this.#highWatermark = target;
      this.#producers.releaseBelow(target);
    }
    return this.#highWatermark;
  }

  /**
   * Moves the log start offset (DeleteRecords, or a follower's leader did). False when it did not
   * move.
   */
  truncatePrefix(offset: number): boolean {
    if (this.isOffline || offset <= this.#logStartOffset) return false;
    assert(offset <= this.#logEndOffset, "the log start cannot pass the log end");
    this.#logStartOffset = offset;
    this.#highWatermark = Math.max(this.#highWatermark, offset);
    this.#epochs.truncatePrefix(offset);
    this.#producers.releaseBelow(offset);
    return true;
  }

  /** Removes everything from an offset on (a follower that diverged). */
  truncateSuffix(offset: number): void {
    if (this.isOffline || offset >= this.#logEndOffset) return;
    if (offset < this.#segments.firstBaseOffset) {
      this.truncateFullyAndStartAt(offset);
      return;
    }
    this.#expectRecoveryFrom(offset);
    this.#guard(() => {
      this.#reads.forget();
      this.#aborted.truncateTo(offset);
      this.#segments.truncateTo(offset, this.#config);
      this.#epochs.truncateSuffix(offset);
      this.#endAt(offset);
      this.#logStartOffset = Math.min(this.#logStartOffset, offset);
      this.#syncer.restart();
      this.#rebuildProducers();
    });
  }

  /** Removes everything and begins again at an offset. */
  truncateFullyAndStartAt(offset: number, logStartOffset = offset): void {
    if (this.isOffline) return;
    this.#expectRecoveryFrom(0);
    this.#guard(() => {
      this.#reads.forget();
      this.#aborted.truncateTo(0);
      this.#segments.restartAt(offset, this.#config);
      this.#epochs.clear();
      this.#producers.clear();
      this.#snapshots.removeWhere(() => true);
      this.#endAt(offset);
      this.#awaitingSyncFrom = -1;
      this.#logStartOffset = logStartOffset;
      this.#highWatermark = logStartOffset;
      this.#flusher.restartAt(offset);
      this.#syncer.restart();
    });
  }

  /** Before files are cut one after the other: a crash in between is recovered from here on. */
  #expectRecoveryFrom(offset: number): void {
    this.#flusher.truncateTo(offset);
    this.#directoryState.lowerRecoveryPoints?.();
  }

  /** Finds the first record at or after a timestamp; specials are in `timestampSpecials`. */
  offsetForTimestamp(timestampMs: number, isolation: ReadIsolation): Promise<TimestampOffset> {
    return findTimestamp(this, {
      environment: this.#environment,
      timestampMs,
      endOffset: this.#reads.endOf(isolation),
    });
  }

  /** Where an epoch ended. */
  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset {
    return this.#epochs.endOffsetOf(leaderEpoch, this.#logEndOffset);
  }

  /** The epoch of the batch at an offset; undefined when it is not known. */
  leaderEpochForOffset(offset: number): number | undefined {
    return this.#epochs.epochAt(offset);
  }

  /** Notes that this epoch starts at the log's end (a replica became leader). */
  beginLeaderEpoch(leaderEpoch: number): void {
    if (!this.isOffline) this.#guard(() => this.#epochs.assign(leaderEpoch, this.#logEndOffset));
  }

  /** Applies changed topic configurations. */
  updateConfig(config: LogConfig): void {
    this.#config = config;
    this.#segments.active.updateConfig(config);
  }

  /** Writes the topic id into `partition.metadata`; no effect when it is there. @throws IoError */
  assignTopicId(topicId: string): void {
    if (this.#topicId === topicId || this.isOffline) return;
    assert(this.#topicId === undefined, `${this.#path} belongs to topic id ${this.#topicId}`);
    this.#unlessFull(() => writeTopicId(this.#environment.fileSystem, this.#path, topicId));
    this.#topicId = topicId;
    const path = joinPath(this.#path, logFileNames.partitionMetadata);
    // The file was replaced: what may be open under its name is the one before.
    this.#environment.files.forget(path);
    this.#syncer.addFile(path);
  }

  /** Starts a new segment now; no effect when the active one is empty. @throws IoError */
  roll(): void {
    if (this.isOffline || this.#segments.active.sizeBytes === 0) return;
    this.#unlessFull(() => this.#rollAt(this.#logEndOffset));
  }

  /** Deletes segments by time, size and log start offset; returns how many. */
  async applyRetention(): Promise<number> {
    if (this.isOffline) return 0;
    return retainSegments(this, {
      environment: this.#environment,
      deleteOldest: (count) => this.#deleteOldest(count),
    });
  }

  /** The producers with state here. */
  activeProducers(): readonly ActiveProducer[] {
    return listProducers(this.#producers);
  }

  /** Forgets idle producers (`producer.id.expiration.ms`). */
  expireProducers(): void {
    const nowMs = this.#environment.clock.nowMs();
    this.#producers.expire(nowMs, this.#config.producerIdExpirationMs);
  }

  /**
   * Opens a verification for a producer's transaction (KIP-890).
   * @returns a guard to append with, or 0 when the transaction is already open here.
   */
  startTransactionVerification(producer: {
    readonly producerId: bigint;
    readonly producerEpoch: number;
    readonly baseSequence: number;
  }): number {
    const producerId = Number(producer.producerId);
    if (this.#producers.hasOpenTransaction(producerId, producer.producerEpoch)) return 0;
    const nowMs = this.#environment.clock.nowMs();
    return this.#producers.startVerification({ ...producer, producerId, nowMs });
  }

  /** Flushes, writes a producer snapshot and closes the files. @throws IoError */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    if (!this.#directoryState.isOffline && this.#isChanged) {
      await this.flush();
      await this.#finish();
    }
    this.abandon();
  }

  /** Closes without a flush: the directory failed, or the log was deleted. */
  abandon(): void {
    this.#isClosed = true;
    this.#tail.clear();
    this.#segments.close();
  }

  /** Gives the log's directory another name: the copy takes the log's place. @throws IoError */
  renameTo(path: string, isFuture: boolean): void {
    this.#guard(() => {
      // What waits in memory goes into the files while they have their names.
      this.#segments.active.finish();
      this.#environment.files.forgetDirectory(this.#path);
      this.#environment.fileSystem.rename(this.#path, path);
      this.#path = path;
      this.#isFuture = isFuture;
      this.#reader.forget();
      this.#segments.moveTo(path, this.#config);
      this.#epochs.moveTo(path);
      this.#snapshots.moveTo(path);
      this.#aborted.moveTo(path);
      this.#syncer.moveTo(path);
      this.#isChanged = true;
    });
  }

  #flushTarget(): ConstructorParameters<typeof LogFlusher>[0] {
    const endOffset = (): number => this.#logEndOffset;
    return {
      get logEndOffset(): number {
        return endOffset();
      },
      syncFiles: () => this.#syncer.syncTimed(),
      fail: (error) => this.#directoryState.fail(error),
      afterThisTurn: (action) => this.#environment.clock.setImmediate(action),
    };
  }

  #write(plan: AppendPlan, options: AppendOptions, nowMs: number): AppendOutcome {
    const { bytes } = plan;
    const isAppendTime =
      options.origin !== "replication" && this.#config.messageTimestampType === "LogAppendTime";
    const stamped = stampBatches(bytes, {
      baseOffset: options.origin === "replication" ? undefined : this.#logEndOffset,
      leaderEpoch: options.leaderEpoch,
      appendTimeMs: isAppendTime ? nowMs : -1,
    });
    const { baseOffset, endOffset, maxTimestampMs } = stamped;
    try {
      this.#rollIfNeeded(bytes.length, stamped);
      this.#segments.active.append(bytes, this.#config);
    } catch (error) {
      return this.#refuseFailedWrite(error);
    }
    this.#logEndOffset = endOffset;
    this.#isChanged = true;
    this.#tail.append(bytes, { baseOffset, endOffset, given: options.ownership === "given" });
    if (options.awaitsSync === true) {
      if (this.#awaitingSyncFrom < 0) this.#awaitingSyncFrom = baseOffset;
      this.#awaitingSyncEnd = endOffset;
    }
    try {
      noteBatches(bytes, this.#noted);
    } catch (error) {
      // The batches are in the log but its epochs or aborted transactions are not on the disk:
      // only a recovery of this directory can put that right.
      this.#directoryState.fail(error);
      return this.#refuseFailedWrite(error);
    }
    if (endOffset - this.#flusher.durableOffset >= this.#config.flushMessages) this.#flushLater();
    return {
      kind: "appended",
      baseOffset,
      lastOffset: endOffset - 1,
      logAppendTimeMs: isAppendTime ? nowMs : -1,
      sizeBytes: bytes.length,
      maxTimestampMs,
    };
  }

  #rollIfNeeded(sizeBytes: number, next: StampedRange): void {
    const { active } = this.#segments;
    const { maxTimestampMs } = next;
    const lastOffset = next.endOffset - 1;
    const config = this.#config;
    if (active.shouldRoll({ sizeBytes, lastOffset, maxTimestampMs, config })) {
      if (next.baseOffset > active.baseOffset) this.#rollAt(next.baseOffset);
    }
  }

  #rollAt(baseOffset: number): void {
    const { active } = this.#segments;
    this.#segments.roll(baseOffset, this.#config);
    // Before the snapshot, which may fail: from here on the segment is synced by name alone.
    if (active.sizeBytes > 0) {
      const files = this.#segments.filesOf(active.baseOffset);
      files.push(this.#snapshots.path(baseOffset));
      this.#syncer.addSegment(active.baseOffset, files);
    }
    this.#syncer.addDirectory(this.#path);
    this.#isChanged = true;
    this.#snapshots.write(baseOffset, this.#producers.producers);
    this.#flushLater();
  }

  #refuseFailedWrite(error: unknown): RefusedAppend {
    if (!(error instanceof IoError)) throw error;
    const isFull = hasNoRoom(error) && !this.#segments.active.isDamaged;
    if (isFull) this.#directoryState.noRoom?.(error);
    else this.#directoryState.fail(error);
    return refuseAppend("KAFKA_STORAGE_ERROR", error.message);
  }

  #deleteOldest(count: number): void {
    const firstKept =
      count < this.#segments.closed.count
        ? this.#segments.closed.baseOffset(count)
        : this.#segments.active.baseOffset;
    const gone = this.#snapshots.offsets.filter((offset) => offset < firstKept);
    const delayMs = this.#config.fileDeleteDelayMs;
    this.#guard(() => {
      this.#segments.deleteOldest(count, delayMs);
      this.#segments.deleteLater(this.#snapshots.release(gone), delayMs);
      this.#aborted.releaseBelow(firstKept);
      this.#reader.forget();
      this.truncatePrefix(Math.max(firstKept, this.#logStartOffset));
    });
  }

  #endAt(offset: number): void {
    this.#logEndOffset = offset;
    this.#highWatermark = Math.min(this.#highWatermark, offset);
    // What stays still waits for the disk.
    this.#awaitingSyncEnd = Math.min(this.#awaitingSyncEnd, offset);
    if (this.#awaitingSyncFrom >= offset) this.#awaitingSyncFrom = -1;
    this.#isChanged = true;
  }

  #rebuildProducers(): void {
    // A truncation is one step for its caller: everything is replayed before it returns.
    rebuildProducers(
      {
        environment: this.#environment,
        segments: this.#segments,
        producers: this.#producers,
        snapshots: this.#snapshots,
        config: this.#config,
      },
      { logStartOffset: this.#logStartOffset, endOffset: this.#logEndOffset },
    );
  }

  #flushLater(): void {
    // Who fails takes the directory offline by itself, and nobody waits for this one.
    this.flush().catch(() => {});
  }

  /** Completes what lies in memory only, durably, so that the next start can trust the files. */
  async #finish(): Promise<void> {
    this.#guard(() => {
      const { active } = this.#segments;
      active.finish();
      // Indexes and a snapshot that says nothing need no sync: what is missing only lengthens
      // searches. Aborted transactions do: after a clean stop nobody looks for them in batches.
      this.#syncer.addFile(active.paths.transactionIndex);
      this.#snapshots.write(this.#logEndOffset, this.#producers.producers);
      if (this.#producers.producerCount > 0) {
        this.#syncer.addFile(this.#snapshots.path(this.#logEndOffset));
      }
      this.#syncer.addDirectory(this.#path);
    });
    await this.#syncer.syncWholly();
  }

  /** Runs what a full disk may refuse: nothing is half done then. */
  #unlessFull(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!hasNoRoom(error)) this.#directoryState.fail(error);
      throw error;
    }
  }

  /** Runs what changes files beside an append; a failure leaves them half done. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (error instanceof IoError) this.#directoryState.fail(error);
      throw error;
    }
  }
}
