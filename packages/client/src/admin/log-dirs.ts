import { AlterReplicaLogDirs, type BrokerId, DescribeLogDirs } from "@millrace/protocol";

import type { Cluster } from "../cluster.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import { outcomeOf } from "./answer.ts";
import type { AdminCallOptions } from "./call-options.ts";
import { type Outcomes, settleEach } from "./settle-each.ts";
import { askTargets } from "./targets.ts";
import {
  byTopic,
  type TopicPartition,
  type TopicPartitionKey,
  topicPartitionKey,
} from "./topic-partition.ts";

/** A broker's log directory. */
export interface LogDirDescription {
  readonly replicas: ReadonlyMap<TopicPartitionKey, ReplicaInfo>;
  /** Of its disk; undefined where the broker does not tell it. */
  readonly totalBytes: bigint | undefined;
  readonly usableBytes: bigint | undefined;
  /** Gets no new replicas. */
  readonly isCordoned: boolean;
}

/** A replica in a log directory. */
export interface ReplicaInfo {
  readonly sizeBytes: bigint;
  /** Records that it is behind. */
  readonly offsetLag: bigint;
  /** It is on its way into this directory. */
  readonly isFuture: boolean;
}

/** A broker's log directories by path; a directory that is offline has its error. */
export type LogDirs = Outcomes<string, LogDirDescription>;

/** Describes the log directories of brokers. */
export function describeLogDirs(
  cluster: Cluster,
  brokerIds: readonly BrokerId[],
  options: AdminCallOptions & { readonly partitions?: readonly TopicPartition[] | undefined },
): Promise<Outcomes<BrokerId, LogDirs>> {
  const what = "describing log directories";
  const topics =
    options.partitions === undefined
      ? null
      : [...byTopic(options.partitions)].map(([topic, partitions]) => ({
          topic,
          partitions: partitions.map(({ partition }) => partition),
        }));
  return settleEach<BrokerId, LogDirs>(cluster, {
    what,
    items: brokerIds,
    call: options,
    attempt: (open, { signal }) =>
      askTargets(what, new Map(open.map((id) => [id, id])), async (target, items) => {
        const { body } = await cluster.send(target, DescribeLogDirs, { topics }, { signal });
        const place = { what, node: target, api: DescribeLogDirs.name };
        const outcome = outcomeOf(
          body,
          place,
          (): LogDirs =>
            new Map(
              body.results.map((result) => [
                result.logDir,
                outcomeOf(result, { ...place, what: `${result.logDir} is offline` }, () =>
                  logDir(result),
                ),
              ]),
            ),
        );
        return new Map(items.map((item) => [item, outcome]));
      }),
  });
}

function logDir(result: {
  readonly totalBytes: number;
  readonly usableBytes: number;
  readonly isCordoned: boolean;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly partitionSize: number;
      readonly offsetLag: number;
      readonly isFutureKey: boolean;
    }[];
  }[];
}): LogDirDescription {
  const known = (bytes: number): bigint | undefined => (bytes < 0 ? undefined : BigInt(bytes));
  return {
    totalBytes: known(result.totalBytes),
    usableBytes: known(result.usableBytes),
    isCordoned: result.isCordoned,
    replicas: new Map(
      result.topics.flatMap(({ name, partitions }) =>
        partitions.map((one) => [
          topicPartitionKey(name, one.partitionIndex),
          {
            sizeBytes: BigInt(one.partitionSize),
            offsetLag: BigInt(one.offsetLag),
            isFuture: one.isFutureKey,
          },
        ]),
      ),
    ),
  };
}

/** A partition's replica on a broker. */
export interface TopicPartitionReplica extends TopicPartition {
  readonly brokerId: BrokerId;
}

/** A replica as a key of results: `orders-0@1`. */
export type ReplicaKey = `${TopicPartitionKey}@${number}`;

