import type { LogConfig } from "./log-config.ts";
import type { LogEnvironment } from "./log-environment.ts";
import type { LogSegments } from "./log-segments.ts";
import { type Replay, replayBatches, type ReplayedPart } from "./producer-replay.ts";
import type { ProducerSnapshots } from "./producer-snapshots.ts";
import { isExpired, type ProducerState } from "./producer-state.ts";

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
 * batches since, from start to end.
 */
export function rebuildProducers(
  context: RebuildContext,
  range: { readonly logStartOffset: number; readonly endOffset: number },
): void {
  replayBatches(context.environment.files, context.producers, loadSnapshot(context, range));
}

/** Loads the newest snapshot before an offset and says what has to be replayed upon it. */
export function loadSnapshot(
  context: RebuildContext,
  range: { readonly logStartOffset: number; readonly endOffset: number },
): Replay {
  const { producers, snapshots, environment, config, segments } = context;
  const { endOffset } = range;
  producers.clear();
  snapshots.removeWhere((offset) => offset > endOffset);
  const snapshot = snapshots.readLatest();
  if (snapshot !== undefined) {
    const nowMs = environment.clock.nowMs();
    producers.load(
      snapshot.producers.filter((entry) => !isExpired(entry, nowMs, config.producerIdExpirationMs)),
    );
  }
  const from = Math.max(snapshot?.offset ?? 0, range.logStartOffset);
  const parts: ReplayedPart[] = [];
  if (from >= endOffset) return { parts, from, endOffset };
  let place = segments.place(from);
  for (;;) {
    const { path, position, endPosition } = place;
    parts.push({ path, position, endPosition });
    if (!place.isClosed) break;
    place = segments.placeAfter(place.baseOffset);
    if (place.baseOffset >= endOffset) break;
  }
  return { parts, from, endOffset };
}
