import {
  type BrokerId,
  type ErrorName,
  errorName,
  ListOffsets,
  type RequestInput,
} from "@millrace/protocol";
import type { Cluster } from "../cluster.ts";
import { asKafkaError, errorFromCode, KafkaError } from "../errors/kafka-error.ts";
import type { TopicPartition } from "../group/membership.ts";
import { retrying } from "../retry/retrying.ts";
import { partitionKey } from "./assigned-partition.ts";

/** Timestamps that mean a place in the log. Source: ListOffsetsRequest. */
export const LATEST_TIMESTAMP = -1;
/** The log start offset. */
export const EARLIEST_TIMESTAMP = -2;

/** A question for a partition's leader: the first offset at or after a timestamp, or a place. */
export interface OffsetQuery extends TopicPartition {
  /** Milliseconds since 1970, or one of the negative timestamps. */
  readonly timestamp: number;
}

/** The answer. */
export interface FoundOffset extends TopicPartition {
  /** -1: no record is that young. */
  readonly offset: number;
  readonly timestamp: number;
  /** -1 when the broker does not tell it. */
  readonly leaderEpoch: number;
}

/** How offsets are looked up. */
export interface OffsetLookupOptions {
  readonly isolation: "read_uncommitted" | "read_committed";
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

type Results = Map<string, FoundOffset | KafkaError>;

/**
 * Asks the leaders of partitions for offsets (ListOffsets), again where a leader has moved, until
 * the time-out.
 * @returns by `partitionKey` the offset, or why there is none
 */
export async function lookUpOffsets(
  cluster: Cluster,
  queries: readonly OffsetQuery[],
  options: OffsetLookupOptions,
): Promise<ReadonlyMap<string, FoundOffset | KafkaError>> {
  const results: Results = new Map();
  const { timeoutMs, signal } = options;
  const onRetry = (): Promise<void> => cluster.metadata.refreshSoon("offsets are looked up");
  let left = queries;
  const ask = async (remainingMs: number): Promise<void> => {
    await askLeaders({ cluster, queries: left, options, remainingMs, results });
    left = left.filter((query) => isOpen(results.get(partitionKey(query))));
    const open = left[0] === undefined ? undefined : results.get(partitionKey(left[0]));
    if (open instanceof KafkaError) throw open;
  };
  const retryOptions = { what: "looking up offsets", timeoutMs, signal, onRetry };
  try {
    await retrying(cluster, retryOptions, ({ remainingMs }) => ask(remainingMs));
  } catch (error) {
    const failure = asKafkaError(error, "UNKNOWN_SERVER_ERROR", { what: "looking up offsets" });
    for (const query of left) results.set(partitionKey(query), failure);
  }
  return results;
}

interface Round {
  readonly cluster: Cluster;
  readonly queries: readonly OffsetQuery[];
  readonly options: OffsetLookupOptions;
  readonly remainingMs: number;
  readonly results: Results;
}

function isOpen(result: FoundOffset | KafkaError | undefined): boolean {
  return result === undefined || (result instanceof KafkaError && result.retriable);
}

async function askLeaders(round: Round): Promise<void> {
  const { cluster, queries, options, remainingMs, results } = round;
  const names = [...new Set(queries.map(({ topic }) => topic))];
  const topics = await cluster.metadata.load(names, {
    timeoutMs: remainingMs,
    signal: options.signal,
  });
  const byLeader = new Map<BrokerId, OffsetQuery[]>();
  for (const query of queries) {
    const topic = topics.get(query.topic);
    if (topic instanceof KafkaError) {
      results.set(partitionKey(query), topic);
      continue;
    }
    const partition = topic?.partitions[query.partition];
    if (partition === undefined) {
      results.set(partitionKey(query), refusal(query, "UNKNOWN_TOPIC_OR_PARTITION"));
    } else if (partition.leader < 0) {
      results.set(partitionKey(query), refusal(query, "LEADER_NOT_AVAILABLE"));
    } else {
      const asked = byLeader.get(partition.leader);
      if (asked === undefined) byLeader.set(partition.leader, [query]);
      else asked.push(query);
    }
  }
  await Promise.all(
    [...byLeader].map(([leader, asked]) => askLeader({ ...round, queries: asked }, leader)),
  );
}

async function askLeader(round: Round, leader: BrokerId): Promise<void> {
  const { cluster, queries, options, remainingMs, results } = round;
  try {
    const { body } = await cluster.send(leader, ListOffsets, requestOf(round), {
      timeoutMs: Math.min(remainingMs, cluster.options.requestTimeoutMs),
      signal: options.signal,
      minVersion: minVersionOf(queries, options),
    });
    for (const topic of body.topics) {
      for (const answer of topic.partitions) {
        const place = { topic: topic.name, partition: answer.partitionIndex };
        const { offset, timestamp, leaderEpoch } = answer;
        const isRefused = errorName(answer.errorCode) !== "NONE";
        results.set(
          partitionKey(place),
          isRefused
            ? errorFromCode(answer.errorCode, { ...place, api: "ListOffsets", node: leader })
            : { ...place, offset, timestamp, leaderEpoch },
        );
      }
    }
  } catch (error) {
    const failure = asKafkaError(error, "UNKNOWN_SERVER_ERROR", { what: "ListOffsets failed" });
    for (const query of queries) results.set(partitionKey(query), failure);
  }
}

function requestOf(round: Round): RequestInput<typeof ListOffsets> {
  const { queries, options, cluster, remainingMs } = round;
  const topics = Map.groupBy(queries, ({ topic }) => topic);
  return {
    replicaId: -1,
    isolationLevel: options.isolation === "read_committed" ? 1 : 0,
    topics: [...topics].map(([name, asked]) => ({
      name,
      partitions: asked.map(({ partition, timestamp }) => ({
        partitionIndex: partition,
        currentLeaderEpoch: cluster.metadata.topic(name)?.partitions[partition]?.leaderEpoch ?? -1,
        timestamp,
      })),
    })),
    timeoutMs: Math.ceil(Math.min(remainingMs, cluster.options.requestTimeoutMs)),
  };
}

/** The first version that knows a negative timestamp (KIP-734, KIP-405, KIP-1005). */
function minVersionOf(queries: readonly OffsetQuery[], options: OffsetLookupOptions): number {
  const lowest = queries.reduce((min, { timestamp }) => Math.min(min, timestamp), 0);
  if (lowest === -5) return 9;
  if (lowest === -4) return 8;
  if (lowest === -3) return 7;
  return options.isolation === "read_committed" ? 2 : 1;
}

function refusal(place: TopicPartition, code: ErrorName): KafkaError {
  const { topic, partition } = place;
  return new KafkaError(code, "the leader cannot be asked for offsets", { topic, partition });
}
