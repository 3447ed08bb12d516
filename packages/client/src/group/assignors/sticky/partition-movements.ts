import { inJavaHashOrder, javaStringHash } from "../java-hash-order.ts";
import type { AssignablePartition } from "../assignor.ts";

interface Movement {
  readonly from: string;
  readonly to: string;
}

/** The partitions of one topic that went from one member to another. */
interface Moved {
  readonly partitions: Set<AssignablePartition>;
  countMax: number;
}

/**
 * Remembers who gave which partition to whom while shares are balanced, so that of one topic no
 * two members exchange partitions: taking back is better than giving another.
 */
export class PartitionMovements {
  readonly #byTopic = new Map<string, Map<string, Moved>>();
  readonly #byPartition = new Map<AssignablePartition, Movement>();

  /** Notes that a partition goes from one member to another. */
  note(partition: AssignablePartition, { from, to }: Movement): void {
    const earlier = this.#byPartition.get(partition);
    if (earlier === undefined) {
      this.#add(partition, { from, to });
      return;
    }
    this.#remove(partition, earlier);
    if (earlier.from !== to) this.#add(partition, { from: earlier.from, to });
  }

  /** The partition to move instead: one that went the other way before, if there is one. */
  betterToMove(partition: AssignablePartition, { from, to }: Movement): AssignablePartition {
    const movements = this.#byTopic.get(partition.topic);
    if (movements === undefined) return partition;
    const origin = this.#byPartition.get(partition)?.from ?? from;
    const reverse = movements.get(keyOf({ from: to, to: origin }));
    if (reverse === undefined) return partition;
    const ordered = inJavaHashOrder(reverse.partitions, javaPartitionHash, reverse.countMax);
    return ordered[0] ?? partition;
  }

  #add(partition: AssignablePartition, movement: Movement): void {
    this.#byPartition.set(partition, movement);
    let movements = this.#byTopic.get(partition.topic);
    if (movements === undefined) {
      movements = new Map();
      this.#byTopic.set(partition.topic, movements);
    }
    const key = keyOf(movement);
    const moved = movements.get(key) ?? { partitions: new Set(), countMax: 0 };
    movements.set(key, moved);
    moved.partitions.add(partition);
    moved.countMax = Math.max(moved.countMax, moved.partitions.size);
  }

  #remove(partition: AssignablePartition, movement: Movement): void {
    this.#byPartition.delete(partition);
    const movements = this.#byTopic.get(partition.topic);
    const key = keyOf(movement);
    const moved = movements?.get(key);
    moved?.partitions.delete(partition);
    if (moved?.partitions.size === 0) movements?.delete(key);
    if (movements?.size === 0) this.#byTopic.delete(partition.topic);
  }
}

function keyOf({ from, to }: Movement): string {
  return JSON.stringify([from, to]);
}

/** The hash of Java's TopicPartition. */
function javaPartitionHash({ topic, partition }: AssignablePartition): number {
  return (Math.imul(31, 31 + partition) + javaStringHash(topic)) | 0;
}
