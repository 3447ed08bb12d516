import {
  AlterPartitionReassignments,
  type BrokerId,
  ElectLeaders,
  ListPartitionReassignments,
} from "@millrace/protocol";

import type { Cluster } from "../cluster.ts";
import { outcomeOf } from "./answer.ts";
import type { AdminCallOptions } from "./call-options.ts";
import { allFailed, type Outcomes, settleEach, settleOne } from "./settle-each.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import {
  byPartition,
  byTopic,
  type TopicPartition,
  type TopicPartitionKey,
  topicPartitionKey,
} from "./topic-partition.ts";

/** A partition and where its replicas shall be; null ends a move that is under way. */
export interface NewReassignment extends TopicPartition {
  readonly replicas: readonly BrokerId[] | null;
}

/** How partitions are moved. */
export interface ReassignmentOptions extends AdminCallOptions {
  /** Whether the count of replicas may change; true. */
  readonly allowReplicationFactorChange?: boolean | undefined;
}

/** Moves partitions to other brokers. */
export function alterPartitionReassignments(
  cluster: Cluster,
  reassignments: readonly NewReassignment[],
  options: ReassignmentOptions,
): Promise<Outcomes<TopicPartitionKey, void>> {
  const wanted = byPartition(reassignments);
  const allowReplicationFactorChange = options.allowReplicationFactorChange ?? true;
  const place = { what: "the partition was not moved", api: AlterPartitionReassignments.name };
  return settleEach<TopicPartitionKey, void>(cluster, {
    what: "moving partitions",
    items: wanted.keys(),
    call: options,
    attempt: async (open, { signal, remainingMs }) => {
      const chosen = open.flatMap((key) => wanted.get(key) ?? []);
      const topics = [...byTopic(chosen)].map(([name, partitions]) => ({
        name,
        partitions: partitions.map(({ partition, replicas }) => ({
          partitionIndex: partition,
          replicas: replicas === null ? null : [...replicas],
        })),
      }));
      const { body } = await cluster.sendToController(
        AlterPartitionReassignments,
        (version) => ({
          timeoutMs: Math.ceil(remainingMs),
          topics,
          ...(version >= 1 ? { allowReplicationFactorChange } : {}),
        }),
        { signal, minVersion: allowReplicationFactorChange ? 0 : 1 },
      );
      const whole = outcomeOf(body, place, () => undefined);
      if (whole instanceof KafkaError) return allFailed(open, whole, place.what);
      return new Map(
        body.responses.flatMap(({ name: topic, partitions }) =>
          partitions.map((one) => {
            const where = { ...place, topic, partition: one.partitionIndex };
            const key = topicPartitionKey(topic, one.partitionIndex);
            return [key, outcomeOf(one, where, () => undefined)];
          }),
        ),
      );
    },
  });
}

/** A move that is under way. */
export interface PartitionReassignment {
  readonly replicas: readonly BrokerId[];
  readonly addingReplicas: readonly BrokerId[];
  readonly removingReplicas: readonly BrokerId[];
}

/** Lists the moves that are under way: of these partitions, or all. @throws KafkaError */
export function listPartitionReassignments(
  cluster: Cluster,
  partitions: readonly TopicPartition[] | "all",
  options: AdminCallOptions,
): Promise<ReadonlyMap<TopicPartitionKey, PartitionReassignment>> {
  const what = "listing moves of partitions";
  return settleOne<ReadonlyMap<TopicPartitionKey, PartitionReassignment>>(cluster, {
    what,
    call: options,
    attempt: async ({ signal, remainingMs }) => {
      const topics =
        partitions === "all"
          ? null
          : [...byTopic(partitions)].map(([name, some]) => ({
              name,
              partitionIndexes: some.map(({ partition }) => partition),
            }));
      const request = { timeoutMs: Math.ceil(remainingMs), topics };
      const { body } = await cluster.sendToController(ListPartitionReassignments, request, {
        signal,
      });
      return outcomeOf(
        body,
        { what, api: ListPartitionReassignments.name },
        () =>
          new Map(
            body.topics.flatMap(({ name, partitions: moving }) =>
              moving.map(({ partitionIndex, ...move }) => [
                topicPartitionKey(name, partitionIndex),
                move,
              ]),
            ),
          ),
      );
    },
  });
}

/**
 * Elects leaders: the first of the replicas (`preferred`), or any that is alive, though it may lack
 * records (`unclean`). With `"all"` only partitions that got another leader are told.
 */
export function electLeaders(
  cluster: Cluster,
  electionType: "preferred" | "unclean",
  partitions: readonly TopicPartition[] | "all",
  options: AdminCallOptions,
): Promise<Outcomes<TopicPartitionKey, void>> {
  const what = "electing leaders";
  const place = { what: "no leader was elected", api: ElectLeaders.name };
  return settleOne<Outcomes<TopicPartitionKey, void>>(cluster, {
    what,
    call: options,
    attempt: async ({ signal, remainingMs }) => {
      const topicPartitions =
        partitions === "all"
          ? null
          : [...byTopic(partitions)].map(([topic, some]) => ({
              topic,
              partitions: some.map(({ partition }) => partition),
            }));
      const { body } = await cluster.sendToController(
        ElectLeaders,
        (version) => ({
          timeoutMs: Math.ceil(remainingMs),
          topicPartitions,
          ...(version >= 1 ? { electionType: electionType === "preferred" ? 0 : 1 } : {}),
        }),
        { signal, minVersion: electionType === "preferred" ? 0 : 1 },
      );
      return outcomeOf(
        body,
        place,
        (): Outcomes<TopicPartitionKey, void> =>
          new Map(
            body.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
              partitionResult.map((one) => {
                const where = { ...place, topic, partition: one.partitionId };
                const key = topicPartitionKey(topic, one.partitionId);
                return [key, outcomeOf(one, where, () => undefined)];
              }),
            ),
          ),
      );
    },
  });
}
