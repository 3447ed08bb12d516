import { assert } from "@millrace/platform";
import type { ProducerBatch } from "../batch/producer-batch.ts";
import { PartitionSequences } from "../idempotence/partition-sequences.ts";

/** The batches of one partition that wait to be sent, in order; records go to the last one. */
export class PartitionQueue {
  readonly topicName: string;
  readonly partition: number;
  readonly batches: ProducerBatch[] = [];
  readonly sequences = new PartitionSequences();
  /** The leader; -1 while there is none. */
  leader = -1;
  leaderEpoch = -1;
  /** The transaction that this partition belongs to; undefined for none. */
  transaction: object | undefined;
  /** Whether the coordinator knows that it does. */
  isInTransaction = false;
  /** Bytes of the batch before: the next one begins with as much room. */
  sizeBytesHint = 0;

  constructor(topicName: string, partition: number) {
    this.topicName = topicName;
    this.partition = partition;
  }

  /** The batch that takes records; undefined when there is none. */
  get openBatch(): ProducerBatch | undefined {
    const last = this.batches.at(-1);
    return last !== undefined && last.isOpen ? last : undefined;
  }

  /** Whether batches wait or are under way. */
  get isBusy(): boolean {
    return this.batches.length > 0 || this.sequences.inFlight.length > 0;
  }

  /** Whether a whole batch waits: sending can begin before the end of the turn. */
  get hasClosedBatch(): boolean {
    const first = this.batches[0];
    return first !== undefined && !first.isOpen;
  }

  /** Puts a batch that came back where its records belong: before all that were sent after it. */
  putBack(batch: ProducerBatch): void {
    const { inFlight } = this.sequences;
    const rank = inFlight.indexOf(batch);
    assert(rank >= 0, "a batch came back that was not under way");
    const index = this.batches.findIndex((other) => {
      const otherRank = inFlight.indexOf(other);
      return otherRank < 0 || otherRank > rank;
    });
    if (index < 0) this.batches.push(batch);
    else this.batches.splice(index, 0, batch);
  }

  /** Forgets a batch that waits. */
  remove(batch: ProducerBatch): void {
    const index = this.batches.indexOf(batch);
    if (index >= 0) this.batches.splice(index, 1);
  }
}
