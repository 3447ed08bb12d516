import type { Uuid } from "@millrace/protocol";

import { metadataFormatOf } from "../records/feature-levels.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import { NO_LEADER } from "../image/topics-image.ts";
import type { PartitionImage, TopicImage } from "../image/topics-image.ts";
import {
  isActive,
  isElrEnabled,
  isReplicaOnline,
  isUncleanElectionEnabled,
  minInsyncReplicasOf,
} from "./cluster-view.ts";
import type { DecisionContext } from "./decision.ts";
import { decidePartitionChange } from "./partition-change.ts";
import type { Election } from "./partition-change.ts";

/** What happened to a broker that moves leadership. Exactly one of them is given. */
export interface BrokerEvent {
  /** It leaves ISRs in an orderly way, and leads no more. */
  readonly leaving?: number;
  /** It left without saying so: it is in no ISR and no ELR afterwards. */
  readonly lost?: number;
  /** It may lead from now on, though the image says that it is fenced. */
  readonly joining?: number;
}

/** Where to look for partitions, and which of them. */
export type PartitionFilter = (partition: PartitionImage) => boolean;

/**
 * Decides what changes in the partitions that `filter` selects when something happens to a broker.
 */
export function decideLeadership(
  context: DecisionContext,
  event: BrokerEvent,
  filter: PartitionFilter,
): readonly MetadataRecord[] {
  const { image } = context;
  const { leaving, lost, joining } = event;
  const format = metadataFormatOf(image.features.metadataVersion);
  const records: MetadataRecord[] = [];
  const isAlive = (broker: number) =>
    broker !== leaving && broker !== lost && (broker === joining || isActive(image, broker));
  for (const topic of image.topics.byId.values()) {
    let facts: TopicFacts | undefined;
    for (const [partitionId, partition] of topic.partitions.entries()) {
      if (!filter(partition)) continue;
      facts ??= topicFactsOf(context, topic);
      const record = decidePartitionChange({
        ...facts,
        partition,
        partitionId,
        format,
        targetIsr: partition.isr.filter((broker) => broker !== leaving && broker !== lost),
        uncleanReplica: lost,
        isAcceptableLeader: (broker) =>
          isAlive(broker) && isReplicaOnline(image, partition, broker),
      });
      if (record !== undefined) records.push(record);
    }
  }
  return records;
}

/** Selects partitions that a broker is in sync with. */
export function inSyncWith(brokerId: number): PartitionFilter {
  return (partition) => partition.isr.includes(brokerId);
}

/** Selects partitions that a broker is in sync with or could lead by KIP-966. */
export function inSyncOrEligible(brokerId: number): PartitionFilter {
  return (partition) => partition.isr.includes(brokerId) || partition.elr.includes(brokerId);
}

/** Selects partitions without a leader. */
export function leaderless(partition: PartitionImage): boolean {
  return partition.leader === NO_LEADER;
}

/** Whether a broker leads any partition. */
export function hasLeaderships(context: DecisionContext, brokerId: number): boolean {
  for (const topic of context.image.topics.byId.values()) {
    if (topic.partitions.some((partition) => partition.leader === brokerId)) return true;
  }
  return false;
}

/** What elections in a topic go by. */
export interface TopicFacts {
  readonly topicId: Uuid;
  readonly isElrEnabled: boolean;
  readonly minInsyncReplicas: number;
  readonly election: Election;
}

/** Gives what elections in a topic go by. */
export function topicFactsOf(context: DecisionContext, topic: TopicImage): TopicFacts {
  return {
    topicId: topic.id,
    isElrEnabled: isElrEnabled(context.image),
    minInsyncReplicas: minInsyncReplicasOf(context, topic),
    election: isUncleanElectionEnabled(context, topic) ? "unclean" : "online",
  };
}
