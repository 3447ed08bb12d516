import { batchHeader as header } from "@millrace/protocol";

/** How many batches of a producer are remembered, to know them again: Kafka's window. */
export const rememberedBatchesMax = 5;

/** A batch that a producer wrote. */
export interface BatchMetadata {
  lastSequence: number;
  lastOffset: number;
  /** The last offset less the first. */
  offsetDelta: number;
  timestampMs: number;
}

/** A producer's entry in a form that another thread can be given. */
export interface ProducerEntryImage {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly lastTimestampMs: number;
  readonly transactionFirstOffset: number;
  readonly batches: readonly BatchMetadata[];
}

/** What a log knows of a producer. Ids are exact below 2^53, which bounds what Kafka gives. */
export class ProducerEntry {
  readonly producerId: number;
  producerEpoch = -1;
  coordinatorEpoch = -1;
  lastTimestampMs = -1;
  /** First offset of the open transaction; -1 when there is none. */
  transactionFirstOffset = -1;
  /** The newest batches of the current epoch, oldest first. */
  readonly batches: BatchMetadata[] = [];

  constructor(producerId: number) {
    this.producerId = producerId;
  }

  /** Takes up what `image` gave. */
  static of(image: ProducerEntryImage): ProducerEntry {
    const entry = new ProducerEntry(image.producerId);
    entry.producerEpoch = image.producerEpoch;
    entry.coordinatorEpoch = image.coordinatorEpoch;
    entry.lastTimestampMs = image.lastTimestampMs;
    entry.transactionFirstOffset = image.transactionFirstOffset;
    entry.batches.push(...image.batches.map((batch) => ({ ...batch })));
    return entry;
  }

  /** Gives what `of` takes up. */
  image(): ProducerEntryImage {
    const { producerId, producerEpoch, coordinatorEpoch, lastTimestampMs, batches } = this;
    const { transactionFirstOffset } = this;
    return {
      producerId,
      producerEpoch,
      coordinatorEpoch,
      lastTimestampMs,
      transactionFirstOffset,
      batches,
    };
  }

  /** Sequence of the last record; -1 when no batch of this epoch is known. */
  get lastSequence(): number {
    return this.batches.at(-1)?.lastSequence ?? -1;
  }

  /** Finds the batch again that a producer sends a second time. */
  findDuplicate(buffer: Buffer, position: number): BatchMetadata | undefined {
    if (header.producerEpoch(buffer, position) !== this.producerEpoch) return undefined;
    const delta = header.lastOffsetDelta(buffer, position);
    const lastSequence = header.lastSequence(buffer, position);
    for (const batch of this.batches) {
      if (batch.lastSequence === lastSequence && batch.offsetDelta === delta) return batch;
    }
    return undefined;
  }

  /** Remembers a batch that was written. */
  addBatch(batch: BatchMetadata, producerEpoch: number): void {
    this.#updateEpoch(producerEpoch);
    const { batches } = this;
    // The oldest entry's object is used again: nothing is allocated for a batch once five are
    // known.
    const entry = batches.length < rememberedBatchesMax ? { ...batch } : batches.shift();
    if (entry !== undefined) {
      entry.lastSequence = batch.lastSequence;
      entry.lastOffset = batch.lastOffset;
      entry.offsetDelta = batch.offsetDelta;
      entry.timestampMs = batch.timestampMs;
      batches.push(entry);
    }
    this.lastTimestampMs = batch.timestampMs;
  }

  /** Notes a transaction marker. */
  endTransaction(marker: {
    readonly producerEpoch: number;
    readonly coordinatorEpoch: number;
    readonly timestampMs: number;
  }): void {
    this.#updateEpoch(marker.producerEpoch);
    this.transactionFirstOffset = -1;
    this.coordinatorEpoch = marker.coordinatorEpoch;
    this.lastTimestampMs = marker.timestampMs;
  }

  #updateEpoch(producerEpoch: number): void {
    if (producerEpoch === this.producerEpoch) return;
    this.batches.length = 0;
    this.producerEpoch = producerEpoch;
  }
}
