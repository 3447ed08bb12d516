import type { Admin, OffsetQuestion } from "@millrace/client";
import type { OffsetSource, PartitionName } from "../offsets/resolve-range.ts";

/** The offsets that an admin can ask for. They throw the first KafkaError. */
export function adminOffsets(admin: Admin): OffsetSource {
  return {
    startOffsets: async (partitions) =>
      (await offsetsOf(admin, partitions, "earliest")).map((one) => one ?? 0),
    endOffsets: async (partitions) =>
      (await offsetsOf(admin, partitions, "latest")).map((one) => one ?? 0),
    offsetsAt: (partitions, timestampMs) =>
      offsetsOf(admin, partitions, { timestamp: timestampMs }),
  };
}

async function offsetsOf(
  admin: Admin,
  partitions: readonly PartitionName[],
  spec: OffsetQuestion["spec"],
): Promise<readonly (number | undefined)[]> {
  const questions = partitions.map(({ topic, partition }) => ({ topic, partition, spec }));
  const found = await admin.listOffsets(questions);
  return partitions.map(({ topic, partition }) => {
    const offset = found.get(`${topic}-${partition}`);
    if (offset instanceof Error) throw offset;
    return offset === undefined || offset.offset < 0n ? undefined : Number(offset.offset);
  });
}
