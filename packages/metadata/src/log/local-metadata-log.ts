import { assert } from "@millrace/platform";
import type { Clock, FileSystem, Logger } from "@millrace/platform";
import { ZERO_UUID } from "@millrace/protocol";

import type { ClusterImage } from "../image/cluster-image.ts";
import { imageRecords } from "../image/image-records.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import type { AppendResult, CommittedRecords, MetadataLog, PendingAppend } from "./metadata-log.ts";
import { QUORUM_STATE_FILE, writeQuorumState } from "./quorum-state.ts";
import {
  buildDataBatch,
  buildRaftControlBatch,
  encodeRecords,
  readRaftBatches,
} from "./raft-batch.ts";
import type { RaftVoters } from "./raft-voters.ts";
import { leaderChange, votersRecords } from "./raft-voters.ts";
import type { RecordLog } from "./record-log.ts";
import { writeSnapshotFile } from "./snapshot-file.ts";
import type { SnapshotId } from "./snapshot-name.ts";
import { snapshotFileName } from "./snapshot-name.ts";
import { TransactionFilter } from "./transaction-filter.ts";

/** What a metadata log of one node is made with. */
export interface LocalMetadataLogOptions {
  readonly recordLog: RecordLog;
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeId: number;
  /** Higher than any epoch in the log. */
  readonly controllerEpoch: number;
  readonly voters: RaftVoters;
  /** The snapshots that are there, oldest first. */
  readonly snapshots: readonly SnapshotId[];
}

/** Records in one batch; more become a metadata transaction. */
const RECORDS_PER_BATCH_MAX = 10_000;
/** Bytes of records in one batch, below Kafka's limit of 8 MiB. */
const BATCH_SIZE_BYTES_MAX = 7 * 1024 * 1024;
/** Bytes read at a time by `tail`. */
const TAIL_SIZE_BYTES = 1024 * 1024;
/** Snapshots kept: the newest and the one before, with the log from there on. */
const SNAPSHOTS_KEPT = 2;

/**
 * The metadata log of a node that is alone: whatever its disk holds is committed. Appends go to the
 * page cache at once; one sync is under way at a time, and appends that come meanwhile share the
 * next one.
 *
 * A failed sync is final: what it covered is unknown, and nothing is appended any more.
 */
export class LocalMetadataLog implements MetadataLog {
  readonly controllerEpoch: number;
  readonly #options: LocalMetadataLogOptions;
  readonly #recordLog: RecordLog;
  #running: Promise<AppendResult> | undefined;
  #next: Promise<AppendResult> | undefined;
  #hasFailed = false;
  #committedEndOffset: number;
  #snapshots: readonly SnapshotId[];
  /** Woken at each commit. */
  #onCommit = new Set<() => void>();

  private constructor(options: LocalMetadataLogOptions) {
    this.#options = options;
    this.#recordLog = options.recordLog;
    this.controllerEpoch = options.controllerEpoch;
    this.#committedEndOffset = options.recordLog.logEndOffset;
    this.#snapshots = options.snapshots;
  }

  /**
   * Begins this node's epoch: writes `quorum-state` first, so that the epoch is never used twice,
   * then the record that opens the epoch in the log.
   */
  static start(options: LocalMetadataLogOptions): LocalMetadataLog {
    const { fileSystem, directory, nodeId, controllerEpoch, voters, recordLog, clock } = options;
    writeQuorumState(fileSystem, `${directory}/${QUORUM_STATE_FILE}`, {
      version: voters.kraftVersion > 0 ? 1 : 0,
      leaderId: nodeId,
      leaderEpoch: controllerEpoch,
      votedId: -1,
      votedDirectoryId: ZERO_UUID,
      currentVoters: [nodeId],
    });
    // The voters of a freshly formatted folder stand in its first snapshot only; Kafka's leader
    // repeats them in the log.
    const isFirst = recordLog.logEndOffset === 0;
    const records = [leaderChange(nodeId), ...(isFirst ? votersRecords(voters) : [])];
    const place = {
      baseOffset: recordLog.logEndOffset,
      leaderEpoch: controllerEpoch,
      timestampMs: clock.nowMs(),
    };
    const log = new LocalMetadataLog(options);
    // The first append makes it durable: the epoch itself already is.
    recordLog.append(buildRaftControlBatch(records, place), controllerEpoch);
    return log;
  }

  get endOffset(): number {
    return this.#recordLog.logEndOffset;
  }

  /** Exclusive end of what is durable. */
  get committedEndOffset(): number {
    return this.#committedEndOffset;
  }

