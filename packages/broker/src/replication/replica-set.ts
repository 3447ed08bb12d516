import type { Clock, Logger } from "@millrace/platform";
import type {
  ClusterImage,
  MetadataListener,
  MetadataUpdate,
  PartitionImage,
  TopicChange,
  TopicImage,
} from "@millrace/metadata";
import type { LogConfig, LogDirectories, PartitionLog } from "@millrace/storage";

import type { BrokerTraffic } from "../metrics/topic-traffic.ts";
import { Partition } from "./partition.ts";

/** What the replicas of a broker work with. */
export interface ReplicaSetOptions {
  readonly brokerId: number;
  readonly logs: LogDirectories;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly traffic: BrokerTraffic;
  /** The configuration of a topic as an image has it. */
  readonly logConfigOf: (topic: string, image: ClusterImage) => LogConfig;
  readonly syncsAcksAll: () => boolean;
}

/** Why there is no partition to work on. */
export type LookupError =
  | "UNKNOWN_TOPIC_OR_PARTITION"
  | "NOT_LEADER_OR_FOLLOWER"
  | "KAFKA_STORAGE_ERROR";

/**
 * The replicas that this broker holds. It follows the metadata: what an image says appears and
 * disappears here, before the request that caused it is answered.
 */
export class ReplicaSet implements MetadataListener {
  readonly #options: ReplicaSetOptions;
  /** By topic name; the index in the array is the partition's number. */
  readonly #partitions = new Map<string, (Partition | undefined)[]>();

  constructor(options: ReplicaSetOptions) {
    this.#options = options;
  }

  /** The partition if this broker holds a replica of it that works. */
  partition(topic: string, index: number): Partition | undefined {
    return this.#partitions.get(topic)?.[index];
  }

  /** Every replica here. */
  *partitions(): Iterable<Partition> {
    for (const partitions of this.#partitions.values()) {
      for (const partition of partitions) if (partition !== undefined) yield partition;
    }
  }

  /** The partition that this broker leads, or what to answer for it. */
  leader(image: ClusterImage, topic: string, index: number): Partition | LookupError {
    const partition = this.partition(topic, index);
    if (partition === undefined) {
      const known = image.topics.byName.get(topic)?.partitions[index];
      if (known === undefined) return "UNKNOWN_TOPIC_OR_PARTITION";
      return known.replicas.includes(this.#options.brokerId)
        ? "KAFKA_STORAGE_ERROR"
        : "NOT_LEADER_OR_FOLLOWER";
    }
    if (!partition.isLeader) return "NOT_LEADER_OR_FOLLOWER";
    return partition.log.isOffline ? "KAFKA_STORAGE_ERROR" : partition;
  }

  onMetadata(update: MetadataUpdate): void {
    const { delta, image } = update;
    for (const topic of delta.topics.deleted) this.#deleteTopic(topic);
    for (const topic of delta.topics.created) this.#applyTopic(topic, image);
    for (const change of delta.topics.changed.values()) this.#applyChange(change, image);
    this.#applyConfigs(delta.configs, image);
  }

  /** Sends away those who wait for records, as the broker is about to stop. */
  drain(): void {
    for (const partition of this.partitions()) partition.drain();
  }

  /** Ends the leadership of every partition: who waits is answered NOT_LEADER_OR_FOLLOWER. */
  stop(): void {
    for (const partition of this.partitions()) partition.stop();
  }

  #deleteTopic(topic: TopicImage): void {
    const partitions = this.#partitions.get(topic.name) ?? [];
    this.#partitions.delete(topic.name);
    this.#options.traffic.remove(topic.name);
    for (const partition of partitions) {
      if (partition === undefined) continue;
      partition.stop();
      this.#options.logs.delete({ topic: partition.topic, partition: partition.index });
    }
  }

  #applyTopic(topic: TopicImage, image: ClusterImage): void {
    for (const [index, state] of topic.partitions.entries()) {
      this.#applyPartition({ topic, index, state, image });
    }
  }

  #applyChange(change: TopicChange, image: ClusterImage): void {
    for (const index of change.partitions) {
      const state = change.after.partitions[index];
      if (state !== undefined) this.#applyPartition({ topic: change.after, index, state, image });
    }
  }

  #applyPartition(target: {
    readonly topic: TopicImage;
    readonly index: number;
    readonly state: PartitionImage;
    readonly image: ClusterImage;
  }): void {
    const { topic, index, state } = target;
    if (!state.replicas.includes(this.#options.brokerId)) return;
    const leaderState = {
      leaderId: state.leader,
      leaderEpoch: state.leaderEpoch,
      partitionEpoch: state.partitionEpoch,
      replicas: state.replicas,
      inSyncReplicas: state.isr,
    };
    const known = this.partition(topic.name, index);
    if (known !== undefined) {
      known.updateState(leaderState);
      return;
    }
    const log = this.#openLog(topic, index, target.image);
    if (log === undefined) return;
    const { brokerId, clock, logger, syncsAcksAll } = this.#options;
    const partition = new Partition({
      log,
      brokerId,
      state: leaderState,
      clock,
      logger,
      traffic: this.#options.traffic.topic(topic.name),
      syncsAcksAll,
    });
    let partitions = this.#partitions.get(topic.name);
    if (partitions === undefined) {
      partitions = [];
      this.#partitions.set(topic.name, partitions);
    }
    partitions[index] = partition;
  }

  /** The log that is there or a new one; undefined when no log directory can hold it. */
  #openLog(topic: TopicImage, index: number, image: ClusterImage): PartitionLog | undefined {
    const { logs, logger } = this.#options;
    const name = { topic: topic.name, partition: index };
    try {
      const found = logs.log(name);
      if (found?.topicId === undefined || found.topicId === topic.id) {
        found?.assignTopicId(topic.id);
        if (found !== undefined) return found;
      } else {
        // The topic was deleted and made again while this broker was away.
        logs.delete(name);
      }
      const config = this.#options.logConfigOf(topic.name, image);
      return logs.create({ ...name, topicId: topic.id, config });
    } catch (error) {
      logger.error("a replica has no log and is offline", { ...name, error });
      return undefined;
    }
  }

  #applyConfigs(changedKeys: ReadonlySet<string>, image: ClusterImage): void {
    if (changedKeys.size === 0) return;
    const concernsAll = [...changedKeys].some((key) => key.startsWith("broker:"));
    for (const [topic, partitions] of this.#partitions) {
      if (!concernsAll && !changedKeys.has(`topic:${topic}`)) continue;
      const config = this.#options.logConfigOf(topic, image);
      for (const partition of partitions) partition?.log.updateConfig(config);
    }
  }
}
