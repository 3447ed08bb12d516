import type { ClusterImage, Controller } from "@millrace/metadata";
import type { ErrorName } from "@millrace/protocol";

import type { BrokerConfig } from "../config/index.ts";

/** The topics that the coordinators keep their state in. */
export const internalTopics = {
  consumerOffsets: "__consumer_offsets",
  transactionState: "__transaction_state",
  shareGroupState: "__share_group_state",
} as const;

/** The name of an internal topic. */
export type InternalTopic = (typeof internalTopics)[keyof typeof internalTopics];

/**
 * Makes an internal topic unless it is there; a replication factor beyond the brokers that live is
 * lowered to them, so that the first client of a small cluster is served.
 * @returns "NONE" once the topic is in the image.
 */
export async function ensureInternalTopic(
  topic: InternalTopic,
  services: {
    readonly image: () => ClusterImage;
    readonly config: () => BrokerConfig;
    readonly controller: Controller;
  },
): Promise<ErrorName> {
  if (services.image().topics.byName.has(topic)) return "NONE";
  const live = [...services.image().brokers.values()].filter(({ isFenced }) => !isFenced).length;
  const layout = layoutOf(topic, services.config());
  const outcome = await services.controller.createTopics({
    validateOnly: false,
    topics: [
      {
        name: topic,
        numPartitions: layout.partitions,
        replicationFactor: Math.max(1, Math.min(layout.replicationFactor, live)),
        assignments: [],
        configs: Object.entries(layout.configs).map(([name, value]) => ({ name, value })),
      },
    ],
  });
  if (outcome.kind === "refused") return outcome.error;
  const error = outcome.value[0]?.error ?? "UNKNOWN_SERVER_ERROR";
  // Another client's request may have been first.
  return error === "TOPIC_ALREADY_EXISTS" ? "NONE" : error;
}

interface InternalTopicLayout {
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
}

function layoutOf(topic: InternalTopic, config: BrokerConfig): InternalTopicLayout {
  switch (topic) {
    case internalTopics.consumerOffsets:
      return {
        partitions: config.offsetsTopicNumPartitions,
        replicationFactor: config.offsetsTopicReplicationFactor,
        configs: {
          "cleanup.policy": "compact",
          "segment.bytes": String(config.offsetsTopicSegmentBytes),
          "compression.type": "producer",
        },
      };
    case internalTopics.transactionState:
      return {
        partitions: config.transactionStateLogNumPartitions,
        replicationFactor: config.transactionStateLogReplicationFactor,
        configs: {
          "cleanup.policy": "compact",
          "compression.type": "uncompressed",
          "segment.bytes": String(config.transactionStateLogSegmentBytes),
          "min.insync.replicas": String(config.transactionStateLogMinIsr),
          "unclean.leader.election.enable": "false",
        },
      };
    case internalTopics.shareGroupState:
      return {
        partitions: config.shareCoordinatorStateTopicNumPartitions,
        replicationFactor: config.shareCoordinatorStateTopicReplicationFactor,
        configs: {
          "cleanup.policy": "delete",
          "compression.type": "producer",
          "segment.bytes": String(config.shareCoordinatorStateTopicSegmentBytes),
          "min.insync.replicas": String(config.shareCoordinatorStateTopicMinIsr),
          "retention.ms": "-1",
        },
      };
  }
}
