import { batchHeader as header, isBatchCrcValid, lastOffsetOf } from "@millrace/protocol";
import { BatchFileReader } from "./batch-file-reader.ts";
import { CorruptLogError } from "./errors.ts";
import { IndexBuilder } from "./index-builder.ts";
import type { LeaderEpochs } from "./leader-epochs.ts";
import type { LogEnvironment } from "./log-environment.ts";
import { applyToProducers } from "./producer-replay.ts";
import type { ProducerState } from "./producer-state.ts";
import { segmentPaths } from "./segment-paths.ts";
import { encodeAbortedEntry } from "./transaction-index.ts";

/** Which segment is recovered, and what is known of it. */
export interface SegmentRecoveryOptions {
  readonly directory: string;
  readonly baseOffset: number;
  /** `index.interval.bytes` */
  readonly indexIntervalBytes: number;
  /** Batches before it were durable: damage there is reported, not cut. */
  readonly recoveryPoint: number;
  /** Brought up to date with the segment's batches. */
  readonly producers: ProducerState;
  readonly epochs: Pick<LeaderEpochs, "latestEpoch" | "assign">;
}

/** What recovery found. */
export interface RecoveredSegment {
  readonly endOffset: number;
  readonly sizeBytes: number;
  /** Bytes cut off the end. */
  readonly cutBytes: number;
  readonly largestTimestampMs: number;
  /** Whether the segment has aborted transactions. */
  readonly hasAborted: boolean;
}

/**
 * Reads every batch of a segment, checks it, cuts what is torn or damaged at the end, and rebuilds
 * its three indexes. It runs from start to end: what may be long belongs off the event loop.
 * @throws CorruptLogError when what is damaged was durable; nothing is changed then.
 */
export function recoverSegment(
  environment: Pick<LogEnvironment, "files" | "fileSystem">,
  options: SegmentRecoveryOptions,
): RecoveredSegment {
  const { baseOffset, directory, recoveryPoint } = options;
  const paths = segmentPaths(directory, baseOffset);
  const { files } = environment;
  const fileSize = files.get(paths.log).sizeBytes();
  const indexes = new IndexBuilder(environment, {
    paths,
    baseOffset,
    indexIntervalBytes: options.indexIntervalBytes,
  });
  const aborted: Buffer[] = [];
  const reader = new BatchFileReader(files.get(paths.log), {
    start: 0,
    end: fileSize,
    whole: true,
  });
  let endOffset = baseOffset;
  while (reader.next()) {
    const { buffer, at, position } = reader;
    const isGood = isBatchCrcValid(buffer, at) && isInOrder(buffer, at, endOffset, baseOffset);
    if (!isGood) break;
    endOffset = lastOffsetOf(buffer, at) + 1;
    indexes.add(buffer, at, { position, sizeBytes: reader.sizeBytes });
    if (header.magic(buffer, at) === header.CURRENT_MAGIC) {
      const entry = noteBatch(options, buffer, at);
      if (entry !== undefined) aborted.push(encodeAbortedEntry(entry));
    }
  }
  const sizeBytes = reader.position;
  if (sizeBytes < fileSize && endOffset < recoveryPoint) {
    const what = `damaged at byte ${sizeBytes}, offset ${endOffset}`;
    throw new CorruptLogError(`${what}, but it was durable up to offset ${recoveryPoint}`, {
      path: paths.log,
    });
  }
  if (sizeBytes < fileSize) files.get(paths.log).truncate(sizeBytes);
  indexes.finish();
  files.forget(paths.transactionIndex);
  environment.fileSystem.removeFile(paths.transactionIndex);
  if (aborted.length > 0) files.get(paths.transactionIndex, "create").writeSync(aborted, 0);
  return {
    endOffset,
    sizeBytes,
    cutBytes: fileSize - sizeBytes,
    largestTimestampMs: indexes.largestTimestampMs,
    hasAborted: aborted.length > 0,
  };
}

function isInOrder(buffer: Buffer, at: number, endOffset: number, baseOffset: number): boolean {
  const lastOffset = lastOffsetOf(buffer, at);
  return lastOffset >= endOffset && lastOffset - baseOffset <= 0x7fffffff;
}

function noteBatch(
  options: SegmentRecoveryOptions,
  buffer: Buffer,
  at: number,
): ReturnType<typeof applyToProducers> {
  const epoch = header.partitionLeaderEpoch(buffer, at);
  if (epoch > options.epochs.latestEpoch) {
    options.epochs.assign(epoch, header.baseOffset(buffer, at));
  }
  return applyToProducers(options.producers, buffer, at);
}
