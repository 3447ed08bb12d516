import type { Admin } from "@millrace/client";

/** What a look at a cluster shows. */
export interface ClusterFacts {
  readonly clusterId: string;
  readonly controllerId: number;
  readonly brokerCount: number;
  readonly fencedBrokers: readonly number[];
  readonly topicCount: number;
  readonly partitionCount: number;
  /** `orders-0`, of partitions without a leader. */
  readonly offlinePartitions: readonly string[];
  /** Of partitions whose replicas are not all in sync. */
  readonly underReplicatedPartitions: readonly string[];
  /** `broker 1, /data: …`, of directories and brokers that could not tell. */
  readonly logDirFailures: readonly string[];
  readonly metadataVersion: number | undefined;
}

/** Looks at brokers, topics and log directories. */
export async function clusterFacts(admin: Admin): Promise<ClusterFacts> {
  const [cluster, listed, features] = await Promise.all([
    describeAll(admin),
    admin.listTopics({ listInternal: true }),
    admin.describeFeatures(),
  ]);
  const serving = cluster.brokers.filter(({ isFenced }) => !isFenced).map(({ id }) => id);
  const [topics, logDirs] = await Promise.all([
    admin.describeTopics([...listed.keys()]),
    admin.describeLogDirs(serving),
  ]);
  const partitions = [...topics.values()].flatMap((topic) =>
    // One that was deleted in the meantime is no failure.
    topic instanceof Error
      ? []
      : topic.partitions.map((one) => ({ ...one, name: `${topic.name}-${one.partition}` })),
  );
  return {
    clusterId: cluster.clusterId,
    controllerId: cluster.controllerId,
    brokerCount: serving.length,
    fencedBrokers: cluster.brokers.filter(({ isFenced }) => isFenced).map(({ id }) => id),
    topicCount: topics.size,
    partitionCount: partitions.length,
    offlinePartitions: partitions.filter(({ leader }) => leader < 0).map(({ name }) => name),
    underReplicatedPartitions: partitions
      .filter(({ inSyncReplicas, replicas }) => inSyncReplicas.length < replicas.length)
      .map(({ name }) => name),
    logDirFailures: [...logDirs].flatMap(([broker, dirs]) =>
      dirs instanceof Error
        ? [`broker ${broker}: ${dirs.message}`]
        : [...dirs].flatMap(([path, one]) =>
            one instanceof Error ? [`broker ${broker}, ${path}: ${one.message}`] : [],
          ),
    ),
    metadataVersion: features.finalized.get("metadata.version")?.max,
  };
}

/** Brokers before Apache Kafka 4.1 do not tell of those that are fenced. */
async function describeAll(admin: Admin): ReturnType<Admin["describeCluster"]> {
  try {
    return await admin.describeCluster({ includeFencedBrokers: true });
  } catch (error) {
    const isOlder =
      error instanceof Error && "code" in error && error.code === "UNSUPPORTED_VERSION";
    if (!isOlder) throw error;
    return admin.describeCluster();
  }
}
