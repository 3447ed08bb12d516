import { batchHeader, decodeControlKey, readRecords } from "@millrace/protocol";
import { expect } from "./violation.ts";

/** A batch as the log took it. */
export interface ModelBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  /** The bytes as stamped. */
  readonly bytes: Buffer;
  /** Its acknowledgement waited for the disk. */
  readonly awaitsSync: boolean;
  readonly producer: ModelBatchProducer | undefined;
  /** Set for a transaction marker. */
  readonly marker: "ABORT" | "COMMIT" | undefined;
}

/** Who wrote a batch. */
export interface ModelBatchProducer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** -1 for a marker. */
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly isTransactional: boolean;
}

/** Which log it is, and what its topic is configured to. */
export interface ModelLogOptions {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  readonly retentionBytes: number;
}

/** What a log must, may and must not hold: written by the workload, judged at each start. */
export class ModelLog {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  /** Everything that was ever appended and not truncated, from offset 0 on. */
  batches: ModelBatch[] = [];
  /** What was there before a cut that no sync has followed yet: a power loss may bring it back. */
  earlier: (readonly ModelBatch[])[] = [];
  logStartOffset = 0;
  /** The end of what was acknowledged after a sync. */
  ackedEndOffset = 0;
  /** The end of what was to be synced before it could be read, and could be read. */
  seenEndOffset = 0;
  /** A batch whose append had begun when the machine stopped. */
  inFlight: Buffer | undefined;
  /** A truncation that had begun when the machine stopped. */
  truncatingTo: number | undefined;
  leaderEpoch = 0;
  /** Deletions forget the epochs before them at once, though a crash may bring records back. */
  epochsKnownFrom = 0;
  /** It was found without its topic id and got it later, which no acknowledgement waited for. */
  hasLateId = false;

  /** -1 keeps everything. */
  readonly #retentionBytes: number;

  constructor(options: ModelLogOptions) {
    this.topic = options.topic;
    this.partition = options.partition;
    this.topicId = options.topicId;
    this.#retentionBytes = options.retentionBytes;
  }

  get name(): string {
    return `${this.topic}-${this.partition}`;
  }

  /**
   * The next offset. A power loss may leave less than what was deleted: the log goes on where its
   * start is.
   */
  get endOffset(): number {
    return Math.max(endOf(this.batches), this.logStartOffset);
  }

  /** Takes over a batch that the log says it has. */
  append(bytes: Buffer, awaitsSync: boolean): ModelBatch {
    const batch = describeBatch(bytes, awaitsSync);
    expect(
      batch.baseOffset === this.endOffset,
      `${this.name}: appended at ${batch.baseOffset}, the log's end was ${this.endOffset}`,
    );
    this.batches.push(batch);
    return batch;
  }

  /** Notes an acknowledgement: everything before it is durable, and so is what was cut off. */
  acknowledge(batch: ModelBatch): void {
    // A truncation may have removed it again before the disk answered.
    if (!this.batches.includes(batch)) return;
    this.ackedEndOffset = Math.max(this.ackedEndOffset, batch.lastOffset + 1);
    this.earlier = this.earlier.filter((cut) => cut.includes(batch));
  }

  /** Notes how far a consumer can read. */
  see(highWatermark: number): void {
    for (let index = this.batches.length - 1; index >= 0; index -= 1) {
      const batch = this.batches[index];
      if (batch === undefined || batch.lastOffset < this.seenEndOffset) return;
      if (batch.awaitsSync && batch.lastOffset < highWatermark) {
        this.seenEndOffset = batch.lastOffset + 1;
        return;
      }
    }
  }

  /** Cuts what is at or after a batch's first offset. */
  truncateSuffix(offset: number): void {
    this.earlier.push(this.batches);
    this.batches = this.batches.filter((batch) => batch.lastOffset < offset);
    this.lowerPromises(offset);
  }

  /** Nothing at or after an offset is promised any more. */
  lowerPromises(offset: number): void {
    this.ackedEndOffset = Math.min(this.ackedEndOffset, offset);
    this.seenEndOffset = Math.min(this.seenEndOffset, offset);
  }

  /** Takes over what the log holds after a start. */
  restartWith(batches: readonly ModelBatch[], logStartOffset: number): void {
    this.epochsKnownFrom = Math.max(this.epochsKnownFrom, this.logStartOffsetMax);
    this.batches = [...batches];
    this.earlier = [];
    this.logStartOffset = logStartOffset;
    this.inFlight = undefined;
    this.truncatingTo = undefined;
    this.lowerPromises(this.endOffset);
    this.leaderEpoch = Math.max(this.leaderEpoch, ...batches.map((batch) => batch.leaderEpoch));
  }

  /** How far the log may start: what was deleted, and what retention may delete at any time. */
  get logStartOffsetMax(): number {
    if (this.#retentionBytes < 0) return this.logStartOffset;
    let sizeBytes = 0;
    for (const batch of this.batches.toReversed()) {
      sizeBytes += batch.bytes.length;
      if (sizeBytes >= this.#retentionBytes) return Math.max(this.logStartOffset, batch.baseOffset);
    }
    return this.logStartOffset;
  }
}

/** The offset after the last batch. */
export function endOf(batches: readonly ModelBatch[]): number {
  return (batches.at(-1)?.lastOffset ?? -1) + 1;
}

/** Reads off a stamped batch what the model keeps; takes a copy. */
export function describeBatch(stamped: Buffer, awaitsSync: boolean): ModelBatch {
  const bytes = Buffer.from(stamped);
  const producerId = batchHeader.producerId(bytes, 0);
  const isControl = batchHeader.isControl(bytes, 0);
  const baseSequence = batchHeader.baseSequence(bytes, 0);
  const recordsCount = batchHeader.recordsCount(bytes, 0);
  return {
    baseOffset: batchHeader.baseOffset(bytes, 0),
    lastOffset: batchHeader.nextOffset(bytes, 0) - 1,
    leaderEpoch: batchHeader.partitionLeaderEpoch(bytes, 0),
    bytes,
    awaitsSync,
    producer:
      producerId < 0n
        ? undefined
        : {
            producerId,
            producerEpoch: batchHeader.producerEpoch(bytes, 0),
            baseSequence,
            lastSequence: isControl ? -1 : baseSequence + recordsCount - 1,
            isTransactional: batchHeader.isTransactional(bytes, 0),
          },
    marker: isControl ? markerOf(bytes) : undefined,
  };
}

function markerOf(bytes: Buffer): "ABORT" | "COMMIT" {
  for (const record of readRecords(bytes, 0)) {
    if (decodeControlKey(record.key) === "ABORT") return "ABORT";
  }
  return "COMMIT";
}
