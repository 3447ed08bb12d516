import type { CustomPartitioner, PartitionerArgs } from "./types.ts";
import { partitionOfKey } from "../producer/partitioner/murmur2.ts";

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

/** Partitioners of kafkajs. */
export const Partitioners: {
  /**
   * Java's: the key's murmur2; records without a key fill a batch of one partition after another.
   */
  readonly DefaultPartitioner: CustomPartitioner;
  /** That of kafkajs 1, whose murmur2 lost bits: keys stay where they were. */
  readonly LegacyPartitioner: CustomPartitioner;
  readonly JavaCompatiblePartitioner: CustomPartitioner;
} = {
  DefaultPartitioner: defaultPartitioner,
  LegacyPartitioner: () => byKey((key, count) => (legacyMurmur2(key) & 0x7fffffff) % count),
  JavaCompatiblePartitioner: defaultPartitioner,
};

/** Whether the client's own partitioner does the same. */
export function isDefaultPartitioner(partitioner: CustomPartitioner | undefined): boolean {
  return partitioner === undefined || partitioner === defaultPartitioner;
}

function defaultPartitioner(): (args: PartitionerArgs) => number {
  return byKey(partitionOfKey);
}

function byKey(
  partitionOf: (key: Uint8Array, count: number) => number,
): (args: PartitionerArgs) => number {
  const turns = new Map<string, number>();
  return ({ topic, partitionMetadata, message }) => {
    if (message.partition !== undefined) return message.partition;
    const { key } = message;
    if (key !== undefined && key !== null) {
      return partitionOf(Buffer.from(key), partitionMetadata.length);
    }
    const open = partitionMetadata.filter(({ leader }) => leader >= 0);
    const turn = turns.get(topic) ?? 0;
    turns.set(topic, turn + 1);
    const among = open.length > 0 ? open : partitionMetadata;
    return among[turn % among.length]?.partitionId ?? 0;
  };
}

/**
 * MurmurHash2 as kafkajs 1 computes it: products are of doubles, so that they lose their low bits,
 * and an unfinished last word is mixed in twice.
 */
function legacyMurmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  const at = (index: number): number => bytes[index] ?? 0;
  let hash = SEED ^ length;
  for (let word = 0; word < length / 4; word += 1) {
    const from = word * 4;
    const high = (at(from + 2) << 16) + (at(from + 3) << 24);
    let mixed = (at(from) + (at(from + 1) << 8) + high) * MULTIPLIER;
    mixed ^= mixed >>> 24;
    hash = (hash * MULTIPLIER) ^ (mixed * MULTIPLIER);
  }
  const rest = length % 4;
  const last = length - rest;
  if (rest > 2) hash ^= at(last + 2) << 16;
  if (rest > 1) hash ^= at(last + 1) << 8;
  if (rest > 0) hash = (hash ^ at(last)) * MULTIPLIER;
  hash ^= hash >>> 13;
  hash *= MULTIPLIER;
  return hash ^ (hash >>> 15);
}
