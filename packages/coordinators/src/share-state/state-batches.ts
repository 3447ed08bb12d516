/** How far a share group has come with a range of offsets; both ends are in the range. */
export interface StateBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** 0 available, 2 acknowledged, 4 archived (KIP-932). */
  readonly deliveryState: number;
  readonly deliveryCount: number;
}

/**
 * Combines ranges that may overlap into ranges that do not, ascending, from a start offset on. Of
 * two ranges that speak of one offset the later delivery counts, and of one delivery the higher
 * state: a record that is done is never available again. Neighbours that say the same become one.
 *
 * Example: 0-9 available (1), then 3-5 acknowledged (1) → 0-2 available, 3-5 acknowledged, 6-9
 * available.
 */
export function combineStateBatches(
  soFar: readonly StateBatch[],
  news: readonly StateBatch[],
  startOffset: number,
): readonly StateBatch[] {
  const combined = overlay(disjoint(soFar), disjoint(news.filter(isRange)));
  return startOffset === -1 ? combined : cutOff(combined, startOffset);
}

/** Whether a range begins before it ends, and within a log. */
export function isRange({ firstOffset, lastOffset }: StateBatch): boolean {
  return firstOffset >= 0 && firstOffset <= lastOffset;
}

/** Ranges that do not overlap; halves are combined first, so that many cost no square of them. */
function disjoint(batches: readonly StateBatch[]): readonly StateBatch[] {
  if (isDisjoint(batches)) return batches;
  const middle = batches.length >> 1;
  return overlay(disjoint(batches.slice(0, middle)), disjoint(batches.slice(middle)));
}

function isDisjoint(batches: readonly StateBatch[]): boolean {
  return batches.every((batch, index) => {
    const before = batches[index - 1];
    return before === undefined || before.lastOffset < batch.firstOffset;
  });
}

function cutOff(batches: readonly StateBatch[], startOffset: number): readonly StateBatch[] {
  const first = batches[0];
  if (first === undefined || first.firstOffset >= startOffset) return batches;
  return batches
    .filter(({ lastOffset }) => lastOffset >= startOffset)
    .map((batch) => from(batch, Math.max(batch.firstOffset, startOffset)));
}

/** Walks two ascending lists at once and keeps, for each offset, what ranks higher. */
function overlay(left: readonly StateBatch[], right: readonly StateBatch[]): readonly StateBatch[] {
  const combined: StateBatch[] = [];
  let leftIndex = 0;
  let rightIndex = 0;
  let one = left[0];
  let other = right[0];
  while (one !== undefined || other !== undefined) {
    const piece = nextPiece(one, other);
    append(combined, piece);
    if (one !== undefined) one = rest(one, piece.lastOffset) ?? left[++leftIndex];
    if (other !== undefined) other = rest(other, piece.lastOffset) ?? right[++rightIndex];
  }
  return combined;
}

/** The longest range from the lower beginning on of which one of the two has the say. */
function nextPiece(one: StateBatch | undefined, other: StateBatch | undefined): StateBatch {
  if (one === undefined || other === undefined) return present(one, other);
  const [low, high] = one.firstOffset <= other.firstOffset ? [one, other] : [other, one];
  if (low.lastOffset < high.firstOffset) return low;
  if (low.firstOffset < high.firstOffset) return { ...low, lastOffset: high.firstOffset - 1 };
  const winner = compare(one, other) >= 0 ? one : other;
  return { ...winner, lastOffset: Math.min(one.lastOffset, other.lastOffset) };
}

function present(one: StateBatch | undefined, other: StateBatch | undefined): StateBatch {
  const batch = one ?? other;
  if (batch === undefined) throw new RangeError("neither list has a range left");
  return batch;
}

/** What of a range lies beyond an offset; undefined when nothing does. */
function rest(batch: StateBatch, lastOffset: number): StateBatch | undefined {
  if (batch.firstOffset > lastOffset) return batch;
  return batch.lastOffset > lastOffset ? from(batch, lastOffset + 1) : undefined;
}

function from(batch: StateBatch, firstOffset: number): StateBatch {
  return firstOffset === batch.firstOffset ? batch : { ...batch, firstOffset };
}

function append(combined: StateBatch[], batch: StateBatch): void {
  const last = combined.at(-1);
  const continues =
    last !== undefined && last.lastOffset + 1 === batch.firstOffset && compare(last, batch) === 0;
  if (continues) combined[combined.length - 1] = { ...last, lastOffset: batch.lastOffset };
  else combined.push(batch);
}

function compare(left: StateBatch, right: StateBatch): number {
  return left.deliveryCount - right.deliveryCount || left.deliveryState - right.deliveryState;
}
