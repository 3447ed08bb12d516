import {
  type PruneEffect,
  type Shard,
  sharePartitionName,
  type SharePartitionRequest,
  shareStateMachine,
  type ShareStateReply,
  type ShareStateTypes,
} from "@millrace/coordinators";
import type { ClusterImage, MetadataListener, MetadataUpdate } from "@millrace/metadata";
import type { Clock, Logger, Metrics, Random } from "@millrace/platform";
import { isUuid } from "@millrace/protocol";

import type { BrokerConfig } from "../config/index.ts";
import { ShareCoordinatorMetrics } from "../metrics/share-coordinator-metrics.ts";
import type { ReplicaSet } from "../replication/replica-set.ts";
import { CoordinatorShards } from "./coordinator-shards.ts";
import { internalTopics } from "./internal-topics.ts";
import type { AskShareState } from "./share-coordinator-requests.ts";

/** What the share coordinator works with. */
export interface ShareCoordinatorOptions {
  readonly replicas: ReplicaSet;
  readonly config: () => BrokerConfig;
  readonly image: () => ClusterImage;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The share partitions whose partition of `__share_group_state` this broker leads. */
export class ShareCoordinator implements MetadataListener {
  readonly shards: CoordinatorShards<ShareStateTypes>;
  /** Carries out a request for a share partition and gives its answer when that may leave. */
  readonly ask: AskShareState = (request) => this.#ask(request);
  readonly #options: ShareCoordinatorOptions;
  readonly #metrics: ShareCoordinatorMetrics;
  #isStopped = false;

  constructor(options: ShareCoordinatorOptions) {
    const { config, image, metrics, ...world } = options;
    this.#options = options;
    this.#metrics = new ShareCoordinatorMetrics(metrics, () => this.#states());
    this.shards = new CoordinatorShards<ShareStateTypes>({
      ...world,
      topic: internalTopics.shareGroupState,
      machine: shareStateMachine({
        config: () => stateConfig(config()),
        topics: {
          partitionCountOf: (topicId) =>
            isUuid(topicId) ? image().topics.byId.get(topicId)?.partitions.length : undefined,
        },
      }),
      perform: (effect, shard) => this.#prune(effect, shard),
    });
  }

  /** Whether share groups are served: by the finalized level of share.version. */
  get servesShareGroups(): boolean {
    return (this.#options.image().features.levels.get("share.version") ?? 0) >= 1;
  }

  onMetadata(update: MetadataUpdate): void {
    this.shards.onMetadata(update);
    const topicIds = new Set(update.delta.topics.deleted.map(({ id }) => id));
    if (topicIds.size === 0) return;
    for (const shard of this.shards.shards()) {
      if (shard.phase === "active") void shard.submit({ kind: "share-topics-deleted", topicIds });
    }
  }

  /** Nothing will be answered any more: who asks need not ask again. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Ends it: who waits is answered NOT_COORDINATOR. */
  stop(): void {
    this.#isStopped = true;
    this.shards.stop();
  }

  async #ask(request: SharePartitionRequest): Promise<ShareStateReply> {
    const { clock } = this.#options;
    const beganMs = clock.monotonicMs();
    const reply = await this.shards.submit(sharePartitionName(request), request);
    if (request.kind === "write-share-state") this.#metrics.written(clock.monotonicMs() - beganMs);
    return reply;
  }

  *#states(): IterableIterator<ShareStateTypes["state"]> {
    for (const shard of this.shards.shards()) yield shard.state;
  }

  #prune({ beforeOffset }: PruneEffect, shard: Shard<ShareStateTypes>): void {
    const { replicas, image } = this.#options;
    const index = this.shards.indexOf(shard);
    if (index === undefined) return;
    const partition = replicas.leader(image(), internalTopics.shareGroupState, index);
    if (typeof partition === "string") return;
    const { log } = partition;
    const target = Math.min(beforeOffset, log.highWatermark);
    if (target <= log.logStartOffset) return;
    log.truncatePrefix(target);
    this.#metrics.pruned(internalTopics.shareGroupState, index, target);
  }
}

function stateConfig(config: BrokerConfig) {
  return {
    updatesPerSnapshot: config.shareCoordinatorSnapshotUpdateRecordsPerSnapshot,
    pruneIntervalMs: config.shareCoordinatorStateTopicPruneIntervalMs,
    coldSnapshotIntervalMs: config.shareCoordinatorColdPartitionSnapshotIntervalMs,
  };
}
