import type { Consumer } from "@millrace/client";
import type { OffsetSource, PartitionName } from "../../offsets/resolve-range.ts";

/** The offsets that a consumer can ask for. */
export function consumerOffsets(consumer: Consumer): OffsetSource {
  return {
    startOffsets: async (partitions) =>
      inOrder(partitions, await consumer.beginningOffsets(partitions)).map((one) => one ?? 0),
    endOffsets: async (partitions) =>
      inOrder(partitions, await consumer.endOffsets(partitions)).map((one) => one ?? 0),
    offsetsAt: async (partitions, timestampMs) => {
      const times = partitions.map(({ topic, partition }) => ({ topic, partition, timestampMs }));
      return inOrder(partitions, await consumer.offsetsForTimes(times));
    },
  };
}

function inOrder(
  partitions: readonly PartitionName[],
  found: readonly (PartitionName & { readonly offset: bigint })[],
): readonly (number | undefined)[] {
  const offsets = new Map(found.map((one) => [`${one.topic}-${one.partition}`, one.offset]));
  return partitions.map(({ topic, partition }) => {
    const offset = offsets.get(`${topic}-${partition}`);
    return offset === undefined ? undefined : Number(offset);
  });
}
