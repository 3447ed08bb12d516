import { createHash } from "node:crypto";

import type { TopicDescription, TopicMetadata } from "./topic-metadata.ts";

/**
 * Tells by one number whether anything about a group's topics has changed that its assignment rests
 * on: ids, partition counts and racks. A topic's number is kept as long as its description is.
 */
export class MetadataHashes {
  readonly #known = new WeakMap<TopicDescription, string>();

  /** The hash of some topics; 0 when none of them is there. */
  of(topicNames: Iterable<string>, topics: TopicMetadata): bigint {
    const hash = createHash("sha256");
    let isEmpty = true;
    for (const name of [...topicNames].sort()) {
      const topic = topics.byName(name);
      if (topic === undefined) continue;
      isEmpty = false;
      hash.update(this.#hashOf(topic));
    }
    return isEmpty ? 0n : hash.digest().readBigInt64BE(0);
  }

  #hashOf(topic: TopicDescription): string {
    const known = this.#known.get(topic);
    if (known !== undefined) return known;
    const racks = Array.from({ length: topic.partitionCount }, (_, partition) =>
      [...topic.racksOf(partition)].sort(),
    );
    const text = JSON.stringify([topic.id, topic.name, topic.partitionCount, racks]);
    const digest = createHash("sha256").update(text).digest("hex");
    this.#known.set(topic, digest);
    return digest;
  }
}
