import { ListOffsets } from "@millrace/protocol";

import type { Cluster } from "../cluster.ts";
import type { KafkaError } from "../errors/kafka-error.ts";
import { outcomeOf } from "./answer.ts";
import type { AdminCallOptions } from "./call-options.ts";
import { type Outcomes, settleEach } from "./settle-each.ts";
import { askLeaders } from "./targets.ts";
import {
  byPartition,
  byTopic,
  type TopicPartition,
  type TopicPartitionKey,
  topicPartitionKey,
} from "./topic-partition.ts";

/**
 * Which offset is wanted. `maxTimestamp` is that of the record with the largest timestamp;
 * `earliestLocal`, `latestTiered` and `earliestPendingUpload` are about tiered storage; a
 * timestamp's is the first record's that is not older.
 */
export type OffsetSpec =
  | "earliest"
  | "latest"
  | "maxTimestamp"
  | "earliestLocal"
  | "latestTiered"
  | "earliestPendingUpload"
  | { readonly timestamp: number };

/** A partition and which of its offsets is wanted. */
export interface OffsetQuestion extends TopicPartition {
  readonly spec: OffsetSpec;
}

/** An offset that was found. */
export interface ListedOffset {
  /** -1 when there is none: no record is so young. */
  readonly offset: bigint;
  /** Of the record there, where the question was about timestamps; else -1. */
  readonly timestamp: number;
  /** Undefined where the broker does not tell it. */
  readonly leaderEpoch: number | undefined;
}

/** How offsets are looked up. */
export interface ListOffsetsOptions extends AdminCallOptions {
  /** With `read_committed` the latest offset is the last stable one. */
  readonly isolation?: "read_uncommitted" | "read_committed" | undefined;
}

/** The numbers that stand for them, and from which version on. */
const specs = {
  latest: { timestamp: -1, minVersion: 1 },
  earliest: { timestamp: -2, minVersion: 1 },
  maxTimestamp: { timestamp: -3, minVersion: 7 },
  earliestLocal: { timestamp: -4, minVersion: 9 },
  latestTiered: { timestamp: -5, minVersion: 9 },
  earliestPendingUpload: { timestamp: -6, minVersion: 11 },
} as const;

/** Looks up offsets of partitions, asking their leaders. */
export function listOffsets(
  cluster: Cluster,
  questions: readonly OffsetQuestion[],
  options: ListOffsetsOptions,
): Promise<Outcomes<TopicPartitionKey, ListedOffset>> {
  const wanted = byPartition(questions);
  const what = "listing offsets";
  return settleEach<TopicPartitionKey, ListedOffset>(cluster, {
    what,
    items: wanted.keys(),
    call: options,
    retryOn: new Set(["OFFSET_NOT_AVAILABLE", "KAFKA_STORAGE_ERROR", "REPLICA_NOT_AVAILABLE"]),
    attempt: (open, state) => {
      const partitions = new Map(open.flatMap((key) => entryOf(wanted, key)));
      return askLeaders(cluster, partitions, { what, state }, async (target, keys) => {
        const asked = keys.flatMap((key) => wanted.get(key) ?? []);
        const { body } = await cluster.send(
          target,
          ListOffsets,
          (version) => requestOf(asked, { version, options, remainingMs: state.remainingMs }),
          {
            signal: state.signal,
            minVersion: Math.max(
              ...asked.map(({ spec }) => (typeof spec === "string" ? specs[spec].minVersion : 1)),
              options.isolation === "read_committed" ? 2 : 1,
            ),
          },
        );
        return new Map(
          body.topics.flatMap(({ name, partitions: found }) =>
            found.map((one) => [topicPartitionKey(name, one.partitionIndex), listed(name, one)]),
          ),
        );
      });
    },
  });
}

function entryOf<K, V>(map: ReadonlyMap<K, V>, key: K): readonly [K, V][] {
  const value = map.get(key);
  return value === undefined ? [] : [[key, value]];
}

function requestOf(
  asked: readonly OffsetQuestion[],
  {
    version,
    options,
    remainingMs,
  }: {
    readonly version: number;
    readonly options: ListOffsetsOptions;
    readonly remainingMs: number;
  },
): {
  replicaId: number;
  isolationLevel?: number;
  timeoutMs?: number;
  topics: { name: string; partitions: { partitionIndex: number; timestamp: number }[] }[];
} {
  return {
    // A consumer.
    replicaId: -1,
    ...(version >= 2 ? { isolationLevel: options.isolation === "read_committed" ? 1 : 0 } : {}),
    ...(version >= 10 ? { timeoutMs: Math.ceil(remainingMs) } : {}),
    topics: [...byTopic(asked)].map(([name, partitions]) => ({
      name,
      partitions: partitions.map(({ partition, spec }) => ({
        partitionIndex: partition,
        timestamp: typeof spec === "string" ? specs[spec].timestamp : spec.timestamp,
      })),
    })),
  };
}

function listed(
  topic: string,
  answer: {
    readonly partitionIndex: number;
    readonly errorCode: number;
    readonly offset: number;
    readonly timestamp: number;
    readonly leaderEpoch: number;
  },
): ListedOffset | KafkaError {
  const what = "the offset is not known";
  const place = { what, topic, partition: answer.partitionIndex, api: ListOffsets.name };
  return outcomeOf(answer, place, () => ({
    offset: BigInt(answer.offset),
    timestamp: answer.timestamp,
    leaderEpoch: answer.leaderEpoch < 0 ? undefined : answer.leaderEpoch,
  }));
}
