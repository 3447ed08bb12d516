import { codecOfId } from "../compression/compression.ts";
import * as batchHeader from "./batch-header.ts";
import { CorruptRecordError } from "./record-error.ts";

/** The first byte of an integer holds its sign and six bits; from here on more bytes follow. */
const hasMore = 0x80;

/** Where the integer that was read last ends. */
let after = 0;

/**
 * Gives the largest timestamp of the records of a compressed batch, -1 when none has one, and finds
 * whether every record is whole: offsets that follow each other, fields and headers that end where
 * the record ends, as many records as the header says. It makes no objects.
 * @throws DecompressionError, with reason "too large" beyond `sizeBytesMax`.
 * @throws CorruptRecordError when the records are not what the format or the header says.
 */
export function scanCompressedRecords(
  buffer: Buffer,
  position: number,
  sizeBytesMax: number,
): number {
  const id = batchHeader.compressionId(buffer, position);
  const codec = codecOfId(id);
  if (codec === undefined) throw new CorruptRecordError(`the codec ${id} is not known`);
  const start = position + batchHeader.HEADER_SIZE_BYTES;
  const end = position + batchHeader.sizeBytes(buffer, position);
  const records = codec.decompress(buffer.subarray(start, end), sizeBytesMax);
  const largestDelta = scan(records, batchHeader.recordsCount(buffer, position));
  return Math.max(
    batchHeader.NO_TIMESTAMP,
    batchHeader.baseTimestamp(buffer, position) + largestDelta,
  );
}

/** Walks the records; gives the largest timestamp, counted from the batch's first. */
function scan(bytes: Buffer, count: number): number {
  let at = 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index += 1) {
    const length = readInteger(bytes, at, bytes.length);
    const end = after + length;
    if (length < 0 || end > bytes.length) {
      throw new CorruptRecordError("a record passes its batch");
    }
    // After the length comes a byte of attributes that mean nothing yet.
    const delta = readInteger(bytes, after + 1, end);
    if (delta > largest) largest = delta;
    if (readInteger(bytes, after, end) !== index) {
      throw new CorruptRecordError("a record's offset does not follow the one before");
    }
    // The key, then the value.
    skipField(bytes, end);
    skipField(bytes, end);
    skipHeaders(bytes, end);
    if (after !== end) throw new CorruptRecordError("a record has not the length it says");
    at = end;
  }
  if (at !== bytes.length) throw new CorruptRecordError("bytes follow a batch's last record");
  return largest;
}

function skipHeaders(bytes: Buffer, end: number): void {
  let left = readInteger(bytes, after, end);
  if (left < 0 || left > end - after) {
    throw new CorruptRecordError(`a record says it has ${left} headers`);
  }
  for (; left > 0; left -= 1) {
    if (skipField(bytes, end) < 0) throw new CorruptRecordError("a header has no key");
    skipField(bytes, end);
  }
}

/**
 * Passes a length and as many bytes; gives the length, which is negative where there is nothing.
 */
function skipField(bytes: Buffer, end: number): number {
  const sizeBytes = readInteger(bytes, after, end);
  if (sizeBytes <= 0) return sizeBytes;
  after += sizeBytes;
  if (after > end) throw new CorruptRecordError("a field passes its record");
  return sizeBytes;
}

/** Reads a zig-zag integer of variable length that ends before `end`. */
function readInteger(bytes: Buffer, position: number, end: number): number {
  let at = position;
  if (at >= end) throw new CorruptRecordError("a batch ends within a record");
  const first = bytes[at++] ?? 0;
  let rest = first >>> 1;
  if (first >= hasMore) {
    rest &= 0x3f;
    let scale = 64;
    let byte: number;
    do {
      if (scale > 2 ** 62) throw new CorruptRecordError("an integer is too long");
      if (at >= end) throw new CorruptRecordError("a batch ends within a record");
      byte = bytes[at++] ?? 0;
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
