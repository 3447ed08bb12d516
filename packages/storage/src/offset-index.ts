import type { SparseIndex } from "./sparse-index.ts";

/** Bytes of an entry: relative offset and position, four each. */
export const offsetEntrySizeBytes = 8;

/** Where a batch begins. */
export interface OffsetPosition {
  readonly offset: number;
  readonly position: number;
}

/**
 * Maps some of a segment's batches, by their last offset, to where they begin.
 * Format: docs/formats/index.md §1.
 */
export class OffsetIndex {
  readonly entries: SparseIndex;
  readonly #baseOffset: number;

  constructor(entries: SparseIndex, baseOffset: number) {
    this.entries = entries;
    this.#baseOffset = baseOffset;
  }

  /** Adds the batch that ends with `lastOffset`. */
  append(lastOffset: number, position: number): void {
    const { buffer, position: at } = this.entries.push();
    buffer.writeInt32BE(lastOffset - this.#baseOffset, at);
    buffer.writeInt32BE(position, at + 4);
  }

  /**
   * Finds where to start looking for an offset.
   *
   * Example: entries (100→0) (140→4096), lookup(139) → { offset: 100, position: 0 }.
   * @returns the last entry at or below `offset`; the segment's beginning if there is none.
   */
  lookup(offset: number): OffsetPosition {
    const relative = offset - this.#baseOffset;
    return this.#at(this.entries.findLast((entry) => entry.readInt32BE(0) <= relative));
  }

  /** The last entry; the segment's beginning if there is none. */
  last(): OffsetPosition {
    return this.#at(this.entries.count - 1);
  }

  /** Keeps the entries below an offset. */
  truncateTo(offset: number): void {
    const relative = offset - this.#baseOffset;
    this.entries.truncate(this.entries.findLast((entry) => entry.readInt32BE(0) < relative) + 1);
  }

  #at(index: number): OffsetPosition {
    if (index < 0) return { offset: this.#baseOffset, position: 0 };
    const entry = this.entries.entry(index);
    return { offset: this.#baseOffset + entry.readInt32BE(0), position: entry.readInt32BE(4) };
  }
}
