import {
  type GroupConfig,
  groupMachine,
  type GroupReplyTo,
  type GroupRequest,
  type GroupTypes,
} from "@millrace/coordinators";
import type { MetadataListener, MetadataUpdate } from "@millrace/metadata";
import { assert, type Clock, type Logger, type Random } from "@millrace/platform";

import type { BrokerConfig } from "../config/index.ts";
import type { ReplicaSet } from "../replication/replica-set.ts";
import { CoordinatorShards } from "./coordinator-shards.ts";
import { internalTopics } from "./internal-topics.ts";

const MINUTE_MS = 60_000;

/** What the group coordinator works with. */
export interface GroupCoordinatorOptions {
  readonly replicas: ReplicaSet;
  readonly config: () => BrokerConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The groups whose partition of `__consumer_offsets` this broker leads. */
export class GroupCoordinator implements MetadataListener {
  readonly shards: CoordinatorShards<GroupTypes>;

  constructor(options: GroupCoordinatorOptions) {
    const { config, ...world } = options;
    this.shards = new CoordinatorShards<GroupTypes>({
      ...world,
      topic: internalTopics.consumerOffsets,
      machine: groupMachine(() => groupConfig(config())),
    });
  }

  /** Carries out a request for a group and gives its answer when that may leave. */
  async submit<Kind extends GroupRequest["kind"]>(
    groupId: string,
    request: GroupRequest & { readonly kind: Kind },
  ): Promise<GroupReplyTo<Kind>> {
    return expectKind<Kind>(await this.shards.submit(groupId, request), request.kind);
  }

  /** Asks every shard here, one answer each. */
  async submitToAll<Kind extends GroupRequest["kind"]>(
    request: GroupRequest & { readonly kind: Kind },
  ): Promise<readonly GroupReplyTo<Kind>[]> {
    const replies = [...this.shards.shards()].map((shard) => shard.submit(request));
    return (await Promise.all(replies)).map((reply) => expectKind<Kind>(reply, request.kind));
  }

  onMetadata(update: MetadataUpdate): void {
    this.shards.onMetadata(update);
    const topics = new Set(update.delta.topics.deleted.map(({ name }) => name));
    if (topics.size === 0) return;
    for (const shard of this.shards.shards()) {
      if (shard.phase === "active") void shard.submit({ kind: "topics-deleted", topics });
    }
  }

  /** Ends it: who waits is answered NOT_COORDINATOR. */
  stop(): void {
    this.shards.stop();
  }
}

function expectKind<Kind extends GroupRequest["kind"]>(
  reply: GroupTypes["reply"],
  kind: Kind,
): GroupReplyTo<Kind> {
  assert(isKind(reply, kind), `a ${kind} request was answered with ${reply.kind}`);
  return reply;
}

function isKind<Kind extends GroupRequest["kind"]>(
  reply: GroupTypes["reply"],
  kind: Kind,
): reply is GroupReplyTo<Kind> {
  return reply.kind === kind;
}

function groupConfig(config: BrokerConfig): GroupConfig {
  return {
    sessionTimeoutMsMin: config.groupMinSessionTimeoutMs,
    sessionTimeoutMsMax: config.groupMaxSessionTimeoutMs,
    initialRebalanceDelayMs: config.groupInitialRebalanceDelayMs,
    groupSizeMax: config.groupMaxSize,
    offsetMetadataSizeBytesMax: config.offsetMetadataMaxBytes,
    offsetsRetentionMs: config.offsetsRetentionMinutes * MINUTE_MS,
    offsetsRetentionCheckIntervalMs: config.offsetsRetentionCheckIntervalMs,
  };
}
