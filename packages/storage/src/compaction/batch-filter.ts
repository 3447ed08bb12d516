import {
  batchHeader as header,
  codecOfId,
  CorruptRecordError,
  decodeControlKey,
  type KafkaRecord,
  RecordBatchBuilder,
  type RecordBatchOptions,
  RecordCursor,
  readLegacyRecords,
  lastOffsetOf,
} from "@millrace/protocol";
import type { CleanedTransactions } from "./cleaned-transactions.ts";
import type { OffsetMap } from "./offset-map.ts";

/** Of a producer with state in the log: which batch holds its last sequence number. */
export interface LastBatchOfProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** The offset of its last data record; -1 when only a marker of it is known. */
  readonly lastDataOffset: number;
}

/** What a filter works with. */
export interface BatchFilterOptions {
  readonly map: OffsetMap;
  readonly transactions: CleanedTransactions;
  readonly nowMs: number;
  readonly deleteRetentionMs: number;
  /** Exclusive end of this round; its last batch is kept, if only as a header. */
  readonly endOffset: number;
  readonly lastBatches: readonly LastBatchOfProducer[];
  readonly decompressedSizeBytesMax: number;
  /** See `OffloadContext`. */
  readonly giveWay: () => void;
}

/** Counts of a cleaning. */
export interface FilterCounts {
  recordsRead: number;
  recordsKept: number;
  /** Records without a key, which a compacted topic should not have. */
  invalidRecords: number;
}

/** So many records of a batch take less than a tenth of a millisecond. */
export const recordsPerTurn = 32;

const emptyBatch = Buffer.alloc(0);

/**
 * Decides what of a batch stays in a compacted log, and gives the batch that holds it: what Apache
 * Kafka's Cleaner and MemoryRecords.filterTo do. Offsets are never changed.
 * Rules: docs/formats/compaction.md §3.
 */
export class BatchFilter {
  readonly counts: FilterCounts = { recordsRead: 0, recordsKept: 0, invalidRecords: 0 };
  readonly #options: BatchFilterOptions;
  readonly #lastBatches: ReadonlyMap<number, LastBatchOfProducer>;
  readonly #cursor = new RecordCursor();
  readonly #kept: KeptRecord[] = [];

  constructor(options: BatchFilterOptions) {
    this.#options = options;
    this.#lastBatches = new Map(options.lastBatches.map((each) => [each.producerId, each]));
  }

  /**
   * Gives what is to be written for the batch at a position: a view of it when it stays as it is,
   * a new batch when some records went, nothing when it goes.
   * `keepsOldTombstones` is about tombstones of the formats 0 and 1, which have no delete horizon.
   * @throws CorruptRecordError, DecompressionError
   */
  filter(buffer: Buffer, at: number, keepsOldTombstones: boolean): Buffer {
    if (header.magic(buffer, at) < header.CURRENT_MAGIC) {
      return this.#filterLegacy(buffer, at, keepsOldTombstones);
    }
    const isControl = header.isControl(buffer, at);
    const canGo = isControl ? this.#passMarker(buffer, at) : this.#passBatch(buffer, at);
    if (canGo && (!isControl || this.#isPastHorizon(buffer, at))) {
      this.counts.recordsRead += header.recordsCount(buffer, at);
      return this.#emptied(buffer, at);
    }
    const isWhole = this.#collect(buffer, at, isControl);
    const kept = this.#kept;
    this.counts.recordsKept += kept.length;
    if (kept.length === 0) return this.#emptied(buffer, at);
    const mayVanish = isControl ? canGo : kept.some(({ isTombstone }) => isTombstone);
    const horizonMs = header.deleteHorizonMs(buffer, at);
    if (horizonMs === undefined && mayVanish) {
      const { nowMs, deleteRetentionMs } = this.#options;
      return rebuild(buffer, at, kept, nowMs + deleteRetentionMs);
    }
    return isWhole
      ? buffer.subarray(at, at + header.sizeBytes(buffer, at))
      : rebuild(buffer, at, kept, horizonMs);
  }

  #isPastHorizon(buffer: Buffer, at: number): boolean {
    const horizonMs = header.deleteHorizonMs(buffer, at);
    return horizonMs !== undefined && horizonMs <= this.#options.nowMs;
  }

