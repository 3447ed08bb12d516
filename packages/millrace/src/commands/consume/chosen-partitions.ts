import type { Client } from "@millrace/client";
import type { PartitionName } from "../../offsets/resolve-range.ts";
import { UsageError } from "../../usage-error.ts";

/**
 * The partitions of topics, or those among them that were asked for.
 * @throws KafkaError UNKNOWN_TOPIC_OR_PARTITION; UsageError when a partition is not there
 */
export async function chosenPartitions(
  client: Client,
  topics: readonly string[],
  wanted: readonly number[] | undefined,
): Promise<readonly PartitionName[]> {
  await using admin = client.admin();
  const described = await admin.describeTopics(topics);
  const chosen: PartitionName[] = [];
  for (const topic of topics) {
    const found = described.get(topic);
    if (found === undefined || found instanceof Error) throw found ?? new Error(topic);
    const numbers = found.partitions.map(({ partition }) => partition);
    for (const partition of wanted ?? numbers) {
      if (!numbers.includes(partition)) {
        throw new UsageError(`topic ${topic} has no partition ${partition}, but ${numbers.length}`);
      }
      chosen.push({ topic, partition });
    }
  }
  return chosen;
}
