import { assert } from "@millrace/platform";

const countFirst = 4;
const nothing = new Float64Array(0);
/** A size or timestamp that was not looked up yet. */
const unknown = -2;

/**
 * What is known of a log's closed segments, 24 bytes each in typed arrays: an aged node has tens
 * of thousands of them, and nothing of them is open. Sizes and timestamps are looked up when they
 * are asked for first.
 */
export class ClosedSegments {
  #baseOffsets: Float64Array = nothing;
  #sizes: Float64Array = nothing;
  #largestTimestamps: Float64Array = nothing;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds the newest; size and timestamp when they are known. */
  push(segment: { baseOffset: number; sizeBytes?: number; largestTimestampMs?: number }): void {
    if (this.#count === this.#baseOffsets.length) this.#grow();
    assert(
      this.#count === 0 || segment.baseOffset > this.baseOffset(this.#count - 1),
      "segments are added in the order of their offsets",
    );
    this.#baseOffsets[this.#count] = segment.baseOffset;
    this.#sizes[this.#count] = segment.sizeBytes ?? unknown;
    this.#largestTimestamps[this.#count] = segment.largestTimestampMs ?? unknown;
    this.#count += 1;
  }

  /** Where a segment begins. */
  baseOffset(index: number): number {
    return valueAt(this.#baseOffsets, index);
  }

  /** A segment's bytes; `look` finds out the first time. */
  sizeBytes(index: number, look: (baseOffset: number) => number): number {
    return this.#lookUp(this.#sizes, index, look);
  }

  /** A segment's largest timestamp, -1 when it has none; `look` finds out the first time. */
  largestTimestampMs(index: number, look: (baseOffset: number) => number): number {
    return this.#lookUp(this.#largestTimestamps, index, look);
  }

  /** Whether a segment's largest timestamp is known without a look at its files. */
  knowsTimestamp(index: number): boolean {
    return valueAt(this.#largestTimestamps, index) !== unknown;
  }

  /** The segment that holds an offset: the last that begins at or before it; -1 when none does. */
  find(offset: number): number {
    let low = -1;
    let high = this.#count - 1;
    while (low < high) {
      const middle = low + Math.ceil((high - low) / 2);
      if (this.baseOffset(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Replaces segments [start, end) by others, as compaction, retention and truncation do. */
  splice(
    start: number,
    end: number,
    replacements: readonly { baseOffset: number; sizeBytes: number; largestTimestampMs: number }[],
  ): void {
    const tail = this.#rows(end, this.#count);
    this.#count = start;
    for (const segment of replacements) this.push(segment);
    for (const segment of tail) this.push(segment);
  }

  #rows(
    start: number,
    end: number,
  ): { baseOffset: number; sizeBytes: number; largestTimestampMs: number }[] {
    return Array.from({ length: end - start }, (_, at) => ({
      baseOffset: valueAt(this.#baseOffsets, start + at),
      sizeBytes: valueAt(this.#sizes, start + at),
      largestTimestampMs: valueAt(this.#largestTimestamps, start + at),
    }));
  }

  #lookUp(column: Float64Array, index: number, look: (baseOffset: number) => number): number {
    const known = valueAt(column, index);
    if (known !== unknown) return known;
    const found = look(this.baseOffset(index));
    column[index] = found;
    return found;
  }

  #grow(): void {
    const length = Math.max(countFirst, this.#baseOffsets.length * 2);
    const grow = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(length);
      grown.set(column);
      return grown;
    };
    this.#baseOffsets = grow(this.#baseOffsets);
    this.#sizes = grow(this.#sizes);
    this.#largestTimestamps = grow(this.#largestTimestamps);
  }
}

function valueAt(column: Float64Array, index: number): number {
  const value = column[index];
  assert(value !== undefined, "there is no such segment");
  return value;
}
