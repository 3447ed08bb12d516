import * as batchHeader from "./batch-header.ts";
import { CorruptRecordError } from "./record-error.ts";

/** The first byte of an integer holds its sign and six bits; from here on more bytes follow. */
const hasMore = 0x80;

/** Where the integer that was read last ends. */
let after = 0;

/**
 * Gives the largest timestamp of the records of an uncompressed batch, -1 when none has one. It
 * reads of each record its length and its timestamp and passes the rest, which takes a tenth of
 * what walking the record takes; each record has its place, and no bytes are left over.
 * @throws CorruptRecordError when lengths and counts disagree.
 */
export function scanTimestamps(buffer: Buffer, position: number): number {
  const end = position + batchHeader.sizeBytes(buffer, position);
  const baseTimestamp = batchHeader.baseTimestamp(buffer, position);
  let largest = batchHeader.NO_TIMESTAMP;
  let at = position + batchHeader.HEADER_SIZE_BYTES;
  for (let left = batchHeader.recordsCount(buffer, position); left > 0; left -= 1) {
    const length = readInteger(buffer, at, end);
    // After the length comes a byte of attributes that mean nothing yet.
    const timestampAt = after + 1;
    at = after + length;
    if (length < 0 || at > end) throw new CorruptRecordError("a record passes its batch");
    const timestamp = baseTimestamp + readInteger(buffer, timestampAt, at);
    if (timestamp > largest) largest = timestamp;
  }
  if (at !== end) throw new CorruptRecordError("bytes follow a batch's last record");
  return largest;
}

/** Reads a zig-zag integer of variable length that ends before `end`. */
function readInteger(buffer: Buffer, position: number, end: number): number {
  let at = position;
  const first = readByte(buffer, at++, end);
  let rest = first >>> 1;
  if (first >= hasMore) {
    rest &= 0x3f;
    let scale = 64;
    let byte: number;
    do {
      if (scale > 2 ** 62) throw new CorruptRecordError("an integer is too long");
      byte = readByte(buffer, at++, end);
      rest += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte >= hasMore);
    if (rest > Number.MAX_SAFE_INTEGER) {
      throw new CorruptRecordError("a timestamp is beyond what can be held exactly");
    }
  }
  after = at;
  return (first & 1) === 0 ? rest : -rest - 1;
}

function readByte(buffer: Buffer, at: number, end: number): number {
  if (at >= end) throw new CorruptRecordError("a batch ends within a record");
  return buffer[at] ?? 0;
}
