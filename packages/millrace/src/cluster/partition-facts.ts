import type {
  Admin,
  ListedOffset,
  LogDirs,
  OffsetQuestion,
  Outcomes,
  TopicDescription,
  TopicPartitionKey,
} from "@millrace/client";

/** A partition: where it is, what it holds. What could not be asked is undefined. */
export interface PartitionFacts {
  readonly topic: string;
  readonly partition: number;
  readonly leader: number | undefined;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly inSyncReplicas: readonly number[];
  readonly offlineReplicas: readonly number[];
  readonly startOffset: bigint | undefined;
  readonly endOffset: bigint | undefined;
  /**
   * How many offsets there are from start to end; compaction and transactions leave fewer records.
   */
  readonly offsetCount: bigint | undefined;
  /** Of the leader's replica. */
  readonly sizeBytes: bigint | undefined;
}

/** Asks leaders for the ends of partitions, and brokers for their sizes. */
export async function partitionFacts(
  admin: Admin,
  topics: readonly TopicDescription[],
): Promise<readonly PartitionFacts[]> {
  const all = topics.flatMap(({ name, partitions }) =>
    partitions.map((one) => ({ ...one, topic: name })),
  );
  const led = all.filter(({ leader }) => leader >= 0);
  const ask = (spec: OffsetQuestion["spec"]): Promise<Outcomes<TopicPartitionKey, ListedOffset>> =>
    admin.listOffsets(led.map(({ topic, partition }) => ({ topic, partition, spec })));
  const leaders = [...new Set(led.map(({ leader }) => leader))];
  const [starts, ends, logDirs] = await Promise.all([
    ask("earliest"),
    ask("latest"),
    admin.describeLogDirs(leaders),
  ]);
  return all.map((one) => {
    const key: TopicPartitionKey = `${one.topic}-${one.partition}`;
    const startOffset = offsetOf(starts.get(key));
    const endOffset = offsetOf(ends.get(key));
    const isKnown = startOffset !== undefined && endOffset !== undefined;
    return {
      topic: one.topic,
      partition: one.partition,
      leader: one.leader < 0 ? undefined : one.leader,
      leaderEpoch: one.leaderEpoch,
      replicas: one.replicas,
      inSyncReplicas: one.inSyncReplicas,
      offlineReplicas: one.offlineReplicas,
      startOffset,
      endOffset,
      offsetCount: isKnown ? endOffset - startOffset : undefined,
      sizeBytes: sizeOf(logDirs.get(one.leader), key),
    };
  });
}

function offsetOf(listed: ListedOffset | Error | undefined): bigint | undefined {
  return listed === undefined || listed instanceof Error ? undefined : listed.offset;
}

function sizeOf(logDirs: LogDirs | Error | undefined, key: TopicPartitionKey): bigint | undefined {
  if (logDirs === undefined || logDirs instanceof Error) return undefined;
  for (const logDir of logDirs.values()) {
    if (logDir instanceof Error) continue;
    const replica = logDir.replicas.get(key);
    if (replica !== undefined && !replica.isFuture) return replica.sizeBytes;
  }
  return undefined;
}
