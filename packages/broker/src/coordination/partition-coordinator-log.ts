import type { CoordinatorAppend, CoordinatorLog, ShardError } from "@millrace/coordinators";
import type { AppendError } from "@millrace/storage";

import type { Partition } from "../replication/partition.ts";

/** Bytes of a coordinator's log that are read at once while it is replayed. */
const READ_SIZE_BYTES = 1 << 20;

/** The log of a coordinator's shard: the partition of the internal topic that this broker leads. */
export class PartitionCoordinatorLog implements CoordinatorLog {
  readonly #partition: Partition;

  constructor(partition: Partition) {
    this.#partition = partition;
  }

  get topic(): string {
    return this.#partition.topic;
  }

  get partition(): number {
    return this.#partition.index;
  }

  get logStartOffset(): number {
    return this.#partition.log.logStartOffset;
  }

  get logEndOffset(): number {
    return this.#partition.log.logEndOffset;
  }

  get highWatermark(): number {
    return this.#partition.log.highWatermark;
  }

  get batchSizeBytesMax(): number {
    return this.#partition.log.config.maxMessageBytes;
  }

  append(bytes: Buffer): CoordinatorAppend {
    if (!this.#partition.isLeader) return { kind: "refused", error: "NOT_COORDINATOR" };
    const outcome = this.#partition.append({ bytes, origin: "coordinator", isAcksAll: true });
    if (outcome.kind === "refused") return { kind: "refused", error: shardError(outcome.error) };
    return { kind: "appended", baseOffset: outcome.baseOffset, endOffset: outcome.lastOffset + 1 };
  }

  async read(offset: number): Promise<Buffer> {
    const outcome = await this.#partition.log.read({
      offset,
      maxBytes: READ_SIZE_BYTES,
      minOneBatch: true,
      isolation: "end",
    });
    if (outcome.kind === "refused") return Buffer.alloc(0);
    const bytes = Buffer.concat(outcome.chunks);
    outcome.release();
    return bytes;
  }

  onHighWatermark(listener: (highWatermark: number) => void): () => void {
    return this.#partition.onHighWatermark(listener);
  }
}

function shardError(error: AppendError): ShardError {
  switch (error) {
    case "MESSAGE_TOO_LARGE":
    case "RECORD_LIST_TOO_LARGE":
      return "RECORD_TOO_LARGE";
    case "KAFKA_STORAGE_ERROR":
      return "KAFKA_STORAGE_ERROR";
    default:
      return "UNKNOWN_SERVER_ERROR";
  }
}
