import { type Machine, type MachineTypes, Shard, type ShardError } from "@millrace/coordinators";
import type { ClusterImage, MetadataListener, MetadataUpdate } from "@millrace/metadata";
import type { Clock, Logger, Metrics, Random } from "@millrace/platform";

import { MeasuredLog } from "../metrics/measured-log.ts";
import { type CoordinatorName, ShardMetrics } from "../metrics/shard-metrics.ts";
import type { ReplicaSet } from "../replication/replica-set.ts";
import { partitionForKey } from "./java-hash.ts";
import { PartitionCoordinatorLog } from "./partition-coordinator-log.ts";

/** What the shards of a coordinator are made of. */
export interface CoordinatorShardsOptions<T extends MachineTypes> {
  /** The internal topic: `__consumer_offsets`, `__transaction_state` … */
  readonly topic: string;
  readonly machine: Machine<T>;
  readonly replicas: ReplicaSet;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Where loads, batches and waits are measured, under the names of a coordinator of Kafka's. */
  readonly measured?: { readonly metrics: Metrics; readonly as: CoordinatorName };
  /** Does what decisions have the broker do, once their records are committed. */
  readonly perform?: (effect: T["effect"], shard: Shard<T>) => void;
}

interface LedShard<T extends MachineTypes> {
  readonly shard: Shard<T>;
  readonly leaderEpoch: number;
}

/**
 * The shards of one coordinator on this broker: one for each partition of its internal topic that
 * the broker leads. It is told of new metadata after the replicas are.
 */
export class CoordinatorShards<T extends MachineTypes> implements MetadataListener {
  readonly #options: CoordinatorShardsOptions<T>;
  readonly #shards = new Map<number, LedShard<T>>();
  readonly #metrics: ShardMetrics | undefined;
  #partitionCount = 0;

  constructor(options: CoordinatorShardsOptions<T>) {
    this.#options = options;
    const { measured } = options;
    this.#metrics =
      measured &&
      new ShardMetrics(measured.metrics, measured.as, {
        phases: () => [...this.shards()].map(({ phase }) => phase),
        pendingCount: () => {
          let pending = 0;
          for (const shard of this.shards()) pending += shard.pendingCount;
          return pending;
        },
      });
  }

  /** The internal topic. */
  get topic(): string {
    return this.#options.topic;
  }

  /** The partition that a key belongs to; undefined while the topic is not there. */
  partitionOf(key: string): number | undefined {
    return this.#partitionCount === 0 ? undefined : partitionForKey(key, this.#partitionCount);
  }

  /** The shard of a key, or why it is not here. */
  shardOf(key: string): Shard<T> | ShardError {
    const partition = this.partitionOf(key);
    if (partition === undefined) return "COORDINATOR_NOT_AVAILABLE";
    return this.#shards.get(partition)?.shard ?? "NOT_COORDINATOR";
  }

  /** The shard of a partition of the topic, if this broker leads it. */
  shardAt(partition: number): Shard<T> | undefined {
    return this.#shards.get(partition)?.shard;
  }

  /** The partition that a shard serves; undefined when this broker does not lead it any more. */
  indexOf(shard: Shard<T>): number | undefined {
    for (const [index, led] of this.#shards) if (led.shard === shard) return index;
    return undefined;
  }

  /** The epoch in which this broker leads the partition of a key. */
  leaderEpochOf(key: string): number | undefined {
    const partition = this.partitionOf(key);
    return partition === undefined ? undefined : this.#shards.get(partition)?.leaderEpoch;
  }

  /** Every shard here. */
  *shards(): IterableIterator<Shard<T>> {
    for (const { shard } of this.#shards.values()) yield shard;
  }

  /** Carries out a request for a key; it is refused when its shard is not here. */
  submit(key: string, input: T["input"]): Promise<T["reply"]> {
    const shard = this.shardOf(key);
    if (shard instanceof Shard) return shard.submit(input);
    const reply = this.#options.machine.refuse(input, shard);
    return Promise.resolve(reply);
  }

  onMetadata({ delta, image }: MetadataUpdate): void {
    const { topic } = this.#options;
    const { created, deleted, changed } = delta.topics;
    const isDeleted = deleted.some(({ name }) => name === topic);
    if (isDeleted) this.#closeAll();
    const isCreated = created.some(({ name }) => name === topic);
    const isChanged = [...changed.values()].some(({ after }) => after.name === topic);
    if (isDeleted || isCreated || isChanged) this.follow(image);
  }

  /** Takes up what this broker leads, and gives up what it does not lead any more. */
  follow(image: ClusterImage): void {
    const { topic, replicas } = this.#options;
    const partitions = image.topics.byName.get(topic)?.partitions ?? [];
    this.#partitionCount = partitions.length;
    for (const index of partitions.keys()) {
      const partition = replicas.leader(image, topic, index);
      const led = this.#shards.get(index);
      if (typeof partition === "string") {
        this.#close(index);
        continue;
      }
      if (led?.leaderEpoch === partition.leaderEpoch) continue;
      this.#close(index);
      this.#open(index, partition);
    }
  }

  /** Ends all shards: what waits is answered NOT_COORDINATOR. */
  stop(): void {
    this.#closeAll();
  }

  #open(index: number, partition: Exclude<ReturnType<ReplicaSet["leader"]>, string>): void {
    const { machine, clock, random, logger, topic, perform } = this.#options;
    const ownLog = new PartitionCoordinatorLog(partition);
    const log = this.#metrics ? new MeasuredLog(ownLog, this.#metrics, clock) : ownLog;
    const world = { clock, random, logger };
    const shard = Shard.create<T>({ machine, log, ...world, ...(perform && { perform }) });
    this.#shards.set(index, { shard, leaderEpoch: partition.leaderEpoch });
    const beganMs = clock.monotonicMs();
    const loading = shard.load().then(() => this.#metrics?.loaded(clock.monotonicMs() - beganMs));
    loading.catch((error: unknown) => {
      this.#metrics?.loadFailed();
      logger.error("a coordinator could not be loaded and does not serve", {
        topic,
        partition: index,
        error,
      });
    });
  }

  #close(index: number): void {
    this.#shards.get(index)?.shard.close();
    this.#shards.delete(index);
  }

  #closeAll(): void {
    for (const index of this.#shards.keys()) this.#close(index);
    this.#partitionCount = 0;
  }
}
