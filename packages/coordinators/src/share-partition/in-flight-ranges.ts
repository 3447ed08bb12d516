import type { DeadLetterCause, RecordState } from "./share-types.ts";

/** Consecutive offsets that stand alike. Whoever changes one asks InFlightRanges to. */
export interface InFlightRange {
  firstOffset: number;
  lastOffset: number;
  state: RecordState;
  deliveryCount: number;
  /** Who acquired it; empty when nobody has. */
  memberId: string;
  /** When the lock of an acquired range ends; 0 for others. */
  lockedUntilMs: number;
  /** The write that must be kept before the state holds; 0 when there is none. */
  writeId: number;
  /** What an acquired range goes back to if its write is not kept. */
  memberBefore: string;
  cause: DeadLetterCause;
  /** Somebody copies it to the dead-letter topic just now. */
  isBeingCopied: boolean;
  /** The offsets that came in together: deliveries are slowed down by the size of that batch. */
  batchFirstOffset: number;
  batchRecordCount: number;
}

/** What a new range starts with. */
export interface NewRange {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly state: RecordState;
  readonly deliveryCount: number;
  readonly memberId?: string;
  readonly lockedUntilMs?: number;
}

/**
 * The ranges of a share partition between its start offset and what was fetched last, in order. A
 * batch stays one range until its records part ways, and alike neighbours become one again.
 */
export class InFlightRanges {
  #ranges: InFlightRange[] = [];
  #completeCount = 0;

  /** How many ranges there are. */
  get size(): number {
    return this.#ranges.length;
  }

  /** Records that are acknowledged or archived. */
  get completeCount(): number {
    return this.#completeCount;
  }

  get first(): InFlightRange | undefined {
    return this.#ranges[0];
  }

  get last(): InFlightRange | undefined {
    return this.#ranges.at(-1);
  }

  at(index: number): InFlightRange | undefined {
    return this.#ranges[index];
  }

  /** Every range, in order; they must not be cut meanwhile. */
  all(): readonly InFlightRange[] {
    return this.#ranges;
  }

  /** The index of the first range that ends at an offset or after it. */
  indexFrom(offset: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.lastOffset ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds a range behind all others. */
  append(range: NewRange): InFlightRange {
    const { firstOffset, lastOffset } = range;
    const added: InFlightRange = {
      firstOffset,
      lastOffset,
      state: range.state,
      deliveryCount: range.deliveryCount,
      memberId: range.memberId ?? "",
      lockedUntilMs: range.lockedUntilMs ?? 0,
      writeId: 0,
      memberBefore: "",
      cause: "rejected",
      isBeingCopied: false,
      batchFirstOffset: firstOffset,
      batchRecordCount: lastOffset - firstOffset + 1,
    };
    this.#ranges.push(added);
    if (isFinal(range.state)) this.#completeCount += recordCount(added);
    return added;
  }

  /** Changes a range's state and keeps the count of what is done with. */
  setState(range: InFlightRange, state: RecordState): void {
    if (isFinal(range.state)) this.#completeCount -= recordCount(range);
    range.state = state;
    if (isFinal(state)) this.#completeCount += recordCount(range);
  }

  /** Parts the range that goes across an offset, so that one begins there. */
  cutAt(offset: number): void {
    const index = this.indexFrom(offset);
    const range = this.#ranges[index];
    if (range === undefined || range.firstOffset >= offset) return;
    const tail = { ...range, firstOffset: offset };
    range.lastOffset = offset - 1;
    this.#ranges.splice(index + 1, 0, tail);
  }

  /**
   * Parts ranges so that some cover exactly the offsets from first to last, as far as there are
   * any.
   * @returns their indexes, the end exclusive.
   */
  isolate(
    firstOffset: number,
    lastOffset: number,
  ): { readonly start: number; readonly end: number } {
    this.cutAt(firstOffset);
    this.cutAt(lastOffset + 1);
    return { start: this.indexFrom(firstOffset), end: this.indexFrom(lastOffset + 1) };
  }

  /** Forgets everything before an offset. */
  removeBefore(offset: number): void {
    this.cutAt(offset);
    const end = this.indexFrom(offset);
    for (const range of this.#ranges.slice(0, end)) {
      if (isFinal(range.state)) this.#completeCount -= recordCount(range);
    }
    this.#ranges.splice(0, end);
  }

  /** Makes one range of neighbours that stand alike, among those from first to last and beside. */
  merge(firstOffset: number, lastOffset: number): void {
    const start = Math.max(0, this.indexFrom(firstOffset) - 1);
    const end = Math.min(this.#ranges.length, this.indexFrom(lastOffset + 1) + 1);
    let kept = start;
    for (let index = start + 1; index < end; index += 1) {
      const left = this.#ranges[kept];
      const right = this.#ranges[index];
      if (left === undefined || right === undefined) break;
      if (areAlike(left, right)) {
        left.lastOffset = right.lastOffset;
      } else {
        kept += 1;
        this.#ranges[kept] = right;
      }
    }
    if (kept + 1 < end) this.#ranges.splice(kept + 1, end - kept - 1);
  }
}

/** Nothing becomes of it any more. */
export function isFinal(state: RecordState): boolean {
  return state === "acknowledged" || state === "archived";
}

/** How many offsets a range has. */
export function recordCount(range: {
  readonly firstOffset: number;
  readonly lastOffset: number;
}): number {
  return range.lastOffset - range.firstOffset + 1;
}

function areAlike(left: InFlightRange, right: InFlightRange): boolean {
  if (left.lastOffset + 1 !== right.firstOffset) return false;
  if (left.writeId !== 0 || right.writeId !== 0) return false;
  // What is done with waits for its neighbours only: by whom and how often no longer matters.
  if (isFinal(left.state)) return isFinal(right.state);
  return (
    left.state === right.state &&
    left.deliveryCount === right.deliveryCount &&
    left.memberId === right.memberId &&
    left.lockedUntilMs === right.lockedUntilMs &&
    left.batchFirstOffset === right.batchFirstOffset &&
    left.cause === right.cause &&
    left.isBeingCopied === right.isBeingCopied
  );
}