  #emptied(buffer: Buffer, at: number): Buffer {
    return this.#keepsHeader(buffer, at) ? emptyHeaderOf(buffer, at) : emptyBatch;
  }

  #passBatch(buffer: Buffer, at: number): boolean {
    return this.#options.transactions.passBatch({
      producerId: header.producerIdNumber(buffer, at),
      isTransactional: header.isTransactional(buffer, at),
      lastOffset: header.lastOffset(buffer, at),
    });
  }

  #passMarker(buffer: Buffer, at: number): boolean {
    return this.#options.transactions.passMarker({
      producerId: header.producerIdNumber(buffer, at),
      type: markerTypeOf(this.#cursor, buffer, at),
      lastOffset: header.lastOffset(buffer, at),
    });
  }

  /** Collects the records that stay; true when all do. */
  #collect(buffer: Buffer, at: number, isControl: boolean): boolean {
    const cursor = this.#cursor.open(buffer, at, this.#options.decompressedSizeBytesMax);
    const kept = this.#kept;
    kept.length = 0;
    let count = 0;
    const keepsTombstones = this.#keepsTombstones(buffer, at);
    while (cursor.next()) {
      count += 1;
      if (count % recordsPerTurn === 0) this.#options.giveWay();
      if (!isControl && !this.#keeps(cursor, keepsTombstones)) continue;
      kept.push({
        offset: cursor.offset,
        timestamp: cursor.timestamp,
        fields: cursor.fields(),
        isTombstone: cursor.valueSizeBytes < 0,
      });
    }
    this.counts.recordsRead += count;
    return kept.length === count;
  }

  #keepsTombstones(buffer: Buffer, at: number): boolean {
    const horizonMs = header.deleteHorizonMs(buffer, at);
    return horizonMs === undefined || this.#options.nowMs < horizonMs;
  }

  #keeps(cursor: RecordCursor, keepsTombstones: boolean): boolean {
    const { map } = this.#options;
    if (cursor.offset > map.latestOffset) return true;
    if (cursor.keySizeBytes < 0) {
      this.counts.invalidRecords += 1;
      return false;
    }
    const start = cursor.keyPosition;
    const last = map.get(cursor.bytes, start, start + cursor.keySizeBytes);
    return cursor.offset >= last && (cursor.valueSizeBytes >= 0 || keepsTombstones);
  }

  /** Whether an emptied batch stays as a header: it holds a sequence number, or the round's end. */
  #keepsHeader(buffer: Buffer, at: number): boolean {
    if (header.nextOffset(buffer, at) === this.#options.endOffset) return true;
    if (!header.hasProducerId(buffer, at)) return false;
    const last = this.#lastBatches.get(header.producerIdNumber(buffer, at));
    if (last === undefined) return false;
    return last.lastDataOffset >= 0
      ? header.lastOffset(buffer, at) === last.lastDataOffset
      : header.isControl(buffer, at) && header.producerEpoch(buffer, at) === last.producerEpoch;
  }

  #filterLegacy(buffer: Buffer, at: number, keepsOldTombstones: boolean): Buffer {
    const { decompressedSizeBytesMax, map } = this.#options;
    const records = readLegacyRecords(buffer, at, decompressedSizeBytesMax);
    const kept = records.filter((record) => {
      if (record.offset > map.latestOffset) return true;
      if (record.key === null) {
        this.counts.invalidRecords += 1;
        return false;
      }
      const last = map.get(record.key, 0, record.key.length);
      return record.offset >= last && (record.value !== null || keepsOldTombstones);
    });
    this.counts.recordsRead += records.length;
    this.counts.recordsKept += kept.length;
    if (kept.length === 0) return emptyBatch;
    if (kept.length === records.length) {
      return buffer.subarray(at, at + header.sizeBytes(buffer, at));
    }
    return rebuildLegacy(kept, {
      codecId: (buffer[at + 17] ?? 0) & 7,
      last: lastOffsetOf(buffer, at),
    });
  }
}

interface KeptRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly fields: Buffer;
  readonly isTombstone: boolean;
}

/** What a control batch's record is; undefined when the record was removed before. */
export function markerTypeOf(
  cursor: RecordCursor,
  buffer: Buffer,
  at: number,
): "ABORT" | "COMMIT" | "other" | undefined {
  cursor.open(buffer, at);
  if (!cursor.next()) return undefined;
  const type = decodeControlKey(cursor.key());
  return type === "ABORT" || type === "COMMIT" ? type : "other";
}

/** The batch's header alone: it keeps offsets, producer and sequence numbers. */
function emptyHeaderOf(buffer: Buffer, at: number): Buffer {
  const batch = Buffer.from(buffer.subarray(at, at + header.HEADER_SIZE_BYTES));
  const { attributeBits, fieldPositions } = header;
  const kept = attributeBits.logAppendTime | attributeBits.transactional | attributeBits.control;
  batch.writeInt32BE(
    header.HEADER_SIZE_BYTES - header.LOG_OVERHEAD_BYTES,
    fieldPositions.batchLength,
  );
  batch.writeInt16BE(header.attributes(batch, 0) & kept, fieldPositions.attributes);
  batch.writeBigInt64BE(BigInt(header.NO_TIMESTAMP), fieldPositions.baseTimestamp);
  batch.writeInt32BE(0, fieldPositions.recordsCount);
  header.updateCrc(batch, 0);
  return batch;
}

function rebuild(
  buffer: Buffer,
  at: number,
  kept: readonly KeptRecord[],
  deleteHorizonMs: number | undefined,
): Buffer {
  const codec = codecOfId(header.compressionId(buffer, at));
  if (codec === undefined) throw new CorruptRecordError("a batch's codec is not known");
  const options: RecordBatchOptions = {
    baseOffset: header.baseOffset(buffer, at),
    lastOffset: header.lastOffset(buffer, at),
    partitionLeaderEpoch: header.partitionLeaderEpoch(buffer, at),
    compression: codec.name,
    producerId: header.producerId(buffer, at),
    producerEpoch: header.producerEpoch(buffer, at),
    baseSequence: header.baseSequence(buffer, at),
    isTransactional: header.isTransactional(buffer, at),
    isControl: header.isControl(buffer, at),
    sizeBytesHint: header.sizeBytes(buffer, at),
    ...(header.isLogAppendTime(buffer, at)
      ? { logAppendTimeMs: header.maxTimestamp(buffer, at) }
      : {}),
    ...(deleteHorizonMs === undefined ? {} : { deleteHorizonMs }),
  };
  const builder = new RecordBatchBuilder(options);
  for (const { offset, timestamp, fields } of kept) {
    builder.appendFields(offset, timestamp, fields);
  }
  return builder.build();
}

/** What stays of a compressed message set becomes a batch of today's format. */
function rebuildLegacy(
  kept: readonly KafkaRecord[],
  set: { readonly codecId: number; readonly last: number },
): Buffer {
  const baseOffset = kept[0]?.offset ?? set.last;
  const compression = codecOfId(set.codecId)?.name ?? "none";
  const builder = new RecordBatchBuilder({ baseOffset, lastOffset: set.last, compression });
  for (const record of kept) builder.append(record);
  return builder.build();
}
