import type { PartitionsByTopic } from "@millrace/coordinators";
import type { ClusterImage } from "@millrace/metadata";
import { buildEndTransactionBatch, type ErrorName } from "@millrace/protocol";

import type { ReplicaSet } from "../replication/replica-set.ts";
import type { GroupCoordinator } from "./group-coordinator.ts";
import { internalTopics } from "./internal-topics.ts";

/** A marker that ends one producer's transaction in its partitions. */
export interface TransactionMarker {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly isCommit: boolean;
  /** The epoch of the coordinator's leadership: an older coordinator's marker is refused. */
  readonly coordinatorEpoch: number;
  /** By which rule the producer's epoch is checked. */
  readonly transactionVersion: number;
}

/** What became of a marker in one partition. */
export interface MarkerResult {
  readonly topic: string;
  readonly partition: number;
  readonly error: ErrorName;
}

/** What the writer of markers works with. */
export interface TransactionMarkersOptions {
  readonly replicas: ReplicaSet;
  readonly groups: GroupCoordinator;
  readonly image: () => ClusterImage;
  readonly nowMs: () => number;
}

/** Writes transaction markers into the partitions that this broker leads. */
export class TransactionMarkers {
  readonly #options: TransactionMarkersOptions;

  constructor(options: TransactionMarkersOptions) {
    this.#options = options;
  }

  /** Writes a marker to every partition; each result comes once its marker is committed. */
  write(
    marker: TransactionMarker,
    partitions: PartitionsByTopic,
  ): Promise<readonly MarkerResult[]> {
    const results: Promise<MarkerResult>[] = [];
    for (const [topic, indexes] of partitions) {
      for (const partition of indexes) results.push(this.#writeOne(marker, topic, partition));
    }
    return Promise.all(results);
  }

  #writeOne(marker: TransactionMarker, topic: string, index: number): Promise<MarkerResult> {
    const { replicas, image } = this.#options;
    const done = (error: ErrorName): MarkerResult => ({ topic, partition: index, error });
    const partition = replicas.leader(image(), topic, index);
    if (typeof partition === "string") return Promise.resolve(done(partition));
    const outcome = partition.append({
      bytes: this.#batch(marker),
      origin: "coordinator",
      isAcksAll: true,
      transactionVersion: marker.transactionVersion,
    });
    if (outcome.kind === "refused") return Promise.resolve(done(outcome.error));
    if (topic === internalTopics.consumerOffsets)
      this.#endOffsets(marker, index, outcome.baseOffset);
    return new Promise((resolve) => {
      partition.whenCommitted(outcome.lastOffset + 1, (failure) =>
        resolve(done(failure ?? "NONE")),
      );
    });
  }

  /** The marker makes the offsets of the transaction count, or drops them. */
  #endOffsets(marker: TransactionMarker, index: number, offset: number): void {
    const { producerId, producerEpoch, isCommit } = marker;
    const shard = this.#options.groups.shards.shardAt(index);
    shard?.endTransaction({ producerId, producerEpoch, isCommit, offset });
  }

  #batch(marker: TransactionMarker): Buffer {
    const { producerId, producerEpoch, isCommit, coordinatorEpoch } = marker;
    return buildEndTransactionBatch(
      { type: isCommit ? "COMMIT" : "ABORT", coordinatorEpoch },
      { producerId, producerEpoch, timestamp: this.#options.nowMs() },
    );
  }
}
