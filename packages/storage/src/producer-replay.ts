import { batchHeader as header } from "@millrace/protocol";
import type { AbortedTransactions } from "./aborted-transactions.ts";
import { readMarker } from "./append-checks.ts";
import { BatchFileReader } from "./batch-file-reader.ts";
import type { LeaderEpochs } from "./leader-epochs.ts";
import type { OpenFiles } from "./open-files.ts";
import type { ProducerState } from "./producer-state.ts";
import type { AbortedEntry } from "./transaction-index.ts";

/**
 * Takes a batch of the log over into the producers' state, as it was when it was appended.
 * @returns the aborted transaction that it ended, for the segment's transaction index.
 */
export function applyToProducers(
  producers: ProducerState,
  buffer: Buffer,
  position: number,
): AbortedEntry | undefined {
  if (!header.hasProducerId(buffer, position)) return undefined;
  if (!header.isControl(buffer, position)) {
    producers.applyBatch(buffer, position);
    return undefined;
  }
  const marker = readMarker(buffer, position);
  if (marker === undefined) return undefined;
  const completed = producers.applyMarker(buffer, position, marker);
  if (completed === undefined) return undefined;
  const lastStableOffset = producers.stableOffsetAfter(completed);
  producers.complete(completed);
  if (!completed.isAborted) return undefined;
  return {
    producerId: BigInt(completed.producerId),
    firstOffset: completed.firstOffset,
    lastOffset: completed.lastOffset,
    lastStableOffset,
  };
}

/** What written batches change beside the segment. */
export interface NotedParts {
  readonly epochs: LeaderEpochs;
  readonly producers: ProducerState;
  readonly aborted: AbortedTransactions;
  readonly segments: { readonly active: { readonly baseOffset: number } };
}

/** Takes epochs, producers and ended transactions of written batches over. @throws IoError */
export function noteBatches(bytes: Buffer, parts: NotedParts): void {
  const { epochs, producers, aborted, segments } = parts;
  for (let at = 0; at < bytes.length; at += header.sizeBytes(bytes, at)) {
    const epoch = header.partitionLeaderEpoch(bytes, at);
    if (epoch > epochs.latestEpoch) epochs.assign(epoch, header.baseOffset(bytes, at));
    const entry = applyToProducers(producers, bytes, at);
    if (entry !== undefined) aborted.append(segments.active.baseOffset, entry);
  }
}

/** Batches of a segment that are to be replayed. */
export interface ReplayedPart {
  readonly path: string;
  readonly position: number;
  readonly endPosition: number;
}

/** What is to be replayed upon a snapshot. */
export interface Replay {
  readonly parts: readonly ReplayedPart[];
  /** Batches that end before this offset are passed over. */
  readonly from: number;
  readonly endOffset: number;
}

/** Takes batches over into the state of their producers. @throws IoError */
export function replayBatches(files: OpenFiles, producers: ProducerState, replay: Replay): void {
  for (const part of replay.parts) replayPart(files, producers, { ...replay, ...part });
}

function replayPart(
  files: OpenFiles,
  producers: ProducerState,
  part: ReplayedPart & Pick<Replay, "from" | "endOffset">,
): void {
  const { position: start, endPosition: end } = part;
  const reader = new BatchFileReader(files.get(part.path), { start, end });
  while (reader.next()) {
    if (header.magic(reader.buffer, reader.at) !== header.CURRENT_MAGIC) continue;
    if (header.baseOffset(reader.buffer, reader.at) >= part.endOffset) return;
    if (header.lastOffset(reader.buffer, reader.at) < part.from) continue;
    if (!header.hasProducerId(reader.buffer, reader.at)) continue;
    if (header.isControl(reader.buffer, reader.at) && !reader.loadWhole()) return;
    applyToProducers(producers, reader.buffer, reader.at);
  }
}
