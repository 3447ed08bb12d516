import { batchHeader, isBatchCrcValid, lastOffsetOf, maxTimestampOf } from "@millrace/protocol";

/** A batch in a segment file. */
export interface BatchFacts {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly recordCount: number;
  readonly sizeBytes: number;
  /** Where it begins in its file. */
  readonly position: number;
  readonly magic: number;
  readonly codec: string;
  readonly leaderEpoch: number | undefined;
  /** Undefined without one. */
  readonly producerId: bigint | undefined;
  readonly baseSequence: number | undefined;
  readonly transaction: "records" | "marker" | undefined;
  readonly maxTimestamp: number;
  readonly isChecksumGood: boolean;
}

const codecs = ["none", "gzip", "snappy", "lz4", "zstd"];

/**
 * What the header of a whole batch says. @param filePosition where the buffer begins in its file
 */
export function batchFacts(buffer: Buffer, position: number, filePosition: number): BatchFacts {
  const magic = batchHeader.magic(buffer, position);
  const shared = {
    baseOffset: batchHeader.baseOffset(buffer, position),
    lastOffset: lastOffsetOf(buffer, position),
    sizeBytes: batchHeader.sizeBytes(buffer, position),
    position: filePosition + position,
    magic,
    maxTimestamp: maxTimestampOf(buffer, position),
    isChecksumGood: isBatchCrcValid(buffer, position),
  };
  if (magic < batchHeader.CURRENT_MAGIC) return { ...shared, ...ofLegacy };
  const { attributeBits, fieldPositions } = batchHeader;
  const attributes = buffer.readInt16BE(position + fieldPositions.attributes);
  const producerId = buffer.readBigInt64BE(position + fieldPositions.producerId);
  const hasProducer = producerId !== batchHeader.NO_PRODUCER_ID;
  const isTransactional = (attributes & attributeBits.transactional) !== 0;
  const kind = (attributes & attributeBits.control) === 0 ? "records" : "marker";
  return {
    ...shared,
    recordCount: buffer.readInt32BE(position + fieldPositions.recordsCount),
    codec: codecs[attributes & attributeBits.compression] ?? "unknown",
    leaderEpoch: batchHeader.partitionLeaderEpoch(buffer, position),
    producerId: hasProducer ? producerId : undefined,
    baseSequence: hasProducer
      ? buffer.readInt32BE(position + fieldPositions.baseSequence)
      : undefined,
    transaction: isTransactional ? kind : undefined,
  };
}

/** Formats 0 and 1: a message is a batch, and knows no producer. */
const ofLegacy = {
  recordCount: 1,
  codec: "unknown",
  leaderEpoch: undefined,
  producerId: undefined,
  baseSequence: undefined,
  transaction: undefined,
} as const;
