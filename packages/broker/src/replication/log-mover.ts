import type { Logger } from "@millrace/platform";
import type { LogDirectories, PartitionLog } from "@millrace/storage";

import type { Partition } from "./partition.ts";
import type { ReplicaSet } from "./replica-set.ts";

/** What moves logs between log directories. */
export interface LogMoverOptions {
  readonly logs: LogDirectories;
  readonly replicas: ReplicaSet;
  readonly logger: Logger;
  /** Called when a log lies in another directory than before. */
  readonly onMoved: (partition: Partition) => void;
}

/** Bytes copied in one step. */
const stepBytesMax = 1024 * 1024;

/**
 * Moves logs to other log directories of this broker while they are written (AlterReplicaLogDirs).
 */
export class LogMover {
  readonly #options: LogMoverOptions;
  readonly #moving = new Map<PartitionLog, Promise<void>>();
  #isClosed = false;

  constructor(options: LogMoverOptions) {
    this.#options = options;
  }

  /** Moves under way. */
  get movingCount(): number {
    return this.#moving.size;
  }

  /** Begins to move a partition's log; a move to elsewhere that was under way is given up. */
  move(partition: Partition, directoryId: string): void {
    const { logs } = this.#options;
    const { log, topic, index } = partition;
    const name = { topic, partition: index };
    const future = logs.futureLog(name);
    if (future !== undefined) {
      if (logs.directoryOf(future).directoryId === directoryId) return;
      logs.deleteFuture(name);
    }
    if (logs.directoryOf(log).directoryId === directoryId || log.topicId === undefined) return;
    const { topicId, config } = log;
    const copy = logs.createFuture({ ...name, topicId, config, directoryId });
    copy.truncateFullyAndStartAt(log.logStartOffset);
    this.#moving.set(copy, this.#run(partition, copy));
  }

  /** Stops copying; what was copied is deleted at the next start or goes on then. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#moving.values());
  }

  async #run(partition: Partition, copy: PartitionLog): Promise<void> {
    const name = { topic: partition.topic, partition: partition.index };
    try {
      while (this.#isCurrent(partition, copy)) {
        const isCaughtUp = await this.#copyStep(partition, copy);
        if (!isCaughtUp || !this.#isCurrent(partition, copy)) continue;
        await copy.flush();
        // What was appended during the flush is copied first.
        if (copy.logEndOffset !== partition.log.logEndOffset) continue;
        if (!this.#isCurrent(partition, copy)) break;
        partition.replaceLog(this.#options.logs.replaceByFuture(name));
        this.#options.onMoved(partition);
        break;
      }
    } catch (error) {
      this.#options.logger.error("moving a log to another directory failed", { ...name, error });
    } finally {
      this.#moving.delete(copy);
    }
  }

  /** Copies what is next; true once nothing is left. */
  async #copyStep(partition: Partition, copy: PartitionLog): Promise<boolean> {
    const offset = copy.logEndOffset;
    if (offset >= partition.log.logEndOffset) return true;
    const read = await partition.log.read({
      offset,
      maxBytes: stepBytesMax,
      minOneBatch: true,
      isolation: "end",
    });
    if (read.kind === "refused") {
      // Retention ran ahead of the copy: it begins again where the log begins.
      if (read.error === "OFFSET_OUT_OF_RANGE") {
        copy.truncateFullyAndStartAt(partition.log.logStartOffset);
      }
      return false;
    }
    const bytes = Buffer.concat(read.chunks);
    read.release();
    const leaderEpoch = partition.leaderEpoch;
    copy.append(bytes, { origin: "replication", leaderEpoch });
    copy.advanceHighWatermark(Math.min(partition.log.highWatermark, copy.logEndOffset));
    return false;
  }

  #isCurrent(partition: Partition, copy: PartitionLog): boolean {
    const { logs, replicas } = this.#options;
    if (this.#isClosed || partition.log.isOffline || copy.isOffline) return false;
    const name = { topic: partition.topic, partition: partition.index };
    return (
      logs.futureLog(name) === copy &&
      replicas.partition(partition.topic, partition.index) === partition
    );
  }
}
