import { batchHeader } from "@millrace/protocol";
import type { BatchProducer, ProducerBatch } from "../batch/producer-batch.ts";

const NONE_ACKNOWLEDGED = -1;
/** The largest number of batches of one producer that a partition's leader remembers. */
export const IN_FLIGHT_BATCHES_MAX = 5;

/**
 * The sequence numbers of one producer in one partition: what comes next, what is under way, what
 * was stored last. Without idempotence it only knows what is under way.
 */
export class PartitionSequences {
  /** Batches that were sent at least once and are not done, in the order of their records. */
  readonly inFlight: ProducerBatch[] = [];
  /** The producer that `next` counts for; undefined before the first batch. */
  producer: BatchProducer | undefined;
  next = 0;
  lastAcknowledged = NONE_ACKNOWLEDGED;
  lastAcknowledgedOffset = -1;
  /** Whether the partition's leader has seen this producer: it stored a batch. */
  hasBeenAcknowledged = false;
  /** The sequence after batches whose fate is not known (they ran out of time); else undefined. */
  unresolved: number | undefined;

  /** Whether a sequence follows what was stored last. */
  isNext(sequence: number): boolean {
    if (this.lastAcknowledged === NONE_ACKNOWLEDGED) return sequence === 0;
    return sequence === batchHeader.addToSequence(this.lastAcknowledged, 1);
  }

  /** Gives a batch its sequence when it is sent for the first time. */
  assign(batch: ProducerBatch, producer: BatchProducer): void {
    this.producer = producer;
    batch.setProducer(producer, this.next);
    this.next = batchHeader.addToSequence(this.next, batch.recordsCount);
  }

  /** A batch is stored. */
  acknowledge(batch: ProducerBatch, baseOffset: number): void {
    this.hasBeenAcknowledged = true;
    const last = batchHeader.addToSequence(batch.baseSequence, batch.recordsCount - 1);
    if (batch.producer === this.producer && this.#isAfterLast(last)) this.lastAcknowledged = last;
    const lastOffset = baseOffset + batch.recordsCount - 1;
    if (baseOffset >= 0 && lastOffset > this.lastAcknowledgedOffset) {
      this.lastAcknowledgedOffset = lastOffset;
    }
  }

  /** A batch is under way no more. */
  remove(batch: ProducerBatch): void {
    const index = this.inFlight.indexOf(batch);
    if (index >= 0) this.inFlight.splice(index, 1);
  }

  /** Puts the parts of a batch where it was; they share its numbers. */
  replace(batch: ProducerBatch, parts: readonly ProducerBatch[]): void {
    const index = this.inFlight.indexOf(batch);
    if (index >= 0) this.inFlight.splice(index, 1, ...parts);
    if (!batch.hasSequence) return;
    let sequence = batch.baseSequence;
    for (const part of parts) {
      part.setProducer(batch.producer, sequence);
      sequence = batchHeader.addToSequence(sequence, part.recordsCount);
    }
  }

  /**
   * A batch that was sent is given up without an answer: nothing new is sent until the batches that
   * follow it show whether it was stored.
   */
  markUnresolved(batch: ProducerBatch): void {
    const after = batchHeader.addToSequence(batch.baseSequence, batch.recordsCount);
    this.unresolved = Math.max(this.unresolved ?? 0, after);
  }

  /** Begins at 0 with another producer: what is under way and is sent again counts from there. */
  restart(producer: BatchProducer): void {
    this.producer = producer;
    this.next = 0;
    this.lastAcknowledged = NONE_ACKNOWLEDGED;
    for (const batch of this.inFlight) {
      batch.resetProducer(producer, this.next);
      this.next = batchHeader.addToSequence(this.next, batch.recordsCount);
    }
  }

  /** Removes a refused batch, and closes the gap that it leaves before those that follow it. */
  removeWithoutGap(refused: ProducerBatch): void {
    const index = this.inFlight.indexOf(refused);
    this.remove(refused);
    if (index < 0 || !refused.hasSequence) return;
    const { recordsCount } = refused;
    this.next = subtract(this.next, recordsCount);
    for (const batch of this.inFlight.slice(index)) {
      batch.resetProducer(batch.producer, subtract(batch.baseSequence, recordsCount));
    }
  }

  #isAfterLast(sequence: number): boolean {
    if (this.lastAcknowledged === NONE_ACKNOWLEDGED) return true;
    return ((sequence - this.lastAcknowledged) & SEQUENCE_MAX) < SEQUENCE_MAX / 2;
  }
}

/** Sequences go from 0 to here, and then from 0 again. */
const SEQUENCE_MAX = 0x7fffffff;

function subtract(sequence: number, count: number): number {
  return (sequence - count) & SEQUENCE_MAX;
}
