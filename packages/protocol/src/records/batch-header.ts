/**
 * Reads and changes the header of a record batch (magic 2) where it lies in a buffer: nothing is
 * allocated but where a bigint is asked for. `position` is where the batch begins. Nothing here
 * checks bounds or meaning: a batch comes through `BatchCursor` or `checkBatchHeader` first.
 * Format: docs/formats/record-batch.md §1.
 */
import { crc32c } from "../crc32c.ts";
import { readInt64, writeInt64 } from "./int64.ts";

/** Where each field begins, in bytes from the start of the batch. */
export const fieldPositions = {
  baseOffset: 0,
  batchLength: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordsCount: 57,
  records: 61,
} as const;

/** Bytes of the header: the records begin there. */
export const HEADER_SIZE_BYTES = 61;
/** Bytes of base offset and length, which every format begins with and `batchLength` leaves out. */
export const LOG_OVERHEAD_BYTES = 12;
/** The format that this file reads. */
export const CURRENT_MAGIC = 2;

/** Bits of `attributes`. Bits 0 to 2 are the codec. */
export const attributeBits = {
  compression: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
  deleteHorizon: 0x40,
} as const;

/** The value of a producer id that is not there. */
export const NO_PRODUCER_ID = -1n;
/** The value of a producer epoch that is not there. */
export const NO_PRODUCER_EPOCH = -1;
/** The value of a sequence number that is not there. */
export const NO_SEQUENCE = -1;
/** The value of a timestamp that is not there. */
export const NO_TIMESTAMP = -1;
/** The value of a leader epoch that is not there. */
export const NO_PARTITION_LEADER_EPOCH = -1;

/** The offset of the batch's first record as it was written first. */
export function baseOffset(buffer: Buffer, position: number): number {
  return readInt64(buffer, position);
}

/** Bytes of the batch after its length field, as the field says. */
export function batchLength(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + 8);
}

/** Bytes of the whole batch, as its length field says. */
export function sizeBytes(buffer: Buffer, position: number): number {
  return LOG_OVERHEAD_BYTES + buffer.readInt32BE(position + 8);
}

/** The epoch of the leader that appended it; -1 when not known. Not covered by the checksum. */
export function partitionLeaderEpoch(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + 12);
}

/** The format: 2 now; 0 and 1 are message sets (`legacy-message-set.ts`). */
export function magic(buffer: Buffer, position: number): number {
  return buffer.readInt8(position + 16);
}

/** The checksum that the batch carries, unsigned. */
export function crc(buffer: Buffer, position: number): number {
  return buffer.readUInt32BE(position + 17);
}

/** All attribute bits. */
export function attributes(buffer: Buffer, position: number): number {
  return buffer.readInt16BE(position + 21);
}

/** The last record's offset less the first's; kept by compaction when that record goes. */
export function lastOffsetDelta(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + 23);
}

/** The offset of the batch's last record as it was written first. */
export function lastOffset(buffer: Buffer, position: number): number {
  return readInt64(buffer, position) + buffer.readInt32BE(position + 23);
}

/** The offset after the batch. */
export function nextOffset(buffer: Buffer, position: number): number {
  return readInt64(buffer, position) + buffer.readInt32BE(position + 23) + 1;
}

/** What the records' timestamps count from; the delete horizon when `hasDeleteHorizon`. */
export function baseTimestamp(buffer: Buffer, position: number): number {
  return readInt64(buffer, position + 27);
}

/** The largest timestamp of its records, in milliseconds; -1 when there is none. */
export function maxTimestamp(buffer: Buffer, position: number): number {
  return readInt64(buffer, position + 35);
}

/** The producer's id; -1n when it has none. Allocates: ask `hasProducerId` first on a hot path. */
export function producerId(buffer: Buffer, position: number): bigint {
  return buffer.readBigInt64BE(position + 43);
}

/** As `producerId` without allocating; exact for every id that Kafka gives (below 2^53). */
export function producerIdNumber(buffer: Buffer, position: number): number {
  return readInt64(buffer, position + 43);
}

/** Whether an idempotent or transactional producer wrote it. */
export function hasProducerId(buffer: Buffer, position: number): boolean {
  return buffer.readInt32BE(position + 43) >= 0;
}

/** The producer's epoch; -1 when it has none. */
export function producerEpoch(buffer: Buffer, position: number): number {
  return buffer.readInt16BE(position + 51);
}

