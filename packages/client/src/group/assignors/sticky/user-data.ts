import type { TopicPartition } from "../../membership.ts";
import { type Claim, NO_GENERATION } from "./sticky-input.ts";

/** Bytes of an int32, and of a length in front of a string. */
const INT32_SIZE_BYTES = 4;
const LENGTH_SIZE_BYTES = 2;

/**
 * Writes what a member of the sticky assignor tells the leader: what it has and since when, as
 * Java's StickyAssignor does in its version 1.
 */
export function writeStickyUserData(
  partitions: readonly TopicPartition[],
  generation: number,
): Uint8Array {
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
  const parts: Buffer[] = [int32(byTopic.size)];
  for (const [topic, owned] of byTopic) {
    const name = Buffer.from(topic, "utf8");
    const length = Buffer.alloc(LENGTH_SIZE_BYTES);
    length.writeInt16BE(name.length);
    parts.push(length, name, int32(owned.length));
    for (const { partition } of owned) parts.push(int32(partition));
  }
  parts.push(int32(generation));
  return Buffer.concat(parts);
}

/**
 * Reads the same of version 1 or 0, which has no generation; what makes no sense claims nothing.
 */
export function readStickyUserData(userData: Uint8Array | undefined): Claim {
  if (userData === undefined || userData.length === 0)
    return { partitions: [], generation: NO_GENERATION };
  const bytes = Buffer.from(userData.buffer, userData.byteOffset, userData.length);
  try {
    const { partitions, position } = readPartitions(bytes);
    const hasGeneration = position + INT32_SIZE_BYTES <= bytes.length;
    return { partitions, generation: hasGeneration ? bytes.readInt32BE(position) : NO_GENERATION };
  } catch {
    // Another member's bytes: as in Java's client they must not stop a rebalance.
    return { partitions: [], generation: NO_GENERATION };
  }
}

/** Writes a generation alone, as Java's CooperativeStickyAssignor does. */
export function writeGeneration(generation: number): Uint8Array {
  return int32(generation);
}

/** Reads a generation; -1 when there is none that makes sense. */
export function readGeneration(userData: Uint8Array | undefined): number {
  if (userData === undefined || userData.length < INT32_SIZE_BYTES) return NO_GENERATION;
  return Buffer.from(userData.buffer, userData.byteOffset, userData.length).readInt32BE(0);
}

function readPartitions(bytes: Buffer): {
  readonly partitions: readonly TopicPartition[];
  readonly position: number;
} {
  const partitions: TopicPartition[] = [];
  let position = INT32_SIZE_BYTES;
  // Counts are a stranger's word: each round reads bytes, so the end of the bytes ends it.
  for (let topics = bytes.readInt32BE(0); topics > 0; topics -= 1) {
    const nameEnd = position + LENGTH_SIZE_BYTES + bytes.readInt16BE(position);
    const topic = bytes.toString("utf8", position + LENGTH_SIZE_BYTES, nameEnd);
    position = nameEnd + INT32_SIZE_BYTES;
    for (let count = bytes.readInt32BE(nameEnd); count > 0; count -= 1) {
      partitions.push({ topic, partition: bytes.readInt32BE(position) });
      position += INT32_SIZE_BYTES;
    }
  }
  return { partitions, position };
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(INT32_SIZE_BYTES);
  bytes.writeInt32BE(value);
  return bytes;
}
