import {
  BatchCursor,
  batchHeader,
  CorruptRecordError,
  DecompressionError,
  decodeControlKey,
  isBatchCrcValid,
  type KafkaRecord,
  lastOffsetOf,
  readRecords,
  RecordCursor,
} from "@millrace/protocol";
import { KafkaError } from "../errors/kafka-error.ts";
import type { FetchedChunk } from "./assigned-partition.ts";
import {
  ConsumerRecord,
  type Deserializers,
  type RecordFields,
  type RecordSource,
  type TimestampType,
} from "./consumer-record.ts";

/** A transaction that was aborted, as a Fetch answer tells of it. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** What came for a partition, and how it is to be read. */
export interface FetchedRecordsOptions<K, V> {
  readonly topic: string;
  readonly partition: number;
  /** Whole batches; a part of one may follow. */
  readonly bytes: Buffer;
  /** Records before it are passed over: the first batch may begin earlier. */
  readonly fetchOffset: number;
  /** Transactions to leave out (read_committed); undefined to give everything. */
  readonly abortedTransactions: readonly AbortedTransaction[] | undefined;
  readonly checkCrcs: boolean;
  readonly decompressedBytesMax: number;
  readonly deserializers: Deserializers<K, V>;
}

/**
 * Reads the records of a Fetch answer one at a time. Control batches are passed over, and with
 * read_committed the batches of aborted transactions.
 */
export class FetchedRecords<K, V> implements FetchedChunk<K, V> {
  readonly sizeBytes: number;
  readonly endOffset: number;
  readonly endEpoch: number;
  leaderEpoch = -1;
  readonly isFailure = false;
  /** Whether the bytes are no batches from some place on: `next` throws when it comes there. */
  readonly isDamaged: boolean;

  readonly #options: FetchedRecordsOptions<K, V>;
  readonly #batches: BatchCursor;
  readonly #records = new RecordCursor();
  readonly #aborted: AbortedProducers | undefined;
  #source: RecordSource<K, V> | undefined;
  #legacy: Iterator<KafkaRecord> | undefined;
  #held: ConsumerRecord<K, V> | undefined;
  /** Nothing is given after a damaged batch, whose records would be lost without a word. */
  #failure: Error | undefined;

  constructor(options: FetchedRecordsOptions<K, V>) {
    const { bytes, abortedTransactions } = options;
    this.#options = options;
    this.sizeBytes = bytes.length;
    this.#batches = new BatchCursor(bytes);
    this.#aborted =
      abortedTransactions === undefined ? undefined : new AbortedProducers(abortedTransactions);
    const end = endOf(bytes, options.fetchOffset);
    this.endOffset = end.offset;
    this.endEpoch = end.epoch;
    this.isDamaged = end.isDamaged;
  }

  next(): ConsumerRecord<K, V> | undefined {
    if (this.#held !== undefined) {
      const held = this.#held;
      this.#held = undefined;
      return held;
    }
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return this.#next();
    } catch (error) {
      this.#failure = this.#corrupt(error);
      throw this.#failure;
    }
  }

  unread(record: ConsumerRecord<K, V>): void {
    this.#held = record;
  }

  #next(): ConsumerRecord<K, V> | undefined {
    const { fetchOffset } = this.#options;
    for (;;) {
      if (this.#legacy !== undefined) {
        const record = this.#nextLegacy(this.#legacy);
        if (record !== undefined) return record;
      } else if (this.#source !== undefined) {
        const records = this.#records;
        while (records.next()) {
          if (records.offset >= fetchOffset) return new ConsumerRecord(this.#source, records);
        }
      }
      if (!this.#nextBatch()) return undefined;
    }
  }

  /** Opens the next batch whose records are wanted. */
  #nextBatch(): boolean {
    const { bytes, fetchOffset, checkCrcs, decompressedBytesMax } = this.#options;
    this.#source = undefined;
    this.#legacy = undefined;
    while (this.#batches.next()) {
      const { position, magic } = this.#batches;
      if (lastOffsetOf(bytes, position) < fetchOffset) continue;
      if (checkCrcs && !isBatchCrcValid(bytes, position)) {
        throw new CorruptRecordError("a batch's checksum is wrong");
      }
      if (magic < batchHeader.CURRENT_MAGIC) {
        this.leaderEpoch = -1;
        this.#legacy = readRecords(bytes, position, decompressedBytesMax);
        return true;
      }
      this.leaderEpoch = batchHeader.partitionLeaderEpoch(bytes, position);
      if (this.#isLeftOut(position)) continue;
      this.#records.open(bytes, position, decompressedBytesMax);
      this.#source = this.#sourceOf(position);
      return true;
    }
    if (this.#batches.stop === "corrupt") throw new CorruptRecordError("a batch is damaged");
    return false;
  }

  #isLeftOut(position: number): boolean {
    const { bytes } = this.#options;
    const isControl = batchHeader.isControl(bytes, position);
    if (this.#aborted === undefined) return isControl;
    this.#aborted.reach(batchHeader.lastOffset(bytes, position));
    if (!batchHeader.hasProducerId(bytes, position)) return isControl;
    const producerId = batchHeader.producerIdNumber(bytes, position);
    if (isControl) {
      this.#records.open(bytes, position, this.#options.decompressedBytesMax);
      const isMarker = this.#records.next() && decodeControlKey(this.#records.key()) === "ABORT";
      if (isMarker) this.#aborted.end(producerId);
      return true;
    }
    return batchHeader.isTransactional(bytes, position) && this.#aborted.has(producerId);
  }

  #sourceOf(position: number): RecordSource<K, V> {
    const { bytes, topic, partition, deserializers } = this.#options;
    const isLogAppendTime = batchHeader.isLogAppendTime(bytes, position);
    return {
      topic,
      partition,
      leaderEpoch: this.leaderEpoch,
      timestampType: isLogAppendTime ? "log_append_time" : "create_time",
      bytes: this.#records.bytes,
      baseOffset: batchHeader.baseOffset(bytes, position),
      baseTimestamp: isLogAppendTime
        ? batchHeader.maxTimestamp(bytes, position)
        : batchHeader.baseTimestamp(bytes, position),
      deserializers,
    };
  }

  #nextLegacy(records: Iterator<KafkaRecord>): ConsumerRecord<K, V> | undefined {
    for (let step = records.next(); step.done !== true; step = records.next()) {
      if (step.value.offset < this.#options.fetchOffset) continue;
      return legacyRecord(step.value, this.#options);
    }
    return undefined;
  }

  #corrupt(error: unknown): Error {
    if (!(error instanceof CorruptRecordError || error instanceof DecompressionError)) {
      return error instanceof Error ? error : new Error(String(error));
    }
    const { topic, partition, bytes } = this.#options;
    const { position } = this.#batches;
    const offset =
      bytes.length - position < 8 ? "its end" : batchHeader.baseOffset(bytes, position);
    const what = `the batch at offset ${offset} cannot be read: ${error.message}`;
    const hint = "Seek past it to go on without its records.";
    return new KafkaError("CORRUPT_MESSAGE", what, {
      topic,
      partition,
      hint,
      retriable: false,
      cause: error,
    });
  }
}