/** The producer's sequence number of the first record; -1 when it has none. */
export function baseSequence(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + 53);
}

/** The producer's sequence number of the last record, after 2^31-1 again from 0; -1 when none. */
export function lastSequence(buffer: Buffer, position: number): number {
  const first = baseSequence(buffer, position);
  return first === NO_SEQUENCE ? first : addToSequence(first, lastOffsetDelta(buffer, position));
}

/** How many records it holds now. */
export function recordsCount(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + 57);
}

/** The codec's id: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd; 5 to 7 are not known. */
export function compressionId(buffer: Buffer, position: number): number {
  return buffer.readUInt8(position + 22) & attributeBits.compression;
}

/** Whether it belongs to a transaction. */
export function isTransactional(buffer: Buffer, position: number): boolean {
  return (buffer.readUInt8(position + 22) & attributeBits.transactional) !== 0;
}

/** Whether its one record is a control record: a transaction marker or a record of KRaft. */
export function isControl(buffer: Buffer, position: number): boolean {
  return (buffer.readUInt8(position + 22) & attributeBits.control) !== 0;
}

/** Whether every record's timestamp is `maxTimestamp`, set by the broker. */
export function isLogAppendTime(buffer: Buffer, position: number): boolean {
  return (buffer.readUInt8(position + 22) & attributeBits.logAppendTime) !== 0;
}

/** Whether the cleaner has set the time from which its tombstones or marker may go. */
export function hasDeleteHorizon(buffer: Buffer, position: number): boolean {
  return (buffer.readUInt8(position + 22) & attributeBits.deleteHorizon) !== 0;
}

/** The time from which its tombstones or marker may go, in milliseconds; undefined if not set. */
export function deleteHorizonMs(buffer: Buffer, position: number): number | undefined {
  return hasDeleteHorizon(buffer, position) ? baseTimestamp(buffer, position) : undefined;
}

/** Stamps the offset of the first record. Not covered by the checksum. */
export function setBaseOffset(buffer: Buffer, position: number, offset: number): void {
  writeInt64(buffer, position, offset);
}

/** Stamps the leader's epoch. Not covered by the checksum. */
export function setPartitionLeaderEpoch(buffer: Buffer, position: number, epoch: number): void {
  buffer.writeInt32BE(epoch, position + 12);
}

/**
 * Gives every record the time of the append: sets the timestamp type, the largest timestamp, and
 * the checksum, which covers them (one pass over the batch).
 */
export function setLogAppendTime(buffer: Buffer, position: number, timestampMs: number): void {
  buffer.writeUInt8(buffer.readUInt8(position + 22) | attributeBits.logAppendTime, position + 22);
  writeInt64(buffer, position + 35, timestampMs);
  updateCrc(buffer, position);
}

/** Takes back that the broker gave the time; `setLogAppendTime` is the contrary. */
export function setCreateTime(buffer: Buffer, position: number): void {
  if (!isLogAppendTime(buffer, position)) return;
  buffer.writeUInt8(buffer.readUInt8(position + 22) & ~attributeBits.logAppendTime, position + 22);
  updateCrc(buffer, position);
}

/** Sets the largest timestamp and, if it was another, the checksum. */
export function setMaxTimestamp(buffer: Buffer, position: number, timestampMs: number): void {
  if (maxTimestamp(buffer, position) === timestampMs) return;
  writeInt64(buffer, position + 35, timestampMs);
  updateCrc(buffer, position);
}

/** The checksum that the batch should carry, unsigned: of all from the attributes to its end. */
export function computeCrc(buffer: Buffer, position: number): number {
  return crc32c(buffer, position + 21, position + sizeBytes(buffer, position));
}

/** Whether the batch's checksum is right. The whole batch must lie in the buffer. */
export function isCrcValid(buffer: Buffer, position: number): boolean {
  return crc(buffer, position) === computeCrc(buffer, position);
}

/** Writes the checksum anew. */
export function updateCrc(buffer: Buffer, position: number): void {
  buffer.writeUInt32BE(computeCrc(buffer, position), position + 17);
}

/** A sequence number `increment` further: after 2^31-1 comes 0. */
export function addToSequence(sequence: number, increment: number): number {
  const sum = sequence + increment;
  return sum > 0x7fffffff ? sum - 0x80000000 : sum;
}
