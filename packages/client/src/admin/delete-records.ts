import { DeleteRecords } from "@millrace/protocol";

import type { Cluster } from "../cluster.ts";
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

/** Which records of a partition go: all below an offset; -1n for all that are committed. */
export interface RecordsToDelete extends TopicPartition {
  readonly beforeOffset: bigint;
}

/** What a partition begins with after records were deleted. */
export interface DeletedRecords {
  readonly lowWatermark: bigint;
}

/** Deletes the oldest records of partitions, asking their leaders. */
export function deleteRecords(
  cluster: Cluster,
  records: readonly RecordsToDelete[],
  options: AdminCallOptions,
): Promise<Outcomes<TopicPartitionKey, DeletedRecords>> {
  const wanted = byPartition(records);
  const what = "deleting records";
  return settleEach<TopicPartitionKey, DeletedRecords>(cluster, {
    what,
    items: wanted.keys(),
    call: options,
    attempt: (open, state) => {
      const chosen = byPartition(open.flatMap((key) => wanted.get(key) ?? []));
      return askLeaders(cluster, chosen, { what, state }, async (target, keys) => {
        const asked = keys.flatMap((key) => wanted.get(key) ?? []);
        const request = {
          topics: [...byTopic(asked)].map(([name, partitions]) => ({
            name,
            partitions: partitions.map(({ partition, beforeOffset }) => ({
              partitionIndex: partition,
              offset: Number(beforeOffset),
            })),
          })),
          timeoutMs: Math.ceil(state.remainingMs),
        };
        const { body } = await cluster.send(target, DeleteRecords, request, {
          signal: state.signal,
        });
        return new Map(
          body.topics.flatMap(({ name: topic, partitions }) =>
            partitions.map((one) => {
              const place = { what, topic, partition: one.partitionIndex, api: DeleteRecords.name };
              const key = topicPartitionKey(topic, one.partitionIndex);
              const value = (): DeletedRecords => ({ lowWatermark: BigInt(one.lowWatermark) });
              return [key, outcomeOf(one, place, value)];
            }),
          ),
        );
      });
    },
  });
}
