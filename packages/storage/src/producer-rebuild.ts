import { batchHeader as header } from "@millrace/protocol";
import { BatchFileReader } from "./batch-file-reader.ts";
import type { LogConfig } from "./log-config.ts";
import type { LogEnvironment } from "./log-environment.ts";
import type { LogSegments, SegmentPlace } from "./log-segments.ts";
import { applyToProducers } from "./producer-replay.ts";
import type { ProducerSnapshots } from "./producer-snapshots.ts";
import { isExpired, type ProducerState } from "./producer-state.ts";

/** After this many bytes walked over, or batches, other work gets a turn. */
const sliceBytes = 16 * 1024 * 1024;
const sliceBatches = 4096;

/** What the state of producers is rebuilt from. */
export interface RebuildContext {
  readonly environment: LogEnvironment;
  readonly segments: LogSegments;
  readonly producers: ProducerState;
  readonly snapshots: ProducerSnapshots;
  readonly config: LogConfig;
}

/**
 * Rebuilds the state of producers as of an offset: from the newest snapshot before it and the
 * batches since. Runs in steps, so that the caller can let other work in between.
 */
export function* rebuildProducers(
  context: RebuildContext,
  range: { readonly logStartOffset: number; readonly endOffset: number },
): Generator<undefined, void, undefined> {
  const { producers, snapshots, environment, config } = context;
  producers.clear();
  snapshots.removeWhere((offset) => offset > range.endOffset);
  const snapshot = snapshots.readLatest();
  if (snapshot !== undefined) {
    const nowMs = environment.clock.nowMs();
    producers.load(
      snapshot.producers.filter((entry) => !isExpired(entry, nowMs, config.producerIdExpirationMs)),
    );
  }
  const from = Math.max(snapshot?.offset ?? 0, range.logStartOffset);
  if (from >= range.endOffset) return;
  let place = context.segments.place(from);
  for (;;) {
    yield* replaySegment(context, place, { from, endOffset: range.endOffset });
    if (!place.isClosed) return;
    place = context.segments.placeAfter(place.baseOffset);
    if (place.baseOffset >= range.endOffset) return;
    yield;
  }
}

function* replaySegment(
  context: RebuildContext,
  place: SegmentPlace,
  range: { readonly from: number; readonly endOffset: number },
): Generator<undefined, void, undefined> {
  const file = context.environment.files.get(place.path);
  const reader = new BatchFileReader(file, { start: place.position, end: place.endPosition });
  let sliceStart = place.position;
  let batchCount = 0;
  while (reader.next()) {
    if (header.magic(reader.buffer, reader.at) !== header.CURRENT_MAGIC) continue;
    if (header.baseOffset(reader.buffer, reader.at) >= range.endOffset) return;
    if (header.lastOffset(reader.buffer, reader.at) < range.from) continue;
    if (!header.hasProducerId(reader.buffer, reader.at)) continue;
    if (header.isControl(reader.buffer, reader.at) && !reader.loadWhole()) return;
    applyToProducers(context.producers, reader.buffer, reader.at);
    batchCount += 1;
    if (reader.position - sliceStart > sliceBytes || batchCount > sliceBatches) {
      sliceStart = reader.position;
      batchCount = 0;
      yield;
    }
  }
}
