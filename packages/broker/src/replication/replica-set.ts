import type { Clock, Logger } from "@millrace/platform";
import {
  type ClusterImage,
  directoryIds,
  type MetadataListener,
  type MetadataUpdate,
  type PartitionImage,
  type TopicChange,
  type TopicImage,
} from "@millrace/metadata";
import type { Uuid } from "@millrace/protocol";
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

interface PlacedPartition {
  readonly topic: TopicImage;
  readonly index: number;
  readonly state: PartitionImage;
  readonly image: ClusterImage;
}

/** A replica without a log. */
interface UnopenedReplica {
  readonly target: PlacedPartition;
  readonly triedMs: number;
}

/** How long a replica without a log is left alone before somebody who asks for it tries again. */
const retryOpenMs = 1000;

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
  /** Replicas whose log could not be opened or made, by `topic/partition`. */
  readonly #unopened = new Map<string, UnopenedReplica>();

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
      if (!known.replicas.includes(this.#options.brokerId)) return "NOT_LEADER_OR_FOLLOWER";
      return this.#tryAgain(topic, index) ?? "KAFKA_STORAGE_ERROR";
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

  /** Tells those who wait for partitions whose log directory failed. */
  wakeOffline(): void {
    for (const partition of this.partitions()) {
      if (partition.log.isOffline) partition.readers.wakeAll();
    }
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
    for (const index of topic.partitions.keys()) this.#unopened.delete(keyOf(topic.name, index));
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

  #applyPartition(target: PlacedPartition): void {
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
    const key = keyOf(topic.name, index);
    const log = this.#openLog(target);
    if (log === undefined) {
      this.#unopened.set(key, { target, triedMs: this.#options.clock.monotonicMs() });
      return;
    }
    this.#unopened.delete(key);
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

  /** A disk that was full when a topic was made may have room by now. */
  #tryAgain(topic: string, index: number): Partition | undefined {
    const unopened = this.#unopened.get(keyOf(topic, index));
    if (unopened === undefined) return undefined;
    if (this.#options.clock.monotonicMs() - unopened.triedMs < retryOpenMs) return undefined;
    this.#applyPartition(unopened.target);
    const partition = this.partition(topic, index);
    return partition?.isLeader === true ? partition : undefined;
  }

  /** The log that is there or a new one; undefined when no log directory can hold it. */
  #openLog(target: PlacedPartition): PartitionLog | undefined {
    const { logs, logger } = this.#options;
    const { topic, index } = target;
    const name = { topic: topic.name, partition: index };
    try {
      const found = logs.log(name);
      if (found !== undefined && (found.topicId ?? topic.id) === topic.id) {
        found.assignTopicId(topic.id);
        return found;
      }
      // The topic was deleted and made again while this broker was away.
      if (found !== undefined) logs.delete(name);
      const directoryId = this.#directoryFor(target);
      if (directoryId === "offline") return undefined;
      const config = this.#options.logConfigOf(topic.name, target.image);
      const place = directoryId === undefined ? {} : { directoryId };
      return logs.create({ ...name, topicId: topic.id, config, ...place });
    } catch (error) {
      logger.error("a replica has no log and is offline", { ...name, error });
      return undefined;
    }
  }

  /**
   * Where a new log belongs; undefined when any directory will do. A log whose directory failed is
   * not begun anew elsewhere: its records are still on that disk.
   */
  #directoryFor({ state }: PlacedPartition): Uuid | "offline" | undefined {
    const { logs, brokerId } = this.#options;
    const told = state.directories[state.replicas.indexOf(brokerId)];
    const known = logs.directories.find((directory) => directory.directoryId === told);
    if (known !== undefined) return known.isOffline ? "offline" : told;
    const isReserved = Object.values(directoryIds).some((id) => id === told);
    return told === undefined || isReserved ? undefined : "offline";
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

function keyOf(topic: string, index: number): string {
  return `${topic}/${index}`;
}
