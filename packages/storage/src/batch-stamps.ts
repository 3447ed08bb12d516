import { batchHeader as header } from "@millrace/protocol";

/** What a leader writes into headers; a follower keeps what came. */
export interface StampOptions {
  /** undefined keeps the offsets and epochs that the bytes carry. */
  readonly baseOffset: number | undefined;
  readonly leaderEpoch: number;
  /** The time that every record gets; -1 keeps theirs. */
  readonly appendTimeMs: number;
}

/** Which offsets and times batches have. */
export interface StampedRange {
  readonly baseOffset: number;
  readonly endOffset: number;
  readonly maxTimestampMs: number;
}

/** Writes offsets, epochs and, if given, the time into the headers of whole batches, in place. */
export function stampBatches(bytes: Buffer, options: StampOptions): StampedRange {
  const { leaderEpoch, appendTimeMs } = options;
  const baseOffset = options.baseOffset ?? header.baseOffset(bytes, 0);
  let endOffset = baseOffset;
  let maxTimestampMs = -1;
  for (let at = 0; at < bytes.length; at += header.sizeBytes(bytes, at)) {
    if (options.baseOffset !== undefined) {
      header.setBaseOffset(bytes, at, endOffset);
      header.setPartitionLeaderEpoch(bytes, at, leaderEpoch);
      if (appendTimeMs >= 0) header.setLogAppendTime(bytes, at, appendTimeMs);
    }
    endOffset = header.nextOffset(bytes, at);
    maxTimestampMs = Math.max(maxTimestampMs, header.maxTimestamp(bytes, at));
  }
  return { baseOffset, endOffset, maxTimestampMs };
}
