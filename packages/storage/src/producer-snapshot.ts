import { crc32c } from "@millrace/protocol";
import { CorruptFileError } from "./errors.ts";
import { ProducerEntry } from "./producer-entry.ts";

/**
 * Kafka's ProducerSnapshot message, version 1, which has fields of fixed sizes only: version,
 * checksum of what follows it, count, entries. Format: docs/formats/producer-snapshot.md.
 */
const snapshotVersion = 1;
const crcPosition = 2;
const countPosition = 6;
const headerSizeBytes = 10;
const entrySizeBytes = 46;

/** Writes the state of producers as a `.snapshot` file holds it. */
export function encodeProducerSnapshot(producers: Iterable<ProducerEntry>): Buffer {
  const entries = [...producers];
  const buffer = Buffer.alloc(headerSizeBytes + entries.length * entrySizeBytes);
  buffer.writeInt16BE(snapshotVersion, 0);
  buffer.writeInt32BE(entries.length, countPosition);
  let at = headerSizeBytes;
  for (const entry of entries) {
    const last = entry.batches.at(-1);
    buffer.writeBigInt64BE(BigInt(entry.producerId), at);
    buffer.writeInt16BE(entry.producerEpoch, at + 8);
    buffer.writeInt32BE(last?.lastSequence ?? -1, at + 10);
    buffer.writeBigInt64BE(BigInt(last?.lastOffset ?? -1), at + 14);
    buffer.writeInt32BE(last?.offsetDelta ?? 0, at + 22);
    buffer.writeBigInt64BE(BigInt(entry.lastTimestampMs), at + 26);
    buffer.writeInt32BE(entry.coordinatorEpoch, at + 34);
    buffer.writeBigInt64BE(BigInt(entry.transactionFirstOffset), at + 38);
    at += entrySizeBytes;
  }
  buffer.writeUInt32BE(crc32c(buffer, countPosition, buffer.length), crcPosition);
  return buffer;
}

/** Reads a `.snapshot` file. @throws CorruptFileError: the caller falls back to an older one. */
export function decodeProducerSnapshot(buffer: Buffer, path: string): ProducerEntry[] {
  if (buffer.length < headerSizeBytes) {
    throw new CorruptFileError("a producer snapshot is cut short", { path });
  }
  const version = buffer.readInt16BE(0);
  if (version !== snapshotVersion) {
    throw new CorruptFileError(`a producer snapshot has version ${version}`, { path });
  }
  if (buffer.readUInt32BE(crcPosition) !== crc32c(buffer, countPosition, buffer.length)) {
    throw new CorruptFileError("a producer snapshot's checksum is wrong", { path });
  }
  const count = buffer.readInt32BE(countPosition);
  if (count < 0 || buffer.length < headerSizeBytes + count * entrySizeBytes) {
    throw new CorruptFileError(`a producer snapshot says ${count} entries`, { path });
  }
  const entries: ProducerEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    entries.push(decodeEntry(buffer, headerSizeBytes + index * entrySizeBytes));
  }
  return entries;
}

function decodeEntry(buffer: Buffer, at: number): ProducerEntry {
  const entry = new ProducerEntry(Number(buffer.readBigInt64BE(at)));
  entry.producerEpoch = buffer.readInt16BE(at + 8);
  const lastOffset = Number(buffer.readBigInt64BE(at + 14));
  const timestampMs = Number(buffer.readBigInt64BE(at + 26));
  entry.lastTimestampMs = timestampMs;
  entry.coordinatorEpoch = buffer.readInt32BE(at + 34);
  entry.transactionFirstOffset = Math.max(-1, Number(buffer.readBigInt64BE(at + 38)));
  if (lastOffset >= 0) {
    entry.batches.push({
      lastSequence: buffer.readInt32BE(at + 10),
      lastOffset,
      offsetDelta: buffer.readInt32BE(at + 22),
      timestampMs,
    });
  }
  return entry;
}
