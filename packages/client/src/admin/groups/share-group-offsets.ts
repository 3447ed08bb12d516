import {
  AlterShareGroupOffsets,
  type BrokerId,
  DeleteShareGroupOffsets,
  DescribeShareGroupOffsets,
} from "@millrace/protocol";

import type { Cluster } from "../../cluster.ts";
import type { KafkaError } from "../../errors/kafka-error.ts";
import { outcomeOf } from "../answer.ts";
import type { AdminCallOptions } from "../call-options.ts";
import { type Outcomes, settleEach } from "../settle-each.ts";
import { askCoordinators } from "../targets.ts";
import {
  byTopic,
  type TopicPartition,
  type TopicPartitionKey,
  topicPartitionKey,
} from "../topic-partition.ts";
import { askGroup } from "./group-offsets.ts";

/** Where a share group is in a partition. */
export interface ShareGroupOffset {
  /** Undefined before the group has read from it. */
  readonly startOffset: bigint | undefined;
  readonly leaderEpoch: number | undefined;
  /** Records that nobody has finished; undefined where the broker does not tell. */
  readonly lag: bigint | undefined;
}

/** Lists where share groups are: group to its partitions, all of them with `"all"`. */
export function listShareGroupOffsets(
  cluster: Cluster,
  groups: ReadonlyMap<string, readonly TopicPartition[] | "all">,
  options: AdminCallOptions,
): Promise<Outcomes<string, Outcomes<TopicPartitionKey, ShareGroupOffset>>> {
  const what = "listing offsets of share groups";
  const place = { what: "its offsets cannot be listed", api: DescribeShareGroupOffsets.name };
  return settleEach<string, Outcomes<TopicPartitionKey, ShareGroupOffset>>(cluster, {
    what,
    items: groups.keys(),
    call: options,
    attempt: (open, state) =>
      askCoordinators(cluster, open, { kind: "group", what, state }, async (target, ids) => {
        const request = {
          groups: ids.map((groupId) => ({ groupId, topics: wantedTopics(groups.get(groupId)) })),
        };
        const { signal } = state;
        const { body } = await cluster.send(target, DescribeShareGroupOffsets, request, { signal });
        return new Map(
          body.groups.map((group) => {
            const where = { ...place, group: group.groupId };
            const value = (): Outcomes<TopicPartitionKey, ShareGroupOffset> =>
              new Map(
                group.topics.flatMap(({ topicName: topic, partitions }) =>
                  partitions.map((one) => [
                    topicPartitionKey(topic, one.partitionIndex),
                    outcomeOf(one, { ...where, topic, partition: one.partitionIndex }, () =>
                      shareOffset(one),
                    ),
                  ]),
                ),
              );
            return [group.groupId, outcomeOf(group, where, value)];
          }),
        );
      }),
  });
}

function wantedTopics(
  wanted: readonly TopicPartition[] | "all" | undefined,
): { topicName: string; partitions: number[] }[] | null {
  if (wanted === undefined || wanted === "all") return null;
  return [...byTopic(wanted)].map(([topicName, partitions]) => ({
    topicName,
    partitions: partitions.map(({ partition }) => partition),
  }));
}

function shareOffset(one: {
  readonly startOffset: number;
  readonly leaderEpoch: number;
  readonly lag: number;
}): ShareGroupOffset {
  return {
    startOffset: one.startOffset < 0 ? undefined : BigInt(one.startOffset),
    leaderEpoch: one.startOffset < 0 ? undefined : one.leaderEpoch,
    lag: one.lag < 0 ? undefined : BigInt(one.lag),
  };
}

/** Where a share group without members shall begin. */
export interface ShareOffsetToSet extends TopicPartition {
  readonly startOffset: bigint;
}

/**
 * Sets where a share group without members begins.
 * @throws KafkaError when the group cannot be asked, or refuses as a whole
 */
export function alterShareGroupOffsets(
  cluster: Cluster,
  groupId: string,
  offsets: readonly ShareOffsetToSet[],
  options: AdminCallOptions,
): Promise<Outcomes<TopicPartitionKey, void>> {
  type Answer = Outcomes<TopicPartitionKey, void> | KafkaError;
  const place = { what: "its offsets were not altered", group: groupId };
  const where = { ...place, api: AlterShareGroupOffsets.name };
  const ask = async (target: BrokerId, signal: AbortSignal | undefined): Promise<Answer> => {
    const topics = [...byTopic(offsets)].map(([topicName, partitions]) => ({
      topicName,
      partitions: partitions.map((one) => ({
        partitionIndex: one.partition,
        startOffset: Number(one.startOffset),
      })),
    }));
    const request = { groupId, topics };
    const { body } = await cluster.send(target, AlterShareGroupOffsets, request, { signal });
    const value = (): Outcomes<TopicPartitionKey, void> =>
      new Map(
        body.responses.flatMap(({ topicName: topic, partitions }) =>
          partitions.map((one) => [
            topicPartitionKey(topic, one.partitionIndex),
            outcomeOf(one, { ...where, topic, partition: one.partitionIndex }, () => undefined),
          ]),
        ),
      );
    return outcomeOf(body, where, value);
  };
  return askGroup(cluster, { what: "altering share offsets", groupId, call: options, ask });
}

/**
 * Makes a share group without members forget topics.
 * @throws KafkaError when the group cannot be asked, or refuses as a whole
 */
export function deleteShareGroupOffsets(
  cluster: Cluster,
  groupId: string,
  topics: readonly string[],
  options: AdminCallOptions,
): Promise<Outcomes<string, void>> {
  type Answer = Outcomes<string, void> | KafkaError;
  const place = { what: "its offsets were not deleted", group: groupId };
  const where = { ...place, api: DeleteShareGroupOffsets.name };
  const ask = async (target: BrokerId, signal: AbortSignal | undefined): Promise<Answer> => {
    const request = { groupId, topics: topics.map((topicName) => ({ topicName })) };
    const { body } = await cluster.send(target, DeleteShareGroupOffsets, request, { signal });
    const value = (): Outcomes<string, void> =>
      new Map(
        body.responses.map((one) => [
          one.topicName,
          outcomeOf(one, { ...where, topic: one.topicName }, () => undefined),
        ]),
      );
    return outcomeOf(body, where, value);
  };
  return askGroup(cluster, { what: "deleting share offsets", groupId, call: options, ask });
}
