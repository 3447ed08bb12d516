import { assert } from "@millrace/platform";
import {
  batchHeader,
  codecOf,
  type CompressionName,
  compressionIds,
  RecordCursor,
} from "@millrace/protocol";
import type { Delivery, DeliveryPlace } from "../delivery.ts";
import type { SerializedRecord } from "../producer-record.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { recordSizeBytesMax, writeRecord } from "./record-encoder.ts";

const { fieldPositions, HEADER_SIZE_BYTES } = batchHeader;

/** Who writes a batch, towards the broker that looks for doubles. */
export interface BatchProducer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly isTransactional: boolean;
}

/** How a batch begins. */
export interface ProducerBatchOptions {
  readonly place: DeliveryPlace;
  readonly pool: BufferPool;
  /** On the monotonic clock: `deliveryTimeoutMs` counts from here. */
  readonly createdMs: number;
  /** Room at first, in bytes; it grows. */
  readonly sizeBytes: number;
}

const NO_PRODUCER: BatchProducer = {
  producerId: batchHeader.NO_PRODUCER_ID,
  producerEpoch: batchHeader.NO_PRODUCER_EPOCH,
  isTransactional: false,
};

/**
 * Records of one partition that are sent together, encoded where they will be sent from.
 *
 * open (records come in) → closed (compressed, complete) → stamped with producer and sequence as
 * often as it is sent → done (delivered or failed; once).
 */
export class ProducerBatch {
  readonly place: DeliveryPlace;
  readonly createdMs: number;
  recordsCount = 0;
  /** How often it was sent and came back. */
  attempts = 0;
  /** Until then it rests after a failed attempt; monotonic. */
  retryAtMs = 0;
  /** The leader's epoch when it was last sent: a newer leader ends the rest. */
  sentLeaderEpoch = -1;
  /** Bytes for which it counts among those that wait to be sent. */
  waitingBytes = 0;
  isOpen = true;
  isDone = false;
  /** Whether it is on its way to a broker now. */
  isOnWire = false;
  /** Whether a connection may still hold its bytes, since an attempt had no answer. */
  isHeldByWire = false;
  /** The sequence was changed after it was sent: answers to the old one count differently. */
  sequenceHasBeenReset = false;
  baseSequence = batchHeader.NO_SEQUENCE;
  producer: BatchProducer = NO_PRODUCER;
  readonly #pool: BufferPool;
  #buffer: Buffer;
  #end = HEADER_SIZE_BYTES;
  #baseTimestamp = batchHeader.NO_TIMESTAMP;
  #maxTimestamp = batchHeader.NO_TIMESTAMP;
  #isStamped = false;
  #deliveries: Delivery[] = [];
  #deliveryIndexes: number[] = [];
  #timestamps: number[] = [];
  #doneListeners: (() => void)[] = [];
  readonly #deltas = { offset: 0, timestamp: 0 };

  constructor(options: ProducerBatchOptions) {
    this.place = options.place;
    this.createdMs = options.createdMs;
    this.#pool = options.pool;
    this.#buffer = options.pool.take(options.sizeBytes);
  }

  /** Bytes of the batch as it would be sent now. */
  get sizeBytes(): number {
    return this.#end;
  }

  /** Whether it has a sequence number: it was sent before. */
  get hasSequence(): boolean {
    return this.baseSequence !== batchHeader.NO_SEQUENCE;
  }

  /** How many records nobody waits for by a promise. */
  get unwatchedCount(): number {
    return this.recordsCount - this.#deliveries.length;
  }

  /** Whether a record fits into the memory that the batch has. */
  hasRoomFor(sizeBytes: number): boolean {
    return this.#end + sizeBytes <= this.#buffer.length;
  }

