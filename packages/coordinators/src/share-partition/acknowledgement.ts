import type { InFlightRange, InFlightRanges } from "./in-flight-ranges.ts";
import type { AcknowledgementBatch, RefusedAcknowledgement } from "./share-types.ts";

/** Consecutive offsets with one acknowledge type. */
interface AcknowledgedRun {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly type: number;
}

/** Whose acknowledgements are checked against what. */
interface Claim {
  readonly memberId: string;
  readonly batches: readonly AcknowledgementBatch[];
  readonly startOffset: number;
}

/**
 * Whether a member may acknowledge all these offsets. What lies before the start offset is done
 * with and nobody's business: it is passed over, as Kafka does.
 */
export function checkAcknowledgement(
  ranges: InFlightRanges,
  claim: Claim,
): RefusedAcknowledgement | undefined {
  let lastOffset = -1;
  for (const batch of claim.batches) {
    if (batch.firstOffset <= lastOffset) return refuseState("an offset is acknowledged twice");
    lastOffset = batch.lastOffset;
    if (batch.lastOffset < claim.startOffset) continue;
    const refusal = checkBatch(ranges, batch, claim);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function checkBatch(
  ranges: InFlightRanges,
  batch: AcknowledgementBatch,
  claim: Claim,
): RefusedAcknowledgement | undefined {
  const firstOffset = Math.max(batch.firstOffset, claim.startOffset);
  const { first, last } = ranges;
  if (first === undefined || last === undefined || first.firstOffset > firstOffset) {
    return refuseState("the offsets are not acquired");
  }
  if (firstOffset > last.lastOffset || batch.lastOffset > last.lastOffset) {
    const message = "the offsets lie behind what was acquired";
    return { kind: "refused", error: "INVALID_REQUEST", message };
  }
  for (let index = ranges.indexFrom(firstOffset); ; index += 1) {
    const range = ranges.at(index);
    if (range === undefined || range.firstOffset > batch.lastOffset) return undefined;
    const message = whyNot(range, claim.memberId);
    if (message !== undefined) return refuseState(message);
  }
}

function whyNot(range: InFlightRange, memberId: string): string | undefined {
  if (range.writeId !== 0) return "an acknowledgement of the record is under way";
  if (range.state !== "acquired") return "the record is not acquired";
  return range.memberId === memberId ? undefined : "the record is acquired by another member";
}

function refuseState(message: string): RefusedAcknowledgement {
  return { kind: "refused", error: "INVALID_RECORD_STATE", message };
}

/** Parts a batch where its types change, and leaves out what lies before the start offset. */
export function* runsOf(
  batch: AcknowledgementBatch,
  startOffset: number,
): Generator<AcknowledgedRun> {
  const types = batch.acknowledgeTypes;
  let firstOffset = Math.max(batch.firstOffset, startOffset);
  if (firstOffset > batch.lastOffset) return;
  const typeAt = (offset: number): number =>
    types[types.length === 1 ? 0 : offset - batch.firstOffset] ?? 0;
  if (types.length > 1) {
    for (let offset = firstOffset + 1; offset <= batch.lastOffset; offset += 1) {
      if (typeAt(offset) === typeAt(firstOffset)) continue;
      yield { firstOffset, lastOffset: offset - 1, type: typeAt(firstOffset) };
      firstOffset = offset;
    }
  }
  yield { firstOffset, lastOffset: batch.lastOffset, type: typeAt(firstOffset) };
}