/** An error in the place of records: asking for them throws it. */
export class FetchFailure implements FetchedChunk<never, never> {
  readonly sizeBytes = 0;
  readonly endOffset: number;
  readonly endEpoch = -1;
  readonly leaderEpoch = -1;
  readonly isFailure = true;
  readonly #error: KafkaError;
  #wasThrown = false;

  constructor(error: KafkaError, offset: number) {
    this.#error = error;
    this.endOffset = offset;
  }

  next(): undefined {
    if (this.#wasThrown) return undefined;
    this.#wasThrown = true;
    throw this.#error;
  }

  unread(): void {
    this.#wasThrown = false;
  }
}

/** Producers whose records up to their marker are of an aborted transaction. */
class AbortedProducers {
  readonly #begun: AbortedTransaction[];
  readonly #producerIds = new Set<number>();

  constructor(transactions: readonly AbortedTransaction[]) {
    // Sorted downwards, so that the next one to begin is taken from the end.
    this.#begun = transactions.toSorted((left, right) => right.firstOffset - left.firstOffset);
  }

  reach(lastOffset: number): void {
    for (let next = this.#begun.at(-1); next !== undefined; next = this.#begun.at(-1)) {
      if (next.firstOffset > lastOffset) return;
      this.#producerIds.add(Number(next.producerId));
      this.#begun.pop();
    }
  }

  end(producerId: number): void {
    this.#producerIds.delete(producerId);
  }

  has(producerId: number): boolean {
    return this.#producerIds.has(producerId);
  }
}

interface BatchesEnd {
  readonly offset: number;
  readonly epoch: number;
  readonly isDamaged: boolean;
}

/** The offset after the last whole batch, and that batch's epoch. */
function endOf(bytes: Buffer, fetchOffset: number): BatchesEnd {
  const cursor = new BatchCursor(bytes);
  let offset = fetchOffset;
  let epoch = -1;
  while (cursor.next()) {
    offset = Math.max(offset, lastOffsetOf(bytes, cursor.position) + 1);
    if (cursor.magic >= batchHeader.CURRENT_MAGIC) {
      epoch = batchHeader.partitionLeaderEpoch(bytes, cursor.position);
    }
  }
  return { offset, epoch, isDamaged: cursor.stop === "corrupt" };
}

/** A record of a message set: its key and value are put side by side, as `RecordFields` wants. */
function legacyRecord<K, V>(
  record: KafkaRecord,
  options: FetchedRecordsOptions<K, V>,
): ConsumerRecord<K, V> {
  const { topic, partition, deserializers } = options;
  const { offset, timestamp, key, value } = record;
  const timestampType: TimestampType = timestamp < 0 ? "none" : "create_time";
  const fields: RecordFields = {
    offset,
    timestamp,
    keyPosition: 0,
    keySizeBytes: key?.length ?? -1,
    valuePosition: key?.length ?? 0,
    valueSizeBytes: value?.length ?? -1,
    headersPosition: 0,
    headerCount: 0,
  };
  const source = {
    topic,
    partition,
    leaderEpoch: -1,
    timestampType,
    bytes: Buffer.concat([key ?? Buffer.alloc(0), value ?? Buffer.alloc(0)]),
    baseOffset: offset,
    baseTimestamp: timestamp,
    deserializers,
  };
  return new ConsumerRecord(source, fields);
}