  /**
   * Moves into a larger buffer.
   * @returns false when the pool has none; the batch stays as it is
   */
  grow(sizeBytes: number): boolean {
    const { length } = this.#buffer;
    const wanted = Math.max(length * 2, this.#end + sizeBytes);
    // The old buffer comes back after the new one was taken: both count for a moment.
    if (!this.#pool.hasRoomFor(wanted)) return false;
    const larger = this.#pool.take(wanted);
    this.#buffer.copy(larger, 0, 0, this.#end);
    this.#pool.giveBack(this.#buffer);
    this.#buffer = larger;
    return true;
  }

  /** Adds a record for which `hasRoomFor` said yes; its bytes are copied. */
  append(record: SerializedRecord, delivery: Delivery | undefined): void {
    const { timestamp } = record;
    const deltas = this.#deltas;
    if (this.recordsCount === 0) this.#baseTimestamp = timestamp;
    deltas.offset = this.recordsCount;
    deltas.timestamp = timestamp - this.#baseTimestamp;
    this.#end = writeRecord(this.#buffer, this.#end, record, deltas);
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp;
    if (delivery !== undefined) this.#addDelivery(delivery, this.recordsCount, timestamp);
    this.recordsCount += 1;
  }

  /**
   * Takes no more records, and compresses those that it has.
   * @returns compressed bytes of records per byte; 1 without compression
   */
  close(compression: CompressionName, level: number | undefined): number {
    if (!this.isOpen) return 1;
    this.isOpen = false;
    let ratio = 1;
    if (compression !== "none") ratio = this.#compress(compression, level);
    this.#writeHeader(compression);
    return ratio;
  }

  /** Says who writes it and with which sequence; the header is written when it is sent. */
  setProducer(producer: BatchProducer, baseSequence: number): void {
    this.producer = producer;
    this.baseSequence = baseSequence;
    this.#isStamped = false;
  }

  /** Changes the sequence of a batch that was sent already. */
  resetProducer(producer: BatchProducer, baseSequence: number): void {
    this.setProducer(producer, baseSequence);
    this.sequenceHasBeenReset = true;
  }

  /** Gives the encoded batch to send: the bytes are not to be changed until they were. */
  encoded(): Buffer {
    assert(!this.isOpen, "a batch is sent before it is closed");
    if (!this.#isStamped) this.#stamp();
    return this.#buffer.subarray(0, this.#end);
  }

  /** Calls `listener` when it is done. */
  onDone(listener: () => void): void {
    if (this.isDone) listener();
    else this.#doneListeners.push(listener);
  }

  /** The records are stored, from `baseOffset` on; -1 when it is not known. */
  delivered(baseOffset: number, logAppendTimeMs: number): void {
    assert(!this.isDone, "a batch is done twice");
    this.isDone = true;
    const deliveries = this.#deliveries;
    for (let at = 0; at < deliveries.length; at += 1) {
      const offset = baseOffset < 0 ? -1 : baseOffset + (this.#deliveryIndexes[at] ?? 0);
      const timestamp = logAppendTimeMs >= 0 ? logAppendTimeMs : (this.#timestamps[at] ?? -1);
      deliveries[at]?.delivered(this.place, offset, timestamp);
    }
    this.#finish();
  }

  /**
   * The records are not stored, or nobody knows. @param errorOf by a record's index in the batch
   */
  failed(errorOf: (index: number) => Error): void {
    assert(!this.isDone, "a batch is done twice");
    this.isDone = true;
    for (const [at, delivery] of this.#deliveries.entries()) {
      delivery.failed(errorOf(this.#deliveryIndexes[at] ?? 0));
    }
    this.#finish();
  }

  /** Gives the memory back. A batch that failed on the wire does it when its request has ended. */
  release(): void {
    const buffer = this.#buffer;
    if (buffer.length === 0) return;
    this.#buffer = EMPTY;
    if (this.isHeldByWire) this.#pool.abandon(buffer);
    else this.#pool.giveBack(buffer);
  }

  /**
   * Divides a closed batch into open ones of at most `sizeBytesMax`, or of one record each. Its
   * deliveries move along; the batch is used up. Memory for it is taken whatever the limit says.
   */
  split(sizeBytesMax: number): ProducerBatch[] {
    const cursor = new RecordCursor().open(this.encoded(), 0);
    const parts: ProducerBatch[] = [];
    let part: ProducerBatch | undefined;
    for (let index = 0, at = 0; cursor.next(); index += 1) {
      const record: SerializedRecord = {
        partition: this.place.partition,
        timestamp: cursor.timestamp,
        key: cursor.key(),
        value: cursor.value(),
        headers: cursor.headers().map(({ key, value }) => ({ key: Buffer.from(key), value })),
      };
      const sizeBytes = recordSizeBytesMax(record);
      if (part === undefined || part.sizeBytes + sizeBytes > sizeBytesMax) {
        part = this.#part(Math.max(sizeBytesMax, HEADER_SIZE_BYTES + sizeBytes));
        parts.push(part);
      }
      const isWatched = this.#deliveryIndexes[at] === index;
      part.append(record, isWatched ? this.#deliveries[at] : undefined);
      if (isWatched) at += 1;
    }
    this.#deliveries = [];
    return parts;
  }

  /** Ends a batch whose records went elsewhere: those who wait for it wait for `parts`. */
  replacedBy(parts: readonly ProducerBatch[]): void {
    this.isDone = true;
    let left = parts.length;
    const listeners = this.#doneListeners;
    this.#doneListeners = [];
    const onPartDone = (): void => {
      left -= 1;
      if (left === 0) for (const listener of listeners) listener();
    };
    for (const part of parts) part.onDone(onPartDone);
  }

  #part(sizeBytes: number): ProducerBatch {
    const { place, createdMs } = this;
    const part = new ProducerBatch({ place, createdMs, sizeBytes, pool: this.#pool });
    part.attempts = this.attempts;
    return part;
  }

  #addDelivery(delivery: Delivery, index: number, timestamp: number): void {
    this.#deliveries.push(delivery);
    this.#deliveryIndexes.push(index);
    this.#timestamps.push(timestamp);
  }

  #compress(compression: CompressionName, level: number | undefined): number {
    const records = this.#buffer.subarray(HEADER_SIZE_BYTES, this.#end);
    const compressed = codecOf(compression).compress(records, level);
    const sizeBytes = HEADER_SIZE_BYTES + compressed.length;
    const ratio = compressed.length / Math.max(1, records.length);
    this.#pool.giveBack(this.#buffer);
    this.#buffer = this.#pool.take(sizeBytes);
    compressed.copy(this.#buffer, HEADER_SIZE_BYTES);
    this.#end = sizeBytes;
    return ratio;
  }

  #writeHeader(compression: CompressionName): void {
    const buffer = this.#buffer;
    batchHeader.setBaseOffset(buffer, 0, 0);
    buffer.writeInt32BE(this.#end - batchHeader.LOG_OVERHEAD_BYTES, fieldPositions.batchLength);
    batchHeader.setPartitionLeaderEpoch(buffer, 0, batchHeader.NO_PARTITION_LEADER_EPOCH);
    buffer[fieldPositions.magic] = batchHeader.CURRENT_MAGIC;
    buffer.writeInt16BE(compressionIds[compression], fieldPositions.attributes);
    buffer.writeInt32BE(this.recordsCount - 1, fieldPositions.lastOffsetDelta);
    writeTimestamp(buffer, fieldPositions.baseTimestamp, this.#baseTimestamp);
    writeTimestamp(buffer, fieldPositions.maxTimestamp, this.#maxTimestamp);
    buffer.writeInt32BE(this.recordsCount, fieldPositions.recordsCount);
  }

  #stamp(): void {
    const buffer = this.#buffer;
    const { producerId, producerEpoch, isTransactional } = this.producer;
    const { transactional } = batchHeader.attributeBits;
    const attributes = buffer.readInt16BE(fieldPositions.attributes) & ~transactional;
    const withTransaction = attributes | (isTransactional ? transactional : 0);
    buffer.writeInt16BE(withTransaction, fieldPositions.attributes);
    buffer.writeBigInt64BE(producerId, fieldPositions.producerId);
    buffer.writeInt16BE(producerEpoch, fieldPositions.producerEpoch);
    buffer.writeInt32BE(this.baseSequence, fieldPositions.baseSequence);
    batchHeader.updateCrc(buffer, 0);
    this.#isStamped = true;
  }

  #finish(): void {
    this.#deliveries = [];
    const listeners = this.#doneListeners;
    this.#doneListeners = [];
    for (const listener of listeners) listener();
    if (!this.isOnWire) this.release();
  }
}

const EMPTY = Buffer.alloc(0);

/** Writes a safe integer as int64; a timestamp may be before 1970. */
function writeTimestamp(buffer: Buffer, position: number, timestamp: number): void {
  buffer.writeInt32BE(Math.floor(timestamp / 0x100000000), position);
  buffer.writeUInt32BE(timestamp >>> 0, position + 4);
}
