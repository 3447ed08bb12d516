import { uuidToBytes } from "@millrace/protocol";

import { xxh3 } from "../../hash/xxh3.ts";
import type { TopicDescription, TopicMetadata } from "./topic-metadata.ts";

/** Apache Kafka's number for this way of hashing a topic. */
const HASH_VERSION = 0;

/**
 * Tells by one number whether anything about a group's topics has changed that its assignment rests
 * on: ids, partition counts and racks. It is Apache Kafka's number for the same topics, so that a
 * group does not begin a new epoch when its folder changes hands. A topic's number is kept as long
 * as its description is.
 */
export class MetadataHashes {
  readonly #known = new WeakMap<TopicDescription, bigint>();

  /** The hash of some topics; 0 when none of them is there. */
  of(topicNames: Iterable<string>, topics: TopicMetadata): bigint {
    const hashes: bigint[] = [];
    for (const name of [...new Set(topicNames)].sort()) {
      const topic = topics.byName(name);
      if (topic !== undefined) hashes.push(this.#hashOf(topic));
    }
    if (hashes.length === 0) return 0n;
    const bytes = Buffer.allocUnsafe(hashes.length * 8);
    for (const [index, hash] of hashes.entries()) bytes.writeBigUInt64LE(hash, index * 8);
    return BigInt.asIntN(64, xxh3(bytes));
  }

  #hashOf(topic: TopicDescription): bigint {
    let hash = this.#known.get(topic);
    if (hash === undefined) {
      hash = xxh3(bytesOf(topic));
      this.#known.set(topic, hash);
    }
    return hash;
  }
}

/** What Kafka's hash4j is given: numbers little-endian, texts as UTF-16 and then their length. */
function bytesOf(topic: TopicDescription): Buffer {
  const id = Buffer.from(uuidToBytes(topic.id));
  const parts = [
    Buffer.from([HASH_VERSION]),
    id.subarray(0, 8).reverse(),
    id.subarray(8).reverse(),
    ...text(topic.name),
  ];
  const numbers: number[] = [topic.partitionCount];
  const flush = (): void => {
    parts.push(Buffer.from(Uint32Array.from(numbers).buffer));
    numbers.length = 0;
  };
  for (let partition = 0; partition < topic.partitionCount; partition++) {
    numbers.push(partition);
    for (const rack of [...topic.racksOf(partition)].sort()) {
      numbers.push(rack.length);
      flush();
      parts.push(...text(rack));
    }
  }
  flush();
  return Buffer.concat(parts);
}

function text(value: string): readonly Buffer[] {
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32LE(value.length);
  return [Buffer.from(value, "utf16le"), length];
}
