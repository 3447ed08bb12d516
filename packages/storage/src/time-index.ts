import type { SparseIndex } from "./sparse-index.ts";

/** Bytes of an entry: timestamp, eight, and relative offset, four. */
export const timeEntrySizeBytes = 12;

/** The largest timestamp up to an offset. */
export interface TimeEntry {
  readonly timestampMs: number;
  readonly offset: number;
}

/**
 * Notes how the largest timestamp of a segment grew: (t, o) says that nothing up to offset o is
 * later than t.
 * Format: docs/formats/index.md §2.
 */
export class TimeIndex {
  readonly entries: SparseIndex;
  readonly #baseOffset: number;
  #last: TimeEntry | undefined;

  constructor(entries: SparseIndex, baseOffset: number) {
    this.entries = entries;
    this.#baseOffset = baseOffset;
  }

  /** Adds an entry if its timestamp is larger than the last one's. */
  append(entry: TimeEntry): void {
    if (entry.timestampMs <= this.last().timestampMs) return;
    const { buffer, position } = this.entries.push();
    buffer.writeInt32BE(Math.floor(entry.timestampMs / 0x100000000), position);
    buffer.writeUInt32BE(entry.timestampMs >>> 0, position + 4);
    buffer.writeInt32BE(entry.offset - this.#baseOffset, position + 8);
    this.#last = entry;
  }

  /** The last entry with a timestamp at or below this; the segment's beginning if there is none. */
  lookup(timestampMs: number): TimeEntry {
    return this.#at(this.entries.findLast((entry) => timestampOf(entry) <= timestampMs));
  }

  /** The last entry: the largest timestamp noted; -1 if there is none. */
  last(): TimeEntry {
    this.#last ??= this.#at(this.entries.count - 1);
    return this.#last;
  }

  /** Keeps the entries below an offset. */
  truncateTo(offset: number): void {
    const relative = offset - this.#baseOffset;
    this.entries.truncate(this.entries.findLast((entry) => entry.readInt32BE(8) < relative) + 1);
    this.#last = undefined;
  }

  #at(index: number): TimeEntry {
    if (index < 0) return { timestampMs: -1, offset: this.#baseOffset };
    const entry = this.entries.entry(index);
    return { timestampMs: timestampOf(entry), offset: this.#baseOffset + entry.readInt32BE(8) };
  }
}

function timestampOf(entry: Buffer): number {
  return entry.readInt32BE(0) * 0x100000000 + entry.readUInt32BE(4);
}
