import type { Uuid } from "@millrace/protocol";

import type { ClusterImage } from "../image/cluster-image.ts";
import { configsOf } from "../image/configs-image.ts";
import type { PartitionImage, TopicImage } from "../image/topics-image.ts";
import { directoryIds } from "../image/topics-image.ts";
import { ELR_FEATURE } from "../records/feature-levels.ts";
import type { DecisionContext } from "./decision.ts";

/** The key whose value is a topic's smallest ISR for acks=all. */
export const MIN_INSYNC_REPLICAS = "min.insync.replicas";

/** Whether a broker may lead and take replicas: registered, not fenced, not shutting down. */
export function isActive(image: ClusterImage, brokerId: number): boolean {
  const broker = image.brokers.get(brokerId);
  return broker !== undefined && !broker.isFenced && !broker.isInControlledShutdown;
}

/** Whether a broker's copy of a partition lies in a directory that works, as far as is known. */
export function isReplicaOnline(
  image: ClusterImage,
  partition: PartitionImage,
  brokerId: number,
): boolean {
  const directory = partition.directories[partition.replicas.indexOf(brokerId)];
  if (directory === undefined || directory === directoryIds.lost) return false;
  if (directory === directoryIds.unassigned || directory === directoryIds.migrating) return true;
  const logDirs = image.brokers.get(brokerId)?.logDirs ?? [];
  return logDirs.length === 0 || logDirs.includes(directory);
}

/** Which directory id a new replica gets: the broker's only one, else the broker will say later. */
export function directoryForNewReplica(image: ClusterImage, brokerId: number): Uuid {
  const logDirs = image.brokers.get(brokerId)?.logDirs ?? [];
  const [only] = logDirs;
  if (only === undefined) return directoryIds.migrating;
  return logDirs.length === 1 ? only : directoryIds.unassigned;
}

/** Whether KIP-966's eligible leader replicas are on. */
export function isElrEnabled(image: ClusterImage): boolean {
  return (image.features.levels.get(ELR_FEATURE) ?? 0) >= 1;
}

/** `min.insync.replicas` of a topic, at most its replication factor. */
export function minInsyncReplicasOf(context: DecisionContext, topic: TopicImage): number {
  const value = topicConfig(context.image, topic.name, MIN_INSYNC_REPLICAS);
  const configured = value === undefined ? context.defaults.minInsyncReplicas : Number(value);
  return Math.min(configured, topic.partitions[0]?.replicas.length ?? 1);
}

/** Whether a topic prefers being led to keeping what was acknowledged. */
export function isUncleanElectionEnabled(context: DecisionContext, topic: TopicImage): boolean {
  const value = topicConfig(context.image, topic.name, "unclean.leader.election.enable");
  return value === undefined ? context.defaults.isUncleanElectionEnabled : value === "true";
}

// Set for the topic, or as the default of all brokers; a single broker's value does not count for
// the controller, which decides for all of them.
function topicConfig(image: ClusterImage, topic: string, name: string): string | undefined {
  return (
    configsOf(image.configs, { type: "topic", name: topic }).get(name) ??
    configsOf(image.configs, { type: "broker", name: "" }).get(name)
  );
}
