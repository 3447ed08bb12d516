import {
  groupMachine,
  type GroupReplyTo,
  type GroupRequest,
  type GroupTypes,
} from "@millrace/coordinators";
import type { ClusterImage, MetadataListener, MetadataUpdate } from "@millrace/metadata";
import { assert, type Clock, type Logger, type Metrics, type Random } from "@millrace/platform";

import type { BrokerConfig } from "../config/index.ts";
import { countedGroupMachine, registerGroupGauges } from "../metrics/group-metrics.ts";
import type { ReplicaSet } from "../replication/replica-set.ts";
import type { ShareStatePersister } from "../share/persister.ts";
import { CoordinatorShards } from "./coordinator-shards.ts";
import { GroupCoordinatorConfig } from "./group-coordinator-config.ts";
import { GroupTopics } from "./group-topics.ts";
import { internalTopics } from "./internal-topics.ts";
import { initializeShareStates } from "./share-group-initialization.ts";

/** What the group coordinator works with. */
export interface GroupCoordinatorOptions {
  readonly replicas: ReplicaSet;
  readonly config: () => BrokerConfig;
  readonly image: () => ClusterImage;
  readonly metrics: Metrics;
  /** Where the states of share groups' partitions are kept. */
  readonly shareStates: ShareStatePersister;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The groups whose partition of `__consumer_offsets` this broker leads. */
export class GroupCoordinator implements MetadataListener {
  readonly shards: CoordinatorShards<GroupTypes>;
  readonly #options: GroupCoordinatorOptions;
  readonly #topics: GroupTopics;

  constructor(options: GroupCoordinatorOptions) {
    const { config, image, metrics, shareStates, ...world } = options;
    const topics = new GroupTopics(image);
    const groupConfig = new GroupCoordinatorConfig(config, image);
    this.#topics = topics;
    this.#options = options;
    const machine = groupMachine({
      config: () => groupConfig.current,
      topics: () => topics.current,
    });
    this.shards = new CoordinatorShards<GroupTypes>({
      ...world,
      topic: internalTopics.consumerOffsets,
      measured: { metrics, as: "group" },
      machine: countedGroupMachine(machine, metrics),
      perform: (effect, shard) => {
        initializeShareStates(effect, shard, shareStates).catch((error: unknown) => {
          // The group's next heartbeat after the retry interval begins them again.
          const { groupId } = effect;
          world.logger.error("share states could not be begun", { groupId, error });
        });
      },
    });
    registerGroupGauges(metrics, () => this.#states());
  }

  /**
   * Whether groups of the consumer protocol (KIP-848) are served: by group.version and
   * configuration.
   */
  get servesConsumerGroups(): boolean {
    const { config, image } = this.#options;
    const isOn = config().groupCoordinatorRebalanceProtocols.includes("consumer");
    return isOn && (image().features.levels.get("group.version") ?? 0) >= 1;
  }

  /** Whether streams groups (KIP-1071) are served: by streams.version and configuration. */
  get servesStreamsGroups(): boolean {
    const { config, image } = this.#options;
    const isOn = config().groupCoordinatorRebalanceProtocols.includes("streams");
    return isOn && (image().features.levels.get("streams.version") ?? 0) >= 1;
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
    this.#topics.onMetadata(update);
    this.shards.onMetadata(update);
    const { deleted } = update.delta.topics;
    if (deleted.length === 0) return;
    const topics = new Set(deleted.map(({ name }) => name));
    const topicIds = new Set(deleted.map(({ id }) => id));
    for (const shard of this.shards.shards()) {
      if (shard.phase !== "active") continue;
      void shard.submit({ kind: "topics-deleted", topics });
      void shard.submit({ kind: "share-group-topics-deleted", topicIds });
    }
  }

  *#states(): IterableIterator<GroupTypes["state"]> {
    for (const shard of this.shards.shards()) yield shard.state;
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