  append(records: readonly MetadataRecord[], timestampMs: number): PendingAppend {
    assert(records.length > 0, "an append has records");
    const baseOffset = this.endOffset;
    if (this.#hasFailed) {
      const outcome = Promise.resolve("unknown" as const);
      return { baseOffset, lastOffset: baseOffset - 1, timestampMs, sizeBytes: 0, outcome };
    }
    const bytes = this.#buildBatches(records, { baseOffset, timestampMs });
    const sizeBytes = bytes.length;
    this.#recordLog.append(bytes, this.controllerEpoch);
    const lastOffset = this.endOffset - 1;
    return { baseOffset, lastOffset, timestampMs, sizeBytes, outcome: this.#commit() };
  }

  async *tail(fromOffset: number): AsyncIterable<CommittedRecords> {
    const transactions = new TransactionFilter();
    for (let offset = fromOffset; ; ) {
      if (offset >= this.#committedEndOffset) await this.#nextCommit();
      const bytes = await this.#recordLog.read(offset, TAIL_SIZE_BYTES);
      for (const batch of readRaftBatches(bytes)) {
        if (batch.lastOffset >= this.#committedEndOffset) break;
        if (batch.lastOffset < offset) continue;
        offset = batch.lastOffset + 1;
        if (batch.kind === "control") continue;
        const { lastOffset, leaderEpoch, timestampMs } = batch;
        const records = transactions.accept(batch.records);
        yield { records, lastOffset, leaderEpoch, timestampMs };
      }
    }
  }

  async writeSnapshot(image: ClusterImage): Promise<void> {
    const { directory, fileSystem, clock, voters } = this.#options;
    const { lastContainedOffset, lastContainedEpoch, lastContainedTimestampMs } = image.provenance;
    const id = { endOffset: lastContainedOffset + 1, leaderEpoch: lastContainedEpoch };
    const last = this.#snapshots.at(-1);
    if (last !== undefined && last.endOffset >= id.endOffset) return;
    assert(id.endOffset <= this.#committedEndOffset, "a snapshot holds committed records only");
    const path = `${directory}/${snapshotFileName(id)}`;
    await writeSnapshotFile(
      { fileSystem, clock, path },
      {
        lastContainedTimestampMs,
        leaderEpoch: lastContainedEpoch,
        voters,
        records: imageRecords(image),
      },
    );
    this.#snapshots = [...this.#snapshots, id];
    this.#clean();
  }

  async close(): Promise<void> {
    await this.#running;
    await this.#next;
    await this.#recordLog.close();
  }

  #buildBatches(
    records: readonly MetadataRecord[],
    place: { readonly baseOffset: number; readonly timestampMs: number },
  ): Buffer {
    const values = encodeRecords(records);
    const sizeBytes = values.reduce((sum, value) => sum + value.length, 0);
    const leaderEpoch = this.controllerEpoch;
    if (values.length <= RECORDS_PER_BATCH_MAX && sizeBytes <= BATCH_SIZE_BYTES_MAX) {
      return buildDataBatch(values, { ...place, leaderEpoch });
    }
    // Too much for one batch: a transaction makes the batches one step.
    const [begin, end] = encodeRecords([
      { type: "BeginTransactionRecord", version: 0, data: { name: "Large metadata change" } },
      { type: "EndTransactionRecord", version: 0, data: {} },
    ]);
    assert(begin !== undefined && end !== undefined, "both were encoded");
    const batches: Buffer[] = [];
    let baseOffset = place.baseOffset;
    for (const part of parts([begin, ...values, end])) {
      batches.push(buildDataBatch(part, { ...place, baseOffset, leaderEpoch }));
      baseOffset += part.length;
    }
    return Buffer.concat(batches);
  }

  #commit(): Promise<AppendResult> {
    if (this.#running === undefined) {
      this.#running = this.#flush();
      return this.#running;
    }
    this.#next ??= this.#running.then(() => {
      this.#running = this.#next;
      this.#next = undefined;
      return this.#flush();
    });
    return this.#next;
  }

  async #flush(): Promise<AppendResult> {
    if (this.#hasFailed) return "unknown";
    const endOffset = this.#recordLog.logEndOffset;
    try {
      await this.#recordLog.flush();
    } catch (error) {
      this.#hasFailed = true;
      this.#options.logger.error("the metadata log cannot be made durable", { error });
      return "unknown";
    }
    if (this.#next === undefined) this.#running = undefined;
    this.#committedEndOffset = endOffset;
    for (const wake of this.#onCommit) wake();
    this.#onCommit.clear();
    return "committed";
  }

  #nextCommit(): Promise<void> {
    return new Promise((resolve) => this.#onCommit.add(resolve));
  }

  #clean(): void {
    const { directory, fileSystem } = this.#options;
    const kept = this.#snapshots.slice(-SNAPSHOTS_KEPT);
    const removed = this.#snapshots.slice(0, -SNAPSHOTS_KEPT);
    const oldest = kept[0];
    if (removed.length === 0 || oldest === undefined) return;
    // The log first: it may not begin before the oldest snapshot that is left.
    this.#recordLog.truncatePrefix(oldest.endOffset);
    for (const id of removed) fileSystem.removeFile(`${directory}/${snapshotFileName(id)}`);
    this.#snapshots = kept;
  }
}

function* parts(values: readonly Uint8Array[]): Generator<Uint8Array[]> {
  let part: Uint8Array[] = [];
  let sizeBytes = 0;
  for (const value of values) {
    const isFull = part.length === RECORDS_PER_BATCH_MAX;
    if (part.length > 0 && (isFull || sizeBytes + value.length > BATCH_SIZE_BYTES_MAX)) {
      yield part;
      part = [];
      sizeBytes = 0;
    }
    part.push(value);
    sizeBytes += value.length;
  }
  if (part.length > 0) yield part;
}
