import type { Random } from "@millrace/platform";
import type { PartitionedRecord, Partitioner } from "./partitioner.ts";

/**
 * Gives each record of a topic to the next partition that has a leader, keys or not, as Java's
 * RoundRobinPartitioner does. It begins anywhere, so that many producers do not march in step.
 */
export class RoundRobinPartitioner implements Partitioner {
  readonly #random: Random;
  readonly #nextByTopic = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  partition(record: PartitionedRecord): number {
    const { partitions } = record.metadata;
    const count = partitions.length;
    const first = this.#nextByTopic.get(record.topic) ?? this.#random.nextInt(count);
    for (let step = 0; step < count; step += 1) {
      const index = (first + step) % count;
      if ((partitions[index]?.leader ?? -1) < 0) continue;
      this.#nextByTopic.set(record.topic, index + 1);
      return index;
    }
    this.#nextByTopic.set(record.topic, first + 1);
    return first % count;
  }
}