/** Gives the key of a replica in results. */
export function replicaKey({ topic, partition, brokerId }: TopicPartitionReplica): ReplicaKey {
  return `${topicPartitionKey(topic, partition)}@${brokerId}`;
}

/** Where a replica is, and where it is going. */
export interface ReplicaLogDirs {
  readonly current: { readonly path: string; readonly offsetLag: bigint } | undefined;
  readonly future: { readonly path: string; readonly offsetLag: bigint } | undefined;
}

/** Tells in which log directories replicas are. */
export async function describeReplicaLogDirs(
  cluster: Cluster,
  replicas: readonly TopicPartitionReplica[],
  options: AdminCallOptions,
): Promise<Outcomes<ReplicaKey, ReplicaLogDirs>> {
  const brokers = [...new Set(replicas.map(({ brokerId }) => brokerId))];
  const described = await describeLogDirs(cluster, brokers, { ...options, partitions: replicas });
  return new Map(
    replicas.map((replica): [ReplicaKey, ReplicaLogDirs | KafkaError] => {
      const logDirs = described.get(replica.brokerId);
      if (logDirs === undefined || logDirs instanceof KafkaError) {
        const none = new KafkaError("BROKER_NOT_AVAILABLE", "it was not asked");
        return [replicaKey(replica), logDirs ?? none];
      }
      return [replicaKey(replica), placesOf(replica, logDirs)];
    }),
  );
}

function placesOf({ topic, partition }: TopicPartition, logDirs: LogDirs): ReplicaLogDirs {
  const key = topicPartitionKey(topic, partition);
  const places = [...logDirs].flatMap(([path, logDirectory]) => {
    if (logDirectory instanceof KafkaError) return [];
    const replica = logDirectory.replicas.get(key);
    return replica === undefined ? [] : [{ path, replica }];
  });
  const find = (isFuture: boolean): ReplicaLogDirs["current"] => {
    const place = places.find(({ replica }) => replica.isFuture === isFuture);
    return place && { path: place.path, offsetLag: place.replica.offsetLag };
  };
  return { current: find(false), future: find(true) };
}

/** A replica and the directory that it shall move to. */
export interface ReplicaMove extends TopicPartitionReplica {
  readonly path: string;
}

/** Moves replicas to other directories of their brokers. */
export function alterReplicaLogDirs(
  cluster: Cluster,
  moves: readonly ReplicaMove[],
  options: AdminCallOptions,
): Promise<Outcomes<ReplicaKey, void>> {
  const what = "moving replicas to other directories";
  const wanted = new Map(moves.map((move) => [replicaKey(move), move]));
  return settleEach<ReplicaKey, void>(cluster, {
    what,
    items: wanted.keys(),
    call: options,
    attempt: (open, { signal }) => {
      const targets = new Map(open.map((key) => [key, wanted.get(key)?.brokerId ?? -1]));
      return askTargets(what, targets, async (target, keys) => {
        const chosen = keys.flatMap((key) => wanted.get(key) ?? []);
        const paths = [...new Set(chosen.map(({ path }) => path))];
        const dirs = paths.map((path) => ({
          path,
          topics: [...byTopic(chosen.filter((move) => move.path === path))].map(
            ([name, partitions]) => ({
              name,
              partitions: partitions.map(({ partition }) => partition),
            }),
          ),
        }));
        const { body } = await cluster.send(target, AlterReplicaLogDirs, { dirs }, { signal });
        return new Map(
          body.results.flatMap(({ topicName: topic, partitions }) =>
            partitions.map((one) => {
              const replica = { topic, partition: one.partitionIndex, brokerId: target };
              const place = { what: "the replica was not moved", topic, node: target };
              const where = { ...place, partition: one.partitionIndex };
              const named = { ...where, api: AlterReplicaLogDirs.name };
              return [replicaKey(replica), outcomeOf(one, named, () => undefined)];
            }),
          ),
        );
      });
    },
  });
}
