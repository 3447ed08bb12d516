import type { Uuid } from "@millrace/protocol";
import type { AcknowledgeType } from "./acknowledge-type.ts";
import { acknowledgeTypeIds } from "./acknowledge-type.ts";
import { type SharePartition, sharePartitionKey } from "./share-partition.ts";

/** What a record learns of its acknowledgement, where it wants to. */
export interface Acknowledged {
  readonly offset: number;
  readonly type: AcknowledgeType | "gap";
  /** Called once a renewal was granted, with the length of the new lock. */
  readonly onRenewed?: ((lockTimeoutMs: number) => void) | undefined;
}

/** The acknowledgements of one partition that go out together. */
export interface PartitionAcknowledgements {
  readonly partition: SharePartition;
  readonly entries: readonly Acknowledged[];
}

/** Acknowledgements as a request carries them. */
export interface AcknowledgementBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** One for all offsets, or one for each. */
  readonly acknowledgeTypes: readonly number[];
}

/** Acknowledgements that wait to be sent, of the partitions that one broker leads. */
export class PendingAcknowledgements {
  readonly #byPartition = new Map<
    string,
    { readonly partition: SharePartition; readonly byOffset: Map<number, Acknowledged> }
  >();
  #renewCount = 0;

  get isEmpty(): boolean {
    return this.#byPartition.size === 0;
  }

  /** Renewals have to go alone: a fetch may not carry them (KIP-1222). */
  get hasRenewals(): boolean {
    return this.#renewCount > 0;
  }

  /** The latest word about an offset counts. */
  add(partition: SharePartition, entry: Acknowledged): void {
    const key = sharePartitionKey(partition.topicId, partition.partition);
    let pending = this.#byPartition.get(key);
    if (pending === undefined) {
      pending = { partition, byOffset: new Map() };
      this.#byPartition.set(key, pending);
    }
    if (pending.byOffset.get(entry.offset)?.type === "renew") this.#renewCount -= 1;
    if (entry.type === "renew") this.#renewCount += 1;
    pending.byOffset.set(entry.offset, entry);
  }

  /** Takes everything of the partitions that are wanted; of all when nothing is said. */
  take(isWanted: (key: string) => boolean = () => true): readonly PartitionAcknowledgements[] {
    const taken: PartitionAcknowledgements[] = [];
    for (const [key, { partition, byOffset }] of this.#byPartition) {
      if (!isWanted(key)) continue;
      const entries = [...byOffset.values()].sort((left, right) => left.offset - right.offset);
      taken.push({ partition, entries });
      this.#renewCount -= entries.filter(({ type }) => type === "renew").length;
      this.#byPartition.delete(key);
    }
    return taken;
  }
}

/** Writes acknowledgements, in the order of their offsets, as runs that follow each other. */
export function acknowledgementBatches(
  entries: readonly Acknowledged[],
): readonly AcknowledgementBatch[] {
  const runs: { firstOffset: number; types: number[] }[] = [];
  for (const { offset, type } of entries) {
    const last = runs.at(-1);
    const id = acknowledgeTypeIds[type];
    if (last !== undefined && last.firstOffset + last.types.length === offset) last.types.push(id);
    else runs.push({ firstOffset: offset, types: [id] });
  }
  return runs.map(({ firstOffset, types }) => {
    const [first = 0] = types;
    const isUniform = types.every((type) => type === first);
    return {
      firstOffset,
      lastOffset: firstOffset + types.length - 1,
      acknowledgeTypes: isUniform ? [first] : types,
    };
  });
}

/** The topics of a request with the acknowledgements of their partitions. */
export function acknowledgementTopics(taken: readonly PartitionAcknowledgements[]): readonly {
  readonly topicId: Uuid;
  readonly partitions: readonly {
    readonly partitionIndex: number;
    readonly acknowledgementBatches: readonly AcknowledgementBatch[];
  }[];
}[] {
  const byTopic = Map.groupBy(taken, ({ partition }) => partition.topicId);
  return [...byTopic].map(([topicId, ofTopic]) => ({
    topicId,
    partitions: ofTopic.map(({ partition, entries }) => ({
      partitionIndex: partition.partition,
      acknowledgementBatches: acknowledgementBatches(entries),
    })),
  }));
}
