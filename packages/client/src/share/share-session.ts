import type { Uuid } from "@millrace/protocol";
import type { PartitionAcknowledgements } from "./pending-acknowledgements.ts";
import { acknowledgementTopics } from "./pending-acknowledgements.ts";
import { type SharePartition, sharePartitionKey } from "./share-partition.ts";

/** The epoch that opens a session, and the one that closes it. */
const OPENING_EPOCH = 0;
const CLOSING_EPOCH = -1;
const EPOCH_MAX = 2_147_483_647;

type TopicsOf = ReturnType<typeof acknowledgementTopics>;

/**
 * A share session with one broker, as the broker remembers it: which partitions it has, and the
 * epoch of the next request. One request at a time, since each has the next epoch.
 */
export class ShareSession {
  #epoch = OPENING_EPOCH;
  /** The partitions that the broker remembers. */
  #known = new Map<string, SharePartition>();

  /** Whether the broker has opened it: only then it takes acknowledgements. */
  get isOpen(): boolean {
    return this.#epoch !== OPENING_EPOCH;
  }

  /** Whether a fetch reads this partition already. */
  has(key: string): boolean {
    return this.#known.has(key);
  }

  /** The broker forgot it: the next request opens another one. */
  reset(): void {
    this.#epoch = OPENING_EPOCH;
    this.#known = new Map();
  }

  /** Gives the parts of a fetch that bring the session to the partitions that are wanted. */
  fetch(
    wanted: ReadonlyMap<string, SharePartition>,
    acknowledgements: readonly PartitionAcknowledgements[],
  ): {
    readonly shareSessionEpoch: number;
    readonly topics: TopicsOf;
    readonly forgottenTopicsData: readonly {
      readonly topicId: Uuid;
      readonly partitions: readonly number[];
    }[];
  } {
    const added: PartitionAcknowledgements[] = [];
    const carried = new Set(
      acknowledgements.map(({ partition }) => {
        return sharePartitionKey(partition.topicId, partition.partition);
      }),
    );
    for (const [key, partition] of wanted) {
      if (!this.#known.has(key) && !carried.has(key)) added.push({ partition, entries: [] });
    }
    const forgotten = [...this.#known].filter(([key]) => !wanted.has(key));
    const byTopic = Map.groupBy(forgotten, ([, { topicId }]) => topicId);
    this.#known = new Map(wanted);
    return {
      shareSessionEpoch: this.#next(),
      topics: acknowledgementTopics([...acknowledgements, ...added]),
      forgottenTopicsData: [...byTopic].map(([topicId, ofTopic]) => {
        return { topicId, partitions: ofTopic.map(([, { partition }]) => partition) };
      }),
    };
  }

  /** Gives the parts of a request that only acknowledges, the last one perhaps. */
  acknowledge(
    acknowledgements: readonly PartitionAcknowledgements[],
    isLast: boolean,
  ): { readonly shareSessionEpoch: number; readonly topics: TopicsOf } {
    const shareSessionEpoch = isLast ? CLOSING_EPOCH : this.#next();
    if (isLast) this.reset();
    return { shareSessionEpoch, topics: acknowledgementTopics(acknowledgements) };
  }

  #next(): number {
    const epoch = this.#epoch;
    // After the last number comes 1: 0 would open another session.
    this.#epoch = epoch === EPOCH_MAX ? 1 : epoch + 1;
    return epoch;
  }
}
