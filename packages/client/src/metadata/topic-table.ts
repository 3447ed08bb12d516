import {
  errorCodes,
  errorName,
  type Metadata,
  type ResponseOf,
  type Uuid,
  ZERO_UUID,
} from "@millrace/protocol";
import type { LearnedLeader, PartitionMetadata, TopicMetadata } from "./metadata-cache.ts";

type MetadataTopic = ResponseOf<typeof Metadata>["topics"][number];

/** Before this version a leader epoch in Metadata may be older than the leader (KAFKA-7738). */
const reliableEpochsVersion = 9;

/**
 * The topics that are known. A partition's leader epoch never goes backwards (KIP-320) as long as
 * the topic is the same one: an answer of a broker that lags behind changes nothing.
 */
export class TopicTable {
  readonly #byName = new Map<string, TopicMetadata>();
  readonly #nameById = new Map<Uuid, string>();

  get(name: string): TopicMetadata | undefined {
    return this.#byName.get(name);
  }

  byId(id: Uuid): TopicMetadata | undefined {
    const name = this.#nameById.get(id);
    return name === undefined ? undefined : this.#byName.get(name);
  }

  names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** Takes over what an answer says of a topic. @returns whether anything changed */
  update(told: MetadataTopic & { readonly name: string }, version: number): boolean {
    const known = this.#byName.get(told.name);
    const isSame = known !== undefined && isSameTopic(known.id, told.topicId);
    const partitions = told.partitions
      .map((one) => partitionOf(one, version))
      .sort((left, right) => left.partition - right.partition)
      .map((newer) => {
        const older = isSame ? known.partitions[newer.partition] : undefined;
        return older === undefined ? newer : newest(older, newer);
      });
    const topic: TopicMetadata = {
      name: told.name,
      id: told.topicId,
      isInternal: told.isInternal,
      partitions,
    };
    if (isSame && isEqual(known, topic)) return false;
    this.#put(topic);
    return true;
  }

  /** Forgets a topic that is gone. @returns whether it was known */
  remove(name: string): boolean {
    const known = this.#byName.get(name);
    if (known === undefined) return false;
    this.#byName.delete(name);
    if (this.#nameById.get(known.id) === name) this.#nameById.delete(known.id);
    return true;
  }

  /** Takes over a leader. @returns whether it is newer than what is known */
  learn({ topic: name, partition, leader, leaderEpoch }: LearnedLeader): boolean {
    const known = this.#byName.get(name);
    const older = known?.partitions[partition];
    if (known === undefined || older === undefined || leaderEpoch <= older.leaderEpoch) {
      return false;
    }
    const newer: PartitionMetadata = { ...older, leader, leaderEpoch, error: undefined };
    this.#put({ ...known, partitions: known.partitions.with(partition, newer) });
    return true;
  }

  #put(topic: TopicMetadata): void {
    this.remove(topic.name);
    this.#byName.set(topic.name, topic);
    if (topic.id !== ZERO_UUID) this.#nameById.set(topic.id, topic.name);
  }
}

function partitionOf(
  told: MetadataTopic["partitions"][number],
  version: number,
): PartitionMetadata {
  return {
    partition: told.partitionIndex,
    leader: told.leaderId,
    leaderEpoch: version < reliableEpochsVersion ? -1 : told.leaderEpoch,
    replicas: told.replicaNodes,
    inSyncReplicas: told.isrNodes,
    offlineReplicas: told.offlineReplicas,
    error: told.errorCode === errorCodes.NONE ? undefined : errorName(told.errorCode),
  };
}

/** An epoch that is not told says nothing against the newer answer. */
function newest(older: PartitionMetadata, newer: PartitionMetadata): PartitionMetadata {
  if (newer.leaderEpoch < 0 || newer.leaderEpoch >= older.leaderEpoch) return newer;
  return older;
}

/** A broker that does not tell ids gives no reason to think that a topic is another one. */
function isSameTopic(known: Uuid, told: Uuid): boolean {
  return known === told || told === ZERO_UUID || known === ZERO_UUID;
}

function isEqual(left: TopicMetadata, right: TopicMetadata): boolean {
  return (
    left.id === right.id &&
    left.partitions.length === right.partitions.length &&
    left.partitions.every((one, index) => isEqualPartition(one, right.partitions[index]))
  );
}

function isEqualPartition(left: PartitionMetadata, right: PartitionMetadata | undefined): boolean {
  return (
    right !== undefined &&
    left.leader === right.leader &&
    left.leaderEpoch === right.leaderEpoch &&
    left.error === right.error &&
    isEqualList(left.replicas, right.replicas) &&
    isEqualList(left.inSyncReplicas, right.inSyncReplicas) &&
    isEqualList(left.offlineReplicas, right.offlineReplicas)
  );
}

function isEqualList(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((one, index) => one === right[index]);
}
