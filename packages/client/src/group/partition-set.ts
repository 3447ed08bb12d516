import { compareByTopic } from "./assignors/ordering.ts";
import type { TopicPartition } from "./membership.ts";

/** One text for a partition, by which it is looked up. A topic's name has no colon. */
export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}:${partition}`;
}

/** A set of partitions, by what they are and not by which object says so. */
export class PartitionSet implements Iterable<TopicPartition> {
  readonly #byKey = new Map<string, TopicPartition>();

  constructor(partitions: Iterable<TopicPartition> = []) {
    for (const one of partitions) this.add(one);
  }

  get size(): number {
    return this.#byKey.size;
  }

  has(partition: TopicPartition): boolean {
    return this.#byKey.has(partitionKey(partition));
  }

  add({ topic, partition }: TopicPartition): void {
    this.#byKey.set(partitionKey({ topic, partition }), { topic, partition });
  }

  delete(partition: TopicPartition): void {
    this.#byKey.delete(partitionKey(partition));
  }

  /** Those that the other set has not, by topic and partition. */
  without(other: PartitionSet): readonly TopicPartition[] {
    return this.sorted().filter((partition) => !other.has(partition));
  }

  /** All, by topic and partition. */
  sorted(): readonly TopicPartition[] {
    return [...this.#byKey.values()].sort(compareByTopic);
  }

  [Symbol.iterator](): Iterator<TopicPartition> {
    return this.#byKey.values();
  }
}
