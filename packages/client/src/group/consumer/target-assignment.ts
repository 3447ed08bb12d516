import type { Uuid } from "@millrace/protocol";
import type { MetadataCache } from "../../metadata/metadata-cache.ts";
import { PartitionSet } from "../partition-set.ts";

/** What the coordinator wants a member to own, by topic id. */
export type TargetAssignment = readonly {
  readonly topicId: Uuid;
  readonly partitions: readonly number[];
}[];

/** A target by name, as far as the names are known. */
export interface ResolvedTarget {
  readonly partitions: PartitionSet;
  /** Topics of the target whose names are not known yet. */
  readonly unknownIds: readonly Uuid[];
}

/** Remembers names and ids of topics that a member was given. */
export class TopicIds {
  readonly #metadata: Pick<MetadataCache, "topicById">;
  readonly #names = new Map<Uuid, string>();
  readonly #ids = new Map<string, Uuid>();

  constructor(metadata: Pick<MetadataCache, "topicById">) {
    this.#metadata = metadata;
  }

  /** The ids by name. */
  get byName(): ReadonlyMap<string, Uuid> {
    return this.#ids;
  }

  /** Names a target's topics. */
  resolve(target: TargetAssignment): ResolvedTarget {
    const partitions = new PartitionSet();
    const unknownIds: Uuid[] = [];
    for (const { topicId, partitions: indexes } of target) {
      const topic = this.#nameOf(topicId);
      if (topic === undefined) unknownIds.push(topicId);
      else for (const partition of indexes) partitions.add({ topic, partition });
    }
    return { partitions, unknownIds };
  }

  /** Once known a name stays: a topic that was deleted is still named when it is given up. */
  #nameOf(topicId: Uuid): string | undefined {
    const known = this.#metadata.topicById(topicId)?.name ?? this.#names.get(topicId);
    if (known === undefined) return undefined;
    this.#names.set(topicId, known);
    this.#ids.set(known, topicId);
    return known;
  }
}
